package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// MustExit runs the built program, which must end by itself within half a minute, and gives its exit code and what it
// printed.
func MustExit(tb testing.TB, folder string, env []string, args ...string) (code int, stdout, stderr string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, theBuilt.binary, args...)
	var out, errs bytes.Buffer
	c.Dir, c.Stdout, c.Stderr = folder, &out, &errs
	c.Env = append(os.Environ(), env...)
	err := c.Run()
	if ctx.Err() != nil {
		tb.Fatalf("purser %s did not end: %s%s", strings.Join(args, " "), out.String(), errs.String())
	}
	if c.ProcessState == nil {
		tb.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestServeRefusesATakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	code, _, stderr := MustExit(t, t.TempDir(), nil, "serve", "--server.address=127.0.0.1", "--server.port="+port)
	if code != 1 || !strings.Contains(stderr, port) || !strings.Contains(stderr, "in use") {
		t.Errorf("code %d: %s", code, stderr)
	}
}

func TestCommands(t *testing.T) {
	for _, row := range []struct {
		what     string
		args     []string
		code     int
		contains string
	}{
		{"help by default", nil, 0, "Available Commands"},
		{"help of serve", []string{"serve", "--help"}, 0, "--config"},
		{"version", []string{"version"}, 0, "purser "},
		{"an unknown command", []string{"srve"}, 2, `unknown command "srve"`},
		{"an unknown flag", []string{"version", "--nosuch"}, 2, "unknown flag: --nosuch"},
		{"a surplus argument of serve", []string{"serve", "now"}, 2, "now"},
		{"config prints sources", []string{"config", "--server.port=8123"}, 0, "8123"},
		{"completion for bash", []string{"completion", "bash"}, 0, "complete"},
	} {
		t.Run(row.what, func(t *testing.T) {
			code, stdout, stderr := MustExit(t, t.TempDir(), nil, row.args...)
			if code != row.code || !strings.Contains(stdout+stderr, row.contains) {
				t.Errorf("code %d, want %d:\n%s%s", code, row.code, stdout, stderr)
			}
		})
	}
}

// Each row is a server that must not start: exit code 1, and a text that says what to mend.
func TestServeRefusesBadSettings(t *testing.T) {
	for _, row := range []struct {
		what     string
		file     string // purser.yml
		env      []string
		args     []string
		contains []string
	}{
		{"a port that is no number", "server:\n  port: many\n", nil, nil, []string{"purser.yml", "server.port", "many"}},
		{"a port out of range", "", nil, []string{"--server.port=70000"}, []string{"server.port", "70000"}},
		{"a file that is no YAML", "server: [\n", nil, nil, []string{"purser.yml"}},
		{"a file that is not there", "", nil, []string{"--config=nosuch.yml"}, []string{"nosuch.yml"}},
		{
			"a time-out that is no number", "",
			[]string{"SPRING_CLOUD_SKIPPER_SERVER_STRATEGIES_HEALTHCHECK_TIMEOUTINMILLIS=soon"},
			nil,
			[]string{"timeout-in-millis", "soon"},
		},
		{"JSON that is none", "", []string{"SPRING_APPLICATION_JSON={"}, nil, []string{"SPRING_APPLICATION_JSON"}},
		{
			"an account's setting of the wrong type",
			"spring.cloud.skipper.server.platform.local.accounts.default.shutdown-timeout: long\n",
			nil,
			nil,
			[]string{"shutdown-timeout", "long", "default"},
		},
		{"a data folder that is a file", "", nil, []string{"--purser.data-dir=purser.yml"}, []string{"purser.yml"}},
	} {
		t.Run(row.what, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "purser.yml"), []byte(row.file), 0o600); err != nil {
				t.Fatal(err)
			}
			code, _, stderr := MustExit(t, folder, row.env, append([]string{"serve"}, row.args...)...)
			if code != 1 {
				t.Errorf("code %d", code)
			}
			for _, text := range row.contains {
				if !strings.Contains(stderr, text) {
					t.Errorf("%q is missing in:\n%s", text, stderr)
				}
			}
			if strings.Contains(stderr, "goroutine ") {
				t.Errorf("a stack trace:\n%s", stderr)
			}
		})
	}
}

func TestServeRefusesADamagedStore(t *testing.T) {
	folder := t.TempDir()
	data := filepath.Join(folder, "purser-data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	text := []byte(strings.Repeat("this is no database. ", 1000))
	file := filepath.Join(data, "purser.db")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := MustExit(t, folder, nil, "serve", "--server.port=0")
	if code != 1 || !strings.Contains(stderr, "purser.db") {
		t.Errorf("code %d: %s", code, stderr)
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, text) {
		t.Errorf("the file was changed (%v)", err)
	}
}

func TestUnknownKeysAreNamed(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "purser.yml"), []byte("purser:\n  data-dri: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := MustExit(t, folder, nil, "config")
	if code != 0 || !strings.Contains(stderr, "purser.data-dri") || !strings.Contains(stderr, "purser.data-dir") {
		t.Errorf("code %d: %s", code, stderr)
	}
}
