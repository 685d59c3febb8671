package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a Purser server that the story starts, kills and starts again.
type server struct {
	binary  string
	dataDir string
	port    int
	command *exec.Cmd
	ended   chan error
}

// freePort finds a port that nobody listens on.
func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func (s *server) base() string { return "http://127.0.0.1:" + strconv.Itoa(s.port) }

func (s *server) logFile() string { return filepath.Join(s.dataDir, "..", "server.log") }

// start runs the server and waits until it answers; it tells how long that took.
func (s *server) start(ctx context.Context, a *api) (time.Duration, error) {
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	defer log.Close()
	// Not CommandContext: the story ends the server itself, in its own order.
	s.command = exec.Command(s.binary, "serve", //nolint:noctx // see above
		"--server.port="+strconv.Itoa(s.port), "--server.address=127.0.0.1", "--purser.data-dir="+s.dataDir,
		"--spring.cloud.skipper.server.platform.local.accounts.default.working-directories-root="+filepath.Join(s.dataDir, "run"))
	s.command.Stdout, s.command.Stderr = log, log
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C ends the story, which then ends the server
	begun := time.Now()
	if err := s.command.Start(); err != nil {
		return 0, err
	}
	s.ended = make(chan error, 1)
	go func(c *exec.Cmd, ended chan<- error) { ended <- c.Wait() }(s.command, s.ended)
	err = s.await(ctx, a)
	return time.Since(begun), err
}

// await waits until the server answers, or tells why it ended.
func (s *server) await(ctx context.Context, a *api) error {
	return until(ctx, 20*time.Second, 5*time.Millisecond, "the server answers", func() (bool, error) {
		select {
		case err := <-s.ended:
			return false, fmt.Errorf("the server ended: %w", errors.Join(err, errors.New(tail(s.logFile()))))
		default:
			return a.call(ctx, http.MethodGet, "/api/about", nil, nil) == nil, nil
		}
	})
}

// kill ends the server the hard way.
func (s *server) kill() error {
	if err := s.command.Process.Kill(); err != nil {
		return err
	}
	<-s.ended
	return nil
}

// stop ends the server the polite way and tells whether it ended well.
func (s *server) stop() error {
	if s.command == nil {
		return nil
	}
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case err := <-s.ended:
		return err
	case <-time.After(20 * time.Second):
		return errors.Join(errors.New("the server did not end within 20 s of SIGTERM"), s.kill())
	}
}

// leftovers lists the processes, by pid, whose command line or working directory is below the folder.
func leftovers(folder string) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		line, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		cwd, _ := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		if strings.Contains(string(line), folder) || strings.HasPrefix(cwd, folder) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// tail gives the last lines of a file, for an error's text.
func tail(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	if stat, err := f.Stat(); err == nil && stat.Size() > 4096 {
		_, _ = f.Seek(-4096, io.SeekEnd)
	}
	text, _ := io.ReadAll(f)
	return strings.TrimSpace(string(text))
}

// until asks again and again until the answer is yes, an error comes, or the time is up.
func until(ctx context.Context, within, pause time.Duration, what string, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, within, fmt.Errorf("%s: not within %s", what, within))
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		yes, err := ask()
		if yes || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
