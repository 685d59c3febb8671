package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"purser/cmd/purser/live"
	"purser/cmd/purser/screen"
)

// promptRun is how a session of the tests is started.
type promptRun struct {
	folder string // the working directory; "" for one of its own
	server *live.Server
	term   string
	env    []string
	args   []string
}

// MustPrompt starts the shell at a terminal.
func MustPrompt(tb testing.TB, r promptRun) *screen.Program {
	tb.Helper()
	if r.folder == "" {
		r.folder = tb.TempDir()
	}
	if r.term == "" {
		r.term = "xterm-256color"
	}
	c := exec.CommandContext(tb.Context(), theBuilt.binary, append([]string{"shell"}, r.args...)...)
	c.Dir = r.folder
	c.Env = append([]string{"TERM=" + r.term, "HOME=" + r.folder, "INPUTRC=/dev/null", "PATH=" + os.Getenv("PATH")}, r.env...)
	if r.server != nil {
		c.Env = append(c.Env, "SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI="+r.server.Base()+"/api")
	}
	return screen.MustRun(tb, c)
}

const (
	connected   = "skipper:>"
	unconnected = "server-unknown:>"
)

// nowhere is a server that is not there.
var nowhere = []string{"SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI=http://127.0.0.1:1/api"}

func wantStyle(t *testing.T, p *screen.Program, text string, want screen.Style) {
	t.Helper()
	p.Wait("style of "+text, func(s *screen.Screen) bool {
		got, ok := s.Style(text)
		return ok && got == want
	})
}

