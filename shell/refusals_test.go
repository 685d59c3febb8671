package shell_test

import (
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"purser/shell"
)

// refusal is a line that must fail, with its code and its whole text; <base>, <dir> and <dead> are filled in.
type refusal struct {
	rule, line string
	code       int
	want       string
}

const upgradeTo = "POST /api/release/upgrade"

// refused is what the server of these tests refuses.
var refused = map[string]answer{
	upgradeTo:                       {409, `{"exception":"` + exceptions + `ReleaseUpgradeException","message":"Package to upgrade has no difference than existing deployed/deleted package. Not upgrading."}`},
	"POST /api/package/install":     {409, `{"exception":"` + exceptions + `SkipperException","message":"Release with the name [hello] already exists and it is not deleted."}`},
	"POST /api/package/upload":      {409, `{"exception":"` + exceptions + `SkipperException","message":"Failed to upload the package. Package [demo:1.0.0] in Repository [local] already exists."}`},
	"POST /api/release/cancel":      {200, `{"accepted":false}`},
	"POST /api/release/rollback":    {404, `{"exception":"` + exceptions + `ReleaseNotFoundException","message":"Release with the name [nosuch] doesn't exist","releaseName":"nosuch"}`},
	"GET /api/release/status/odd":   {500, `{"status":500,"error":"Internal Server Error","message":"broken"}`},
	"GET /api/release/status/empty": {400, ``},
	"DELETE /api/package/x":         {413, `{"status":413,"error":"Payload Too Large","message":"too much"}`},
}

