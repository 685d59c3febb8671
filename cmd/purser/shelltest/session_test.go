package shelltest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/live"
	"purser/cmd/purser/shelltest"
	"purser/shell"
)

// TestRecordedSessions runs each recorded session of Skipper's shell with the shell's options spelled both ways, each
// command as one argument and as words of the command line.
func TestRecordedSessions(t *testing.T) {
	for _, name := range []string{"golden", "negatives"} {
		for _, way := range []struct {
			name         string
			kebab, words bool
		}{{name: "camelCase"}, {name: "hyphens and words", kebab: true, words: true}} {
			t.Run(name+" "+way.name, func(t *testing.T) {
				t.Parallel()
				s := MustSession(t)
				s.kebab, s.words = way.kebab, way.words
				s.replay(t, name)
			})
		}
	}
}

// session is a running recorded session.
type session struct {
	places      shelltest.Places
	api         *live.API
	kebab       bool
	words       bool
	replacement *strings.Replacer
}

func MustSession(tb testing.TB) *session {
	tb.Helper()
	server, api := MustServe(tb)
	s := &session{api: api, places: shelltest.Places{Base: server.Base(), Payload: theBuilt.payload, Work: tb.TempDir()}}
	archives, err := live.PackWith("../conformance/testdata/packages", "@PAYLOAD@", theBuilt.payload)
	if err != nil {
		tb.Fatal(err)
	}
	pkgs := filepath.Join(s.places.Work, "pkgs")
	if err := os.Mkdir(pkgs, 0o700); err != nil {
		tb.Fatal(err)
	}
	for _, a := range archives {
		if err := os.WriteFile(filepath.Join(pkgs, a.Name+"-"+a.Version+".zip"), a.Zip, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	var about struct {
		VersionInfo struct {
			Server struct{ Name, Version string }
		}
	}
	if err := api.Call(tb.Context(), http.MethodGet, "/api/about", nil, &about); err != nil {
		tb.Fatal(err)
	}
	s.places.Server = about.VersionInfo.Server.Name + " v" + about.VersionInfo.Server.Version
	pairs := []string{"{work}", s.places.Work, "{pkgs}", pkgs, "{base}", s.places.Base + "/api"}
	for i := range 9 {
		port, err := live.FreePort(tb.Context())
		if err != nil {
			tb.Fatal(err)
		}
		s.places.Ports = append(s.places.Ports, port)
		pairs = append(pairs, fmt.Sprintf("{port%d}", i+1), strconv.Itoa(port))
	}
	s.replacement = strings.NewReplacer(pairs...)
	return s
}

func (s *session) spell(line string) string {
	if s.kebab {
		line = shelltest.Kebab(line)
	}
	return s.replacement.Replace(line)
}

func (s *session) replay(t *testing.T, name string) {
	script, err := os.Open(filepath.Join("testdata", name+".skp"))
	if err != nil {
		t.Fatal(err)
	}
	defer script.Close()
	steps, err := shelltest.ReadScript(script)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "golden", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var golden map[string]any
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden) != len(steps) {
		t.Errorf("%d steps, %d were recorded", len(steps), len(golden))
	}
	for _, step := range steps {
		for _, f := range step.NewFiles {
			text := s.spell(strings.Join(f.Lines, "\n") + "\n")
			if err := os.WriteFile(filepath.Join(s.places.Work, f.Name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if step.Wait != "" {
			if err := s.wait(t.Context(), step); err != nil {
				t.Fatalf("%s: %v", step.Name, err)
			}
			continue
		}
		code, printed := s.call(t, step.Line)
		got := map[string]any{"exit": float64(code), "out": s.places.Normalise(printed, step)}
		if d := cmp.Diff(golden[step.Name], any(got)); d != "" {
			t.Errorf("%s\n%s", step.Name, d)
		}
	}
}

// call runs the commands of a line and gives the exit code and what was printed, errors included.
func (s *session) call(t *testing.T, line string) (code int, printed string) {
	var parts []string
	for part := range strings.SplitSeq(line, " ;; ") {
		parts = append(parts, s.spell(strings.TrimSpace(part)))
	}
	if s.words && len(parts) == 1 && !strings.HasPrefix(line, "@") {
		var words []string
		for _, token := range shell.Tokenize(parts[0]) {
			words = append(words, token.Text)
		}
		parts = words
	}
	return MustRun(t, s.places.Work, s.places.Base+"/api", append([]string{"shell"}, parts...)...)
}

// MustRun runs the program in a folder, pointed to a server, and gives its exit code and what it printed.
func MustRun(tb testing.TB, folder, uri string, args ...string) (code int, printed string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, theBuilt.purser, args...)
	var out bytes.Buffer
	c.Dir, c.Stdout, c.Stderr = folder, &out, &out
	c.Env = append(os.Environ(), "TZ=UTC", "XDG_CONFIG_HOME="+folder, "SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI="+uri)
	if err := c.Run(); c.ProcessState == nil || ctx.Err() != nil {
		tb.Fatalf("%v: %v\n%s", args, err, out.String())
	}
	return c.ProcessState.ExitCode(), out.String()
}

var pointed = regexp.MustCompile(`^(\S+) (\S+) = (.*)$`)

// wait asks again and again until what the session waits for holds.
func (s *session) wait(ctx context.Context, step shelltest.Step) error {
	limit := time.Minute
	if seconds, err := strconv.Atoi(step.Within); err == nil {
		limit = time.Duration(seconds) * time.Second
	}
	text := s.replacement.Replace(step.Wait)
	if path, wanted, ok := strings.Cut(text, " contains "); ok {
		return live.Until(ctx, limit, 20*time.Millisecond, text, func() (bool, error) {
			page, err := s.api.Page(ctx, strings.TrimSuffix(path, "/"))
			return err == nil && strings.Contains(page, wanted), nil
		})
	}
	m := pointed.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("what is waited for is not understood: %s", text)
	}
	var want any = m[3]
	_ = json.Unmarshal([]byte(m[3]), &want) // what is no JSON is a text
	var last any
	err := live.Until(ctx, limit, 20*time.Millisecond, text, func() (bool, error) {
		var answer any
		if err := s.api.Call(ctx, http.MethodGet, m[1], nil, &answer); err != nil {
			return false, nil //nolint:nilerr // it may come to be
		}
		last = at(answer, m[2])
		return cmp.Equal(last, want), nil
	})
	if err != nil {
		return fmt.Errorf("%w; it was %v", err, last)
	}
	return nil
}

// at gives the value at a path of names and indexes; what platformStatus holds as a text is JSON as well.
func at(value any, path string) any {
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if text, ok := value.(string); ok {
			value = nil
			_ = json.Unmarshal([]byte(text), &value) // what is no JSON has nothing below it
		}
		switch v := value.(type) {
		case map[string]any:
			value = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}
