package shell_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/shell"
)

func TestLoadSettings(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "purser", "shell.yml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	MustWrite(t, file, "spring:\n  cloud:\n    skipper:\n      client: {server-uri: http://file/api, username: file}\nspring.shell.history.name: h.log\n")
	other := filepath.Join(home, "other.yml")
	MustWrite(t, other, "# comment\n---\nspring.cloud.skipper.client.serverUri: http://other/api\nspring.cloud.skipper.client.skip-ssl-validation: true\n")
	nobody := []string{"XDG_CONFIG_HOME=" + filepath.Join(home, "nosuch")}
	user := []string{"XDG_CONFIG_HOME=" + home}
	const client = "--spring.cloud.skipper.client."
	for _, row := range []struct {
		rule    string
		args    []string
		environ []string
		config  string
		want    shell.Settings
		rest    []string
	}{
		{"defaults", []string{"release list"}, nobody, "", shell.Settings{Target: shell.Target{URI: shell.DefaultURI}}, []string{"release list"}},
		{
			"arguments in both spellings",
			[]string{client + "server-uri=http://a/api", "repo list", client + "skipSslValidation=true", "--logging.level.root=off"},
			nobody, "",
			shell.Settings{Target: shell.Target{URI: "http://a/api", SkipSSLValidation: true}},
			[]string{"repo list"},
		},
		{"the environment", nil, append([]string{
			"SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI=http://b/api", "SPRING_CLOUD_SKIPPER_CLIENT_USERNAME=ann", "SPRING_CLOUD_SKIPPER_CLIENT_PASSWORD=pw",
			"SPRING_CLOUD_SKIPPER_CLIENT_CREDENTIALSPROVIDERCOMMAND=x", "PATH=/bin",
		}, nobody...), "", shell.Settings{Target: shell.Target{URI: "http://b/api", Username: "ann", Password: "pw", CredentialsProviderCommand: "x"}}, nil},
		{"without underscores", nil, append([]string{"SPRING_CLOUD_SKIPPER_CLIENT_SERVERURI=http://b/api"}, nobody...), "", shell.Settings{Target: shell.Target{URI: "http://b/api"}}, nil},
		{
			"arguments go before the environment",
			[]string{client + "serverUri=http://a/api"},
			append([]string{"SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI=http://b/api"}, nobody...), "",
			shell.Settings{Target: shell.Target{URI: "http://a/api"}},
			nil,
		},
		{"the user's file", nil, user, "", shell.Settings{Target: shell.Target{URI: "http://file/api", Username: "file"}, HistoryFile: "h.log", Config: file}, nil},
		{
			"the environment goes before the file", nil, append([]string{"SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI=http://b/api"}, user...), "",
			shell.Settings{Target: shell.Target{URI: "http://b/api", Username: "file"}, HistoryFile: "h.log", Config: file},
			nil,
		},
		{"another file in its place", nil, user, other, shell.Settings{Target: shell.Target{URI: "http://other/api", SkipSSLValidation: true}, Config: other}, nil},
		{"named by Spring's setting", []string{"--spring.config.location=file:" + other}, user, "", shell.Settings{Target: shell.Target{URI: "http://other/api", SkipSSLValidation: true}, Config: other}, nil},
		{"scripts", []string{"--spring.shell.commandFile=a.skp, b.skp"}, nobody, "", shell.Settings{Target: shell.Target{URI: shell.DefaultURI}, CommandFiles: []string{"a.skp", "b.skp"}}, nil},
		{
			"the folder of the history",
			[]string{"--spring.shell.config.location=/there"},
			nobody, "",
			shell.Settings{Target: shell.Target{URI: shell.DefaultURI}, HistoryFile: "/there/spring-cloud-skipper-shell.log"},
			nil,
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, rest, err := shell.LoadSettings(row.args, row.environ, row.config)
			if err != nil {
				t.Fatal(err)
			}
			if row.want.Config == "" {
				got.Config = ""
			}
			if d := cmp.Diff(row.want, got) + cmp.Diff(row.rest, rest); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLoadSettingsRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct{ rule, arg, file, want string }{
		{"an unknown setting", "--spring.cloud.skipper.client.serverUrl=x", "", "Unknown setting 'spring.cloud.skipper.client.serverUrl'; known are server-uri, username, password, skip-ssl-validation, credentials-provider-command"},
		{"a flag that is none", "--spring.cloud.skipper.client.skip-ssl-validation=maybe", "", "spring.cloud.skipper.client.skip-ssl-validation is true or false, not 'maybe'"},
		{"an unknown setting of a file", "", "spring:\n  cloud:\n    skipper:\n      client:\n        uri: x\n", "line 5: unknown setting 'spring.cloud.skipper.client.uri'"},
		{"a file that is no YAML", "", "a: [", "yaml: line 1: did not find expected node content"},
		{"a file that is no map", "", "just words", "line 1: these are no settings"},
		{"an alias", "", "a: &x 1\nb: *x\n", "line 2: 'b' has no plain value"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			config, args := "", []string{}
			if row.file != "" {
				config = filepath.Join(dir, "c.yml")
				MustWrite(t, config, row.file)
			}
			if row.arg != "" {
				args = append(args, row.arg)
			}
			_, _, err := shell.LoadSettings(args, nil, config)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%v, want %s", err, row.want)
			}
		})
	}
	if _, _, err := shell.LoadSettings(nil, nil, filepath.Join(dir, "nosuch.yml")); err == nil || !strings.HasPrefix(err.Error(), "Could not find file") {
		t.Error(err)
	}
}

// skipper config --save writes a file for its owner alone, keeps what else was in it, and is read again.
func TestSavedTarget(t *testing.T) {
	s := MustServe(t, nil)
	file := filepath.Join(t.TempDir(), "new", "shell.yml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	MustWrite(t, file, "spring:\n  shell.history.name: h.log # kept\n  cloud.skipper.client.username: gone\n")
	c := MustConsole(t, "", func(o *shell.Options) { o.Configuration = file })
	text, code := c.run(t.Context(), shell.Direct, "skipper config --uri "+s.URL+"/api --username ann --password x --skip-ssl-validation --save")
	if code != 0 {
		t.Fatal(text)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	got, _, err := shell.LoadSettings(nil, nil, file)
	want := shell.Settings{
		Target:      shell.Target{URI: s.URL + "/api", Username: "ann", Password: "x", SkipSSLValidation: true},
		HistoryFile: "h.log", Config: file,
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestTakeConnectOptions(t *testing.T) {
	own := func(name string) bool { return name == "username" }
	for _, row := range []struct {
		rule     string
		args     []string
		leading  bool
		settings []string
		config   string
		rest     []string
		failure  string
	}{
		{
			"anywhere",
			[]string{"release", "--server-uri", "http://a", "list", "--password=x"},
			false,
			[]string{"--spring.cloud.skipper.client.server-uri=http://a", "--spring.cloud.skipper.client.password=x"},
			"",
			[]string{"release", "list"},
			"",
		},
		{
			"both spellings",
			[]string{"--serverUri=http://a", "--skipSslValidation"},
			false,
			[]string{"--spring.cloud.skipper.client.server-uri=http://a", "--spring.cloud.skipper.client.skip-ssl-validation=true"},
			"", nil, "",
		},
		{"a flag with its value", []string{"--skip-ssl-validation", "false", "x"}, false, []string{"--spring.cloud.skipper.client.skip-ssl-validation=false"}, "", []string{"x"}, ""},
		{"what is the command's own stays", []string{"--username", "ann"}, false, nil, "", []string{"--username", "ann"}, ""},
		{"only in front", []string{"--config", "f", "release", "--config", "g"}, true, nil, "f", []string{"release", "--config", "g"}, ""},
		{"settings of Spring may stand before", []string{"--spring.shell.commandFile=a", "--config=f"}, true, nil, "f", []string{"--spring.shell.commandFile=a"}, ""},
		{"a value is missing", []string{"--server-uri"}, false, nil, "", nil, "--server-uri needs a value"},
		{"no file", []string{"--config="}, false, nil, "", nil, "--config needs the name of a file"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			settings, config, rest, err := shell.TakeConnectOptions(row.args, own, row.leading)
			if row.failure != "" {
				if err == nil || err.Error() != row.failure || shell.ExitStatus(err) != 2 {
					t.Errorf("%v, want %s", err, row.failure)
				}
				return
			}
			if d := cmp.Diff(row.settings, settings) + cmp.Diff(row.rest, rest); d != "" || config != row.config || err != nil {
				t.Errorf("%v, %q\n%s", err, config, d)
			}
		})
	}
}

// FuzzConfig proves that no file does harm.
func FuzzConfig(f *testing.F) {
	f.Add("spring.cloud.skipper.client.server-uri: http://a\n")
	f.Add("a: &x [1, *x]\n---\n- b\n")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(dir, "c.yml")
		MustWrite(t, file, text)
		if _, _, err := shell.LoadSettings(nil, nil, file); err != nil && !strings.HasPrefix(err.Error(), file) && shell.ExitStatus(err) != 2 {
			t.Fatal(err)
		}
	})
}
