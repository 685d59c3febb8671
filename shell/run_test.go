package shell_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/shell"
)

// What follows `purser shell` is told apart as spec/clients.md §1.5 has it.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		MustWrite(t, filepath.Join(dir, name), text)
		return filepath.Join(dir, name)
	}
	stops := file("stops.skp", "// the second command fails, the third is never run\n\nskipper info\nrelease history\nskipper info\n")
	endless := file("exit.skp", "\ufeffskipper info\r\nexit\r\nbogus\r\n")
	continued := file("continued.skp", "skipper \\\n  info\n  // indented\nskipper info \\")
	inner := file("inner.skp", "script "+endless+"\nbogus\n")
	const info = "Spring Cloud Skipper Server v2.11.5\n"
	for _, row := range []struct {
		rule  string
		args  []string
		stdin string
		want  string
		code  int
	}{
		{"each argument is a command", []string{"skipper info", "skipper info"}, "", info + info, 0},
		{"the first failure ends it", []string{"skipper info", "bogus it", "skipper info"}, "", info + "No command found for 'bogus it'\n", 1},
		{"words are one command together", []string{"skipper", "info"}, "", info, 0},
		{"values with blanks stay together", []string{"package", "list", "--name", "demo", "-o", "json"}, "", "[\n", 0},
		{"single words may be commands", []string{"version", "version"}, "", "purser test\npurser test\n", 0},
		{"words that are none", []string{"bogus", "it"}, "", "No command found for 'bogus it'\n", 1},
		{"one word", []string{"bogus"}, "", "No command found for 'bogus'\n", 1},
		{"options of words", []string{"release", "history"}, "", "Missing option, longnames='releaseName', shortnames=''\n", 2},
		{"a comment is nothing", []string{"// nothing", "skipper info"}, "", info, 0},
		{"a script", []string{"@" + stops}, "", info + "Missing option, longnames='releaseName', shortnames=''\n", 2},
		{"a script and a command", []string{"@" + endless, "skipper info"}, "", info, 0},
		{"two scripts", []string{"@" + continued, "@" + continued}, "", info + info + info + info, 0},
		{"exit ends it well", []string{"@" + endless}, "", info, 0},
		{"exit of an inner script ends all", []string{"@" + inner}, "", info, 0},
		{"lines are continued", []string{"@" + continued}, "", info + info, 0},
		{"a script that is not there", []string{"@" + dir + "/nosuch"}, "", "Could not find file " + dir + "/nosuch\n", 1},
		{"standard input is a script", nil, "skipper info\n\n// x\nskipper info", info + info, 0},
		{"its first failure ends it", nil, "bogus\nskipper info\n", "No command found for 'bogus'\n", 1},
		{"nothing on standard input", nil, "", "", 0},
		{"standard input by name", []string{"script -"}, "skipper info\nexit\nbogus", info, 0},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := MustConsole(t, MustServe(t, nil).URL+"/api", func(o *shell.Options) { o.Streams.In = strings.NewReader(row.stdin) })
			code := c.Run(t.Context(), row.args)
			got := c.out.String() + c.err.String()
			if row.want == "[\n" && strings.HasPrefix(got, row.want) {
				got = row.want
			}
			if d := cmp.Diff(row.want, got); d != "" || code != row.code {
				t.Errorf("code %d, want %d\n%s", code, row.code, d)
			}
		})
	}
}

func TestRunFiles(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.skp"), filepath.Join(dir, "b.skp")
	MustWrite(t, a, "version\n")
	MustWrite(t, b, "version\nbogus\n")
	c := MustConsole(t, "")
	if code := c.RunFiles(t.Context(), []string{a, b, a}); code != 1 || c.out.String() != "purser test\npurser test\n" {
		t.Errorf("code %d: %s", code, c.out.String())
	}
	if c.err.String() != "No command found for 'bogus'\n" {
		t.Error(c.err.String())
	}
}

// On a terminal the prompt is shown; its end is the end of the shell.
func TestRunPrompts(t *testing.T) {
	asked := false
	c := MustConsole(t, "", func(o *shell.Options) {
		o.Streams.InTerminal = true
		o.Prompt = func(ctx context.Context, s *shell.Shell) error {
			asked = true
			err := s.Execute(ctx, shell.Interactive, "quit")
			if !errors.Is(err, shell.ErrExit) {
				t.Error(err)
			}
			return err
		}
	})
	if code := c.Run(t.Context(), nil); code != 0 || !asked {
		t.Errorf("code %d, asked %v", code, asked)
	}
}

// At the prompt a script goes on after a failure, and exit ends the session.
func TestScriptAtThePrompt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.skp")
	MustWrite(t, file, "bogus\nversion\nquit\nversion\n")
	c := MustConsole(t, "")
	err := c.Execute(t.Context(), shell.Interactive, "script "+file)
	if !errors.Is(err, shell.ErrExit) || c.out.String() != "purser test\n" || c.err.String() != "No command found for 'bogus'\n" {
		t.Errorf("%v: %s%s", err, c.out.String(), c.err.String())
	}
}

