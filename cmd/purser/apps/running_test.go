package apps_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// process is a running application.
type process struct {
	pid      int
	program  string // hello-1.0.0
	greeting string
}

// running lists the processes of the applications of the server.
func (s *site) running(tb testing.TB) (list []process) {
	tb.Helper()
	for _, p := range live.Processes(s.server.Folder) {
		program := filepath.Base(p.Args[0])
		if !strings.HasPrefix(program, "hello-") {
			continue
		}
		environ, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.PID), "environ"))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it has ended just now
		}
		if err != nil {
			tb.Fatal(err)
		}
		one := process{pid: p.PID, program: program}
		for variable := range strings.SplitSeq(string(environ), "\x00") {
			if text, ok := strings.CutPrefix(variable, "SPRING_APPLICATION_JSON="); ok {
				var properties map[string]any
				if err := json.Unmarshal([]byte(text), &properties); err != nil {
					tb.Fatal(err)
				}
				one.greeting, _ = properties["hello.greeting"].(string)
			}
		}
		list = append(list, one)
	}
	return list
}

// settles waits until what runs is as wanted.
func (s *site) settles(tb testing.TB, what string, fits func(list []process) bool) {
	tb.Helper()
	err := live.Until(tb.Context(), 20*time.Second, 20*time.Millisecond, what, func() (bool, error) { return fits(s.running(tb)), nil })
	if err != nil {
		tb.Fatalf("%v: %+v", err, s.running(tb))
	}
}