var refusals = []refusal{
	{"an unknown command", "bogus", 1, "No command found for 'bogus'"},
	{"the whole line is named", "bogus --with 'an option'", 1, "No command found for 'bogus --with 'an option''"},
	{"the nearest command is suggested", "relase list", 1, "No command found for 'relase list'\nDid you mean 'release list'?"},
	{"a neighbouring letter", "release hsitory a", 1, "No command found for 'release hsitory a'\nDid you mean 'release history'?"},
	{"in capitals", "REPO LIST", 1, "No command found for 'REPO LIST'\nDid you mean 'repo list'?"},
	{"nothing is near", "release show hello", 1, "No command found for 'release show hello'"},
	{"what never was there", "repo add --name x", 1, "No command found for 'repo add --name x'"},
	{"half a command", "release", 1, "No command found for 'release'"},
	{"commands of a session alone", "clear", 1, "No command found for 'clear'"},
	{"exit is not for arguments", "exit", 1, "No command found for 'exit'"},
	{"an open quote", `release status "hello`, 2, `The line ends before its quote " is closed`},
	{"a missing option", "release history", 2, "Missing option, longnames='releaseName', shortnames=''"},
	{"a missing option after another", "package install --packageName demo", 2, "Missing option, longnames='releaseName', shortnames=''"},
	{"two missing options", "release upgrade", 2, "Missing option, longnames='releaseName', shortnames=''\nMissing option, longnames='packageName', shortnames=''"},
	{"a required option without a value", "release status --releaseName", 2, "Missing option, longnames='releaseName', shortnames=''"},
	{"an unknown option", "release list --nosuch x", 2, "Unrecognised option '--nosuch'"},
	{"an unknown option with =", "release list --nosuch=x", 2, "Unrecognised option '--nosuch=x'"},
	{"an unknown option and a missing one", "release history --name x", 2, "Unrecognised option '--name'\nMissing option, longnames='releaseName', shortnames=''"},
	{"an unknown letter", "release list -x", 2, "Unrecognised option '-x'"},
	{"a surplus word", "repo list all", 2, "Too many arguments: the following could not be mapped to parameters: 'all'"},
	{"surplus words", "release status hello 1 2 3", 2, "Too many arguments: the following could not be mapped to parameters: '2 3'"},
	{"a version that is no number", "release status hello one", 2, "--releaseVersion is a whole number, not 'one'"},
	{"a version below one", "manifest get hello 0", 2, "--releaseVersion is a version, 1 or more, not '0'"},
	{"a version that is too large", "release rollback hello 4294967296", 2, "--releaseVersion is a whole number, not '4294967296'"},
	{"a flag that is neither", "release delete hello --deletePackage=perhaps", 2, "--deletePackage is true or false, not 'perhaps'"},
	{"a flag that is neither, behind a blank", "release upgrade hello demo --force yes", 2, "--force is true or false, not 'yes'"},
	{"a duration with a fraction", "release upgrade hello demo --timeoutExpression 1.5h", 1, "'1.5h' is not a valid duration"},
	{"a duration with an unknown unit", "release rollback hello --timeout-expression=30x", 1, "'30x' is not a valid simple duration"},
	{"a wrong time to wait", "release delete hello --wait=long", 2, "'long' is not a valid duration"},
	{"an unknown form of output", "release list -o xml", 2, "--output is table, json or yaml, not 'xml'"},
	{"a negative count", "release scale hello demo --count -1", 2, "--count is 0 or more, not '-1'"},
	{"a negative number of lines", "release logs hello --lines=-1", 2, "--lines is 0 or more, not '-1'"},
	{"a limit of nothing", "operation list --limit 0", 2, "--limit is 1 or more, not '0'"},
	{"names of applications without force", "release upgrade hello demo --appNames one", 1, "App names can be used only when the stream update is forced."},
	{"a file of values that is not there", "package install demo --releaseName hello --file <dir>/nosuch.yml", 1, "Could not find file <dir>/nosuch.yml"},
	{"a folder of values", "package install demo --releaseName hello --file <dir>", 1, "Could not read file <dir>: is a directory"},
	{"values that are no YAML", "release upgrade hello demo --file <dir>/broken.yml", 1, "<dir>/broken.yml: yaml: line 1: did not find expected node content"},
	{"values that are no map", "release upgrade hello demo --file <dir>/list.yml", 1, "<dir>/list.yml: line 2: values are a map of keys, not ''"},
	{"values of several documents", "release upgrade hello demo --file <dir>/two.yml", 1, "<dir>/two.yml: line 2: values are one document, here a second one begins"},
	{"a path without value", "release upgrade hello demo --set a.b", 2, "--set: a.b has no value: '=' is missing"},
	{"a path through what is no map", "package install demo --releaseName x --set a=1,a.b=2", 2, "--set: a.b: this is no map: a"},
	{"a property with an open bracket", "release upgrade hello demo --properties a[0=x", 2, "--properties: the property 'a[0' has a bracket without its end"},
	{"a package that is not there", "package upload <dir>/missing-1.0.0.zip", 1, "<dir>/missing-1.0.0.zip"},
	{"a package without a version in its name", "package upload <dir>/demo.zip", 1, "demo.zip: the name of a package file is name-version.zip"},
	{"a folder where none can be packed", "package upload <dir>", 1, "<dir> is a folder, not a zip file"},
	{"a script that is not there", "script <dir>/nosuch.skp", 1, "Could not find file <dir>/nosuch.skp"},
	{"a folder of commands", "script --file <dir>", 1, "<dir> is a folder, not a file of commands"},
	{"scripts without end", "script <dir>/loop.skp", 1, "<dir>/loop.skp is not run: 32 scripts have called each other already"},
	{"help for what is none", "help release nosuch", 1, "Unknown command 'release nosuch'"},
	{"history into nowhere", "history --file <dir>/no/such", 1, "Could not write the history: open <dir>/no/such: no such file or directory"},
	{"a user without a terminal for the password", "skipper config --uri <base> --username u", 1, "a password is needed, and there is no terminal to ask for it: give --password"},
	{"an address that is none", "skipper config --uri localhost", 1, `the server's address must be an http or https URL, it is "localhost"`},
	{"a provider that is not there", "skipper config --uri <base> --credentialsProviderCommand <dir>/nosuch", 1, "the credentials: the provider '<dir>/nosuch' failed: fork/exec <dir>/nosuch: no such file or directory"},
	{"a provider that says nothing", "skipper config --uri <base> --credentials-provider-command true", 1, "the credentials: the provider 'true' must print one line, such as 'Bearer abc'"},

	{"a used name", "package install demo --releaseName hello", 1, "Release with the name [hello] already exists and it is not deleted."},
	{"a package that is there already", "package upload <dir>/demo-1.0.0.zip", 1, "Failed to upload the package. Package [demo:1.0.0] in Repository [local] already exists."},
	{"no difference", "release upgrade hello demo", 1, "Package to upgrade has no difference than existing deployed/deleted package. Not upgrading."},
	{"nothing to cancel", "release cancel hello", 1, "Cancel request for release hello not accepted"},
	{"a release that is not there", "release rollback nosuch", 1, "Release with the name [nosuch] doesn't exist"},
	{"a manifest that is not there", "manifest get nosuch", 1, "Release with the name [nosuch] doesn't exist"},
	{"a package that nobody has", "package show nosuch", 1, "Can not find a package named 'nosuch'"},
	{"a version that nobody has", "package show demo 9.9.9", 1, "Can not find package 'demo', version '9.9.9'"},
	{"a server that breaks", "release status odd", 1, "500 Internal Server Error: broken"},
	{"a refusal without a word", "release status empty", 1, "400 Bad Request: [no body]"},
	{"an answer that is none", "manifest get broken", 1, "the answer to GET <base>/release/manifest/broken cannot be read: invalid character '<' looking for beginning of value"},
	{"server down", "skipper config --uri <dead>", 1, `I/O error on GET request for "<dead>": Connect to 127.0.0.1:1 failed: Connection refused`},
}