func TestSessionCommands(t *testing.T) {
	s := MustServe(t, nil)
	c := MustConsole(t, s.URL+"/api", func(o *shell.Options) { o.Streams.OutTerminal, o.Streams.ErrTerminal = true, true })
	for _, row := range []struct {
		rule, line, want string
		code             int
	}{
		{"nothing went wrong", "stacktrace", "\n", 0},
		{"errors are red, details are kept", "manifest get nosuch", "\x1b[31mRelease with the name [nosuch] doesn't exist\nDetails of the error have been omitted. You can use the stacktrace command to print them.\x1b[0m\n", 1},
		{"the causes", "stacktrace", "*client.ReleaseNotFoundError: Release with the name [nosuch] doesn't exist\nCaused by: *client.HTTPError: 404 Not Found: Release with the name [nosuch] doesn't exist\n", 0},
		{"usage has no details", "release history", "\x1b[31mMissing option, longnames='releaseName', shortnames=''\x1b[0m\n", 2},
		{"the screen", "clear", "\x1b[H\x1b[2J", 0},
		{"the lines", "history", "stacktrace\nmanifest get nosuch\nstacktrace\nrelease history\nclear\n", 0},
		{"differences have colours", "release upgrade hello demo --dry-run -q", "demo\n", 0},
		{"both of them", "manifest diff hello", "\x1b[1mApplication demo (changed)\x1b[0m\n  applicationProperties\n    \x1b[31m- demo.greeting: hi\x1b[0m\n" +
			"    \x1b[32m+ demo.greeting: good day\x1b[0m\n    \x1b[32m+ server.port: 8080\x1b[0m\n  spec\n    \x1b[31m- version: 1.0.0\x1b[0m\n", 0},
	} {
		if row.rule == "nothing went wrong" {
			row.want = ""
		}
		text, code := c.run(t.Context(), shell.Interactive, row.line)
		if d := cmp.Diff(row.want, text); d != "" || code != row.code {
			t.Errorf("%s: code %d\n%s", row.rule, code, d)
		}
	}
}

func TestHistoryFile(t *testing.T) {
	c := MustConsole(t, "")
	c.SetHistory(func() []string { return []string{"release list", "repo list"} })
	file := filepath.Join(t.TempDir(), "h.txt")
	text, code := c.run(t.Context(), shell.Interactive, "history --file "+file)
	if want := "Wrote 2 entries to " + file + "\n"; text != want || code != 0 {
		t.Errorf("code %d: %s", code, text)
	}
	if written, err := os.ReadFile(file); err != nil || string(written) != "release list\nrepo list\n" {
		t.Errorf("%s, %v", written, err)
	}
}

// skipper config points the shell elsewhere; the state follows what happens.
func TestConnection(t *testing.T) {
	s := MustServe(t, nil)
	c := MustConsole(t, "http://127.0.0.1:1/api")
	states := []shell.ConnectionState{c.Connection().State}
	for _, line := range []string{"help", "repo list", "help", "skipper config --uri " + s.URL + "/api", "skipper config --uri http://127.0.0.1:1/api", "repo list"} {
		c.run(t.Context(), shell.Interactive, line)
		states = append(states, c.Connection().State)
	}
	want := []shell.ConnectionState{shell.Untried, shell.Untried, shell.Unreachable, shell.Unreachable, shell.Connected, shell.Unreachable, shell.Unreachable}
	if d := cmp.Diff(want, states); d != "" {
		t.Error(d)
	}
	if err := c.Connect(t.Context()); err == nil || !strings.Contains(err.Error(), "Connection refused") {
		t.Error(err)
	}
}

// Credentials go with every request; a provider is asked for each of them.
func TestCredentials(t *testing.T) {
	for _, row := range []struct{ rule, options, want string }{
		{"basic", "--username ann --password secret", "Basic YW5uOnNlY3JldA=="},
		{"a provider", "--credentialsProviderCommand 'echo Bearer abc'", "Bearer abc"},
		{"a provider goes before a user", "--username ann --credentials-provider-command 'echo Bearer abc'", "Bearer abc"},
		{"a password that was asked for", "--username ann", "Basic YW5uOmFza2Vk"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			seen := MustWatchHeaders(t)
			c := MustConsole(t, "", func(o *shell.Options) {
				o.Streams.Password = func(prompt string) (string, error) {
					if prompt != "Password: " {
						t.Errorf("%q", prompt)
					}
					return "asked", nil
				}
			})
			text, code := c.run(t.Context(), shell.Interactive, "skipper config --uri "+seen.URL+"/api "+row.options)
			if code != 0 || text != "Successfully targeted "+seen.URL+"/api\n" {
				t.Fatalf("code %d: %s", code, text)
			}
			for _, got := range seen.authorizations() {
				if got != row.want {
					t.Errorf("%q, want %q", got, row.want)
				}
			}
		})
	}
}