func TestPrompt(t *testing.T) {
	server, api := MustStart(t)
	MustUploadExamples(t, api)
	if _, err := api.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}

	t.Run("Colours", func(t *testing.T) {
		p := MustPrompt(t, promptRun{server: server})
		p.WaitLine(connected)
		wantStyle(t, p, connected, screen.Style{Colour: 33})
		p.Type("release lis")
		p.WaitLine(connected + "release lis")
		wantStyle(t, p, "release lis", screen.Style{Colour: 31})
		p.Type("t")
		p.WaitLine(connected + "release list")
		wantStyle(t, p, "release list", screen.Style{Bold: true})
		p.Type("\x03skipper config --uri http://127.0.0.1:1/api\r")
		p.WaitLine(unconnected)
		wantStyle(t, p, unconnected, screen.Style{Colour: 31})
		wantStyle(t, p, "Connection refused", screen.Style{Colour: 31})
		p.Type("skipper config --uri " + server.Base() + "/api\r")
		p.WaitLine(connected)
		wantStyle(t, p, connected, screen.Style{Colour: 33})
	})

	t.Run("Completion", func(t *testing.T) {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "up values.yml"), []byte("a: b\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p := MustPrompt(t, promptRun{server: server, folder: folder})
		p.WaitLine(connected)
		for _, row := range []struct{ typed, line string }{
			{"rel\t", "release"},
			{"release hist\t", "release history"},
			{"release history --rel\t", "release history --releaseName"},
			{"release history --release-\t", "release history --release-name"},
			{"release history --releaseName h\t", "release history --releaseName hello"},
			{"release history h\t", "release history hello"},
			{"package install --packageName h\t", "package install --packageName hello"},
			{"package install --packageName hello --packageVersion 2\t", "package install --packageName hello --packageVersion 2.0.0"},
			{"package install --platformName d\t", "package install --platformName default"},
			{"package upload --repoName l\t", "package upload --repoName local"},
			{"package install --file up\t", `package install --file up\ values.yml`},
			{`package install --file "up` + "\t", `package install --file "up values.yml"`},
			{"release status hello 1\t", "release status hello 1"},
		} {
			p.Type(row.typed)
			p.WaitLine(connected + row.line)
			p.Type("\x03")
			p.Wait("cleared line", func(s *screen.Screen) bool { return s.CursorLine() == connected })
		}
		p.Type("release \t")
		p.Wait("menu", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "upgrade") && strings.Contains(s.Text(), "Rollback the release to a previous or a specific release")
		})
		p.Type("\x03\x03")
		p.WaitLine(connected)
		p.Type("release upgrade --releaseName hello --packageName hello --\t")
		p.Wait("options that are left", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "--timeoutExpression") })
		menu := p.Text()[strings.LastIndex(p.Text(), connected)+len(connected+"release upgrade --releaseName hello --packageName hello"):]
		if strings.Contains(menu, "--releaseName") {
			t.Errorf("an option is offered once more:\n%s", menu)
		}
	})

	t.Run("History", func(t *testing.T) {
		folder := t.TempDir()
		first := MustPrompt(t, promptRun{server: server, folder: folder})
		first.WaitLine(connected)
		first.Type("repo list\r")
		first.Wait("the repositories", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "║local") })
		first.Type("skipper info\r")
		first.Wait("the server", func(s *screen.Screen) bool { return strings.Contains(s.Text(), " v") && s.CursorLine() == connected })
		first.Type("\x1b[A\x1b[A")
		first.WaitLine(connected + "repo list")
		first.Type("\x1b[B")
		first.WaitLine(connected + "skipper info")
		first.Type("\x03exit\r")
		if code := first.Exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		second := MustPrompt(t, promptRun{server: server, folder: folder})
		second.WaitLine(connected)
		second.Type("\x1b[A\x1b[A")
		second.WaitLine(connected + "skipper info")
		second.Type("\x03")
		second.WaitLine(connected)
		second.Type("history --file lines.txt\r")
		second.Wait("the answer", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "Wrote 4 entries to lines.txt") })
		lines, err := os.ReadFile(filepath.Join(folder, "lines.txt"))
		if err != nil || string(lines) != "repo list\nskipper info\nexit\nhistory --file lines.txt\n" {
			t.Errorf("history --file wrote %q, %v", lines, err)
		}
		if _, err := os.Stat(filepath.Join(folder, "spring-cloud-skipper-shell.log")); err != nil {
			t.Error(err)
		}
	})

	t.Run("ControlC", func(t *testing.T) {
		p := MustPrompt(t, promptRun{server: server})
		p.WaitLine(connected)
		p.Type("release del")
		p.WaitLine(connected + "release del")
		p.Type("\x03")
		p.Wait("a new line", func(s *screen.Screen) bool {
			return s.CursorLine() == connected && strings.Contains(s.Text(), "release del")
		})
		p.Type("release logs hello --follow\r")
		p.Wait("the logs", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "listens on port") })
		p.Type("\x03")
		p.WaitLine(connected)
		p.Type("repo list\r") // the session goes on, and so do its commands
		p.Wait("the repositories", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "║local") && s.CursorLine() == connected
		})
		p.Type("\x04")
		if code := p.Exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})

	t.Run("Resize", func(t *testing.T) {
		p := MustPrompt(t, promptRun{server: server})
		p.WaitLine(connected)
		p.Type("package search --name hello")
		p.WaitLine(connected + "package search --name hello")
		p.Resize(60, 20)
		p.Type("\r")
		p.Wait("a table that fits", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "╚") && s.CursorLine() == connected && widest(s.Lines()) <= 60
		})
		p.Type("package search --name hello")
		p.WaitLine(connected + "package search --name hello")
		p.Resize(30, 20)
		p.Type(" --details")
		p.Wait("a line that is broken where the terminal ends", func(s *screen.Screen) bool {
			return strings.Contains(strings.ReplaceAll(s.Text(), "\n", ""), connected+"package search --name hello --details")
		})
	})

	t.Run("Password", func(t *testing.T) {
		folder := t.TempDir()
		p := MustPrompt(t, promptRun{server: server, folder: folder})
		p.WaitLine(connected)
		p.Type("skipper config --uri " + server.Base() + "/api --username u\r")
		p.WaitLine("Password:")
		p.Type("secretx")
		p.WaitLine("Password: *******")
		p.Type("\x7f")
		p.WaitLine("Password: ******")
		p.Type("\r")
		p.Wait("the answer", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "Successfully targeted") && s.CursorLine() == connected
		})
		p.Type("skipper config --uri " + server.Base() + "/api --username u --password topsecret\r")
		p.Wait("the answer", func(s *screen.Screen) bool {
			return strings.Count(s.Text(), "Successfully targeted") == 2 && s.CursorLine() == connected
		})
		if strings.Contains(p.Printed(), "secretx") {
			t.Error("the password was shown")
		}
		kept, err := os.ReadFile(filepath.Join(folder, "spring-cloud-skipper-shell.log"))
		if err != nil || strings.Contains(string(kept), "topsecret") || !strings.Contains(string(kept), "--username u\n") {
			t.Errorf("the history holds %q, %v", kept, err)
		}
	})

	t.Run("ContinuationLines", func(t *testing.T) {
		p := MustPrompt(t, promptRun{server: server})
		p.WaitLine(connected)
		p.Type("package search \\\r--name hello\r")
		p.Wait("the packages", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "║hello") && s.CursorLine() == connected
		})
		p.Type("\x1b[A")
		p.WaitLine(connected + "package search  --name hello")
	})

	t.Run("PastedLines", func(t *testing.T) {
		p := MustPrompt(t, promptRun{server: server})
		p.WaitLine(connected)
		p.Type("\x1b[200~// don't\rbogus\rrepo list\r\x1b[201~\r")
		p.Wait("the repositories", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "No command found for 'bogus'") && strings.Contains(s.Text(), "║local") && s.CursorLine() == connected
		})
	})

	t.Run("ScriptGoesOn", func(t *testing.T) {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "tour.skp"), []byte("// tour\nbogus\nrepo list\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p := MustPrompt(t, promptRun{server: server, folder: folder})
		p.WaitLine(connected)
		p.Type("script tour.skp\r")
		p.Wait("the failure and what follows it", func(s *screen.Screen) bool {
			failure, list := strings.Index(s.Text(), "No command found for 'bogus'"), strings.Index(s.Text(), "║local")
			return failure >= 0 && list > failure && s.CursorLine() == connected
		})
	})

	t.Run("DumbTerminal", func(t *testing.T) {
		p := MustPrompt(t, promptRun{server: server, term: "dumb"})
		p.WaitLine(connected)
		p.Type("bogus\r")
		p.Wait("the failure", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "No command found for 'bogus'") && s.CursorLine() == connected
		})
		p.Type("repo \\\r")
		p.WaitLine(">")
		p.Type("list\r")
		p.Wait("the repositories", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), "║local") && s.CursorLine() == connected
		})
		p.Type("rele\x03")
		p.Wait("a new prompt", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "^C\n") && s.CursorLine() == connected })
		if strings.Contains(p.Printed(), "\x1b[6n") {
			t.Error("a dumb terminal was asked for its cursor")
		}
		p.Type("\x04")
		if code := p.Exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})

	t.Run("Terminated", func(t *testing.T) {
		p := MustPrompt(t, promptRun{server: server})
		p.WaitLine(connected)
		p.Signal(syscall.SIGTERM)
		if code := p.Exit(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

func widest(lines []string) int {
	widest := 0
	for _, l := range lines {
		widest = max(widest, len([]rune(l)))
	}
	return widest
}

func TestPromptWithoutServer(t *testing.T) {
	p := MustPrompt(t, promptRun{env: nowhere})
	p.WaitLine(unconnected)
	wantStyle(t, p, unconnected, screen.Style{Colour: 31})
	p.Type("release history x\t\t") // no names come, and no key is held up
	p.Wait("the line", func(s *screen.Screen) bool { return strings.Contains(s.Text(), unconnected+"release history x") })
	p.Type("\x03")
	p.WaitLine(unconnected)
	p.Type("release list\r")
	p.Wait("the failure", func(s *screen.Screen) bool {
		return strings.Count(s.Text(), "Connection refused") == 2 && s.CursorLine() == unconnected
	})
	p.Type("\x04")
	if code := p.Exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestPromptHistoryElsewhere(t *testing.T) {
	for _, row := range []struct {
		rule string
		env  []string
		args []string
		file string
	}{
		{"Name", append([]string{"SPRING_SHELL_HISTORY_NAME=mine.log"}, nowhere...), nil, "mine.log"},
		{"Folder", nowhere, []string{"--spring.shell.config.location=sub"}, "sub/spring-cloud-skipper-shell.log"},
		{"Both", nowhere, []string{"--spring.shell.config.location=sub", "--spring.shell.history.name=mine.log"}, "sub/mine.log"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.Mkdir(filepath.Join(folder, "sub"), 0o755); err != nil {
				t.Fatal(err)
			}
			p := MustPrompt(t, promptRun{folder: folder, env: row.env, args: row.args})
			p.WaitLine(unconnected)
			p.Type("version\r")
			p.Wait("the version", func(s *screen.Screen) bool {
				return s.CursorLine() == unconnected && strings.Count(s.Text(), unconnected) == 2
			})
			p.Type("exit\r")
			p.Exit()
			kept, err := os.ReadFile(filepath.Join(folder, row.file))
			if err != nil || !strings.Contains(string(kept), ":version\n") {
				t.Errorf("%s holds %q, %v", row.file, kept, err)
			}
		})
	}
}