func MustWrite(tb testing.TB, name, text string) {
	tb.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// Each line is refused with this text and this code, and changes nothing.
func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"demo-1.0.0.zip": "zip", "demo.zip": "zip", "broken.yml": "a: {", "list.yml": "# a list\n- 1\n", "two.yml": "a: 1\n---\nb: 2\n",
		"loop.skp": "script " + dir + "/loop.skp\n",
	} {
		MustWrite(t, filepath.Join(dir, name), text)
	}
	s := MustServe(t, refused)
	fill := strings.NewReplacer("<base>", s.URL+"/api", "<dir>", dir, "<dead>", "http://127.0.0.1:1/api")
	for _, row := range refusals {
		t.Run(row.rule, func(t *testing.T) {
			c := MustConsole(t, s.URL+"/api")
			text, code := c.run(t.Context(), shell.OneShot, fill.Replace(row.line))
			if want := fill.Replace(row.want) + "\n"; text != want || code != row.code {
				t.Errorf("%s\ncode %d, want %d\n%s\nwant\n%s", row.line, code, row.code, text, want)
			}
		})
	}
}

// A server that cannot be used is told of in the words of each case, and no call is made without it.
func TestRefusalsOfConnections(t *testing.T) {
	secure := httptest.NewUnstartedServer(nil)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	defer secure.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	guarded := MustServe(t, map[string]answer{"GET /api": {401, `{"status":401,"error":"Unauthorized","message":"Full authentication is required"}`}})
	foreign := MustServe(t, map[string]answer{"GET /api": {200, `<html>`}})
	for _, row := range []struct{ rule, uri, want string }{
		{"nobody listens", closed.URL + "/api", `I/O error on GET request for "` + closed.URL + `/api": Connect to ` + strings.TrimPrefix(closed.URL, "http://") + ` failed: Connection refused`},
		{"no such host", "http://nosuch.invalid/api", "Connect to nosuch.invalid failed: Unknown host nosuch.invalid"},
		{"a certificate that nobody knows", secure.URL + "/api", "no secure connection"},
		{"http where https is spoken", strings.Replace(secure.URL, "https:", "http:", 1) + "/api", "400 Bad Request"},
		{"https where http is spoken", strings.Replace(guarded.URL, "http:", "https:", 1) + "/api", "no secure connection"},
		{"without credentials", guarded.URL + "/api", "Unable to access Skipper Server at '" + guarded.URL + "/api': '401 Unauthorized: Full authentication is required'. Unauthorized, did you forget to authenticate?"},
		{"another server", foreign.URL + "/api", "cannot be read"},
		{"an address that is none", "ftp://here", `the server's address must be an http or https URL, it is "ftp://here"`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := MustConsole(t, row.uri)
			if c.Connection().State != shell.Untried {
				t.Error("something was connected before it was needed")
			}
			text, code := c.run(t.Context(), shell.OneShot, "repo list")
			if !strings.Contains(text, row.want) || code != 1 {
				t.Errorf("code %d: %s\nwant %s", code, text, row.want)
			}
			if strings.Contains(text, "goroutine") || strings.Contains(text, ".go:") {
				t.Errorf("a stack trace: %s", text)
			}
		})
	}
}
