package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/screen"
)

// stalled is a server that takes calls and gives no answers, besides the first ones when it is told so.
func stalled(tb testing.TB, answer func(w http.ResponseWriter, r *http.Request) bool) string {
	tb.Helper()
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer(w, r) {
			return
		}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	tb.Cleanup(func() {
		close(release)
		s.Close()
	})
	return s.URL
}

func TestPromptWithAServerThatDoesNotAnswer(t *testing.T) {
	asked := make(chan string, 100)
	base := stalled(t, func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/api":
			w.Header().Set("Content-Type", "application/hal+json")
			fmt.Fprintf(w, `{"_links":{"about":{"href":"http://%[1]s/api/about"},"releases":{"href":"http://%[1]s/api/releases"},"release":{"href":"http://%[1]s/api/release"}}}`, r.Host)
		case "/api/about":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"versionInfo":{"server":{"name":"x","version":"1"}}}`)
		default:
			asked <- r.URL.Path
			return false
		}
		return true
	})
	p := MustPrompt(t, promptRun{env: []string{"SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI=" + base + "/api"}})
	p.WaitLine(connected)
	begun := time.Now()
	p.Type("release history --releaseName \tx")
	p.WaitLine(connected + "release history --releaseName x") // the key is shown though no names have come
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("Tab held the line up for %s", took)
	}
	p.Type("\r")              // nor can a command that hangs hold up the session
	for path := range asked { // Tab has asked for another one
		if path == "/api/releases" {
			break
		}
	}
	p.Type("\x03")
	p.WaitLine(connected)
	p.Wait("what became of it", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "Cancelled") })
	p.Type("exit\r")
	if code := p.Exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestPromptGivesUpOnADeadStart(t *testing.T) {
	base := stalled(t, func(http.ResponseWriter, *http.Request) bool { return false })
	p := MustPrompt(t, promptRun{env: []string{"SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI=" + base + "/api"}})
	p.Wait("the welcome", func(s *screen.Screen) bool { return strings.Contains(s.Text(), "Welcome") })
	p.Type("\x03") // the user does not want to wait
	p.WaitLine(unconnected)
	p.Type("exit\r")
	p.Exit()
}

// What is typed stays readable where the terminal ends: at its last row and its last column.
func TestPromptAtTheEdges(t *testing.T) {
	p := MustPrompt(t, promptRun{env: nowhere})
	p.WaitLine(unconnected)
	for i := range 30 { // to the bottom of the terminal
		p.Type(fmt.Sprintf("// %d\r", i))
		p.Wait("the next prompt", func(s *screen.Screen) bool {
			return strings.Contains(s.Text(), fmt.Sprintf("// %d\n", i)) && s.CursorLine() == unconnected
		})
	}
	before := p.Text()
	line := "release upgrade --releaseName " + strings.Repeat("abcdefgh", 20)
	p.Type(line)
	p.Wait("the whole line", func(s *screen.Screen) bool {
		return strings.HasSuffix(strings.ReplaceAll(s.Text(), "\n", ""), unconnected+line)
	})
	p.Type("\x01\x1b[C\x1b[C\x1b[3~X") // begin of the line, two to the right, one deleted, one typed
	edited := line[:2] + "X" + line[3:]
	p.Wait("the edited line", func(s *screen.Screen) bool {
		return strings.HasSuffix(strings.ReplaceAll(s.Text(), "\n", ""), unconnected+edited)
	})
	if !strings.Contains(p.Text(), strings.Split(before, "\n")[15]) {
		t.Errorf("what was there before is gone:\n%s", p.Text())
	}
	p.Type("\x15") // all of it is taken back
	p.Type("\x05\x15")
	p.Wait("an empty line", func(s *screen.Screen) bool { return s.CursorLine() == unconnected })
	p.Type("help \t")
	p.Wait("a menu, and the line above it", func(s *screen.Screen) bool {
		return strings.Contains(s.Text(), "manifest") && strings.Contains(s.Text(), unconnected+"help")
	})
	p.Type("release \t")
	p.Wait("another one", func(s *screen.Screen) bool {
		return strings.Contains(s.Text(), "rollback") && strings.Contains(s.Text(), unconnected+"help release") && !strings.Contains(s.Text(), "manifest")
	})
	p.Type("\x03")
	p.WaitLine(unconnected)
}
