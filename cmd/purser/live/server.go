package live

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

// Server is a Purser server that the story starts, kills and starts again.
type Server struct {
	Binary string
	Folder string        // of its own: data, working directories and the log are below it
	Port   int           // on the loopback address
	Args   []string      // after the ones that say where it listens and works
	Env    []string      // KEY=value, besides the environment of this process
	Took   time.Duration // from exec to the first answer, at the last start

	command *exec.Cmd
	ended   chan error
}

// FreePort finds a port that nobody listens on.
func FreePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Base is where the server answers.
func (s *Server) Base() string { return "http://127.0.0.1:" + strconv.Itoa(s.Port) }

// DataDir is where the server keeps its state.
func (s *Server) DataDir() string { return filepath.Join(s.Folder, "data") }

// LogFile is what the server prints, over all its starts.
func (s *Server) LogFile() string { return filepath.Join(s.Folder, "server.log") }

// PID is the server's process, 0 when none was started.
func (s *Server) PID() int {
	if s.command == nil {
		return 0
	}
	return s.command.Process.Pid
}

// Start runs the server and waits until it answers; it tells how long that took.
func (s *Server) Start(ctx context.Context, a *API) (time.Duration, error) {
	begun := time.Now()
	if err := s.Launch(); err != nil {
		return 0, err
	}
	err := s.await(ctx, a)
	s.Took = time.Since(begun)
	return s.Took, err
}

// Launch runs the server and does not wait for anything.
func (s *Server) Launch() error {
	log, err := os.OpenFile(s.LogFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	// Not CommandContext: the story ends the server itself, in its own order.
	args := append([]string{
		"serve", "--server.port=" + strconv.Itoa(s.Port), "--server.address=127.0.0.1", "--purser.data-dir=" + s.DataDir(),
		"--spring.cloud.skipper.server.platform.local.accounts.default.working-directories-root=" + filepath.Join(s.Folder, "run"),
	}, s.Args...)
	command := exec.Command(s.Binary, args...) //nolint:noctx // see above
	command.Stdout, command.Stderr = log, log
	command.Env = append(os.Environ(), s.Env...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C ends the story, which then ends the server
	if err := command.Start(); err != nil {
		return err
	}
	s.command, s.ended = command, make(chan error, 1)
	go func(c *exec.Cmd, ended chan<- error) { ended <- c.Wait() }(s.command, s.ended)
	return nil
}

// Signal sends a signal to the server and does not wait for what it does. A server that has ended is no error.
func (s *Server) Signal(signal syscall.Signal) error {
	if s.command == nil {
		return nil
	}
	err := s.command.Process.Signal(signal)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// Ended tells whether no server runs any more.
func (s *Server) Ended() bool { return s.command == nil || len(s.ended) > 0 }

// Wait waits until the server ends by itself, or by a signal, and tells how.
func (s *Server) Wait(within time.Duration) (*os.ProcessState, error) {
	if s.command == nil {
		return nil, errors.New("no server runs")
	}
	select {
	case <-s.ended: //nolint:errcheck // the state of the process tells more
		state := s.command.ProcessState
		s.command = nil
		return state, nil
	case <-time.After(within):
		return nil, fmt.Errorf("the server has not ended within %s", within)
	}
}

// await waits until the server answers, or tells why it ended.
func (s *Server) await(ctx context.Context, a *API) error {
	return Until(ctx, 20*time.Second, 5*time.Millisecond, "the server answers", func() (bool, error) {
		select {
		case err := <-s.ended:
			s.command = nil
			return false, fmt.Errorf("the server ended: %w", errors.Join(err, errors.New(Tail(s.LogFile()))))
		default:
			return a.Call(ctx, http.MethodGet, "/api/about", nil, nil) == nil, nil
		}
	})
}

// Kill ends the server the hard way. One that has ended already is no error.
func (s *Server) Kill() error {
	if s.command == nil {
		return nil
	}
	if err := s.command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.ended //nolint:errcheck // it says "killed", which is what was wanted
	s.command = nil
	return nil
}

// Stop ends the server the polite way and tells whether it ended well.
func (s *Server) Stop() error {
	if s.command == nil {
		return nil
	}
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case err := <-s.ended:
		s.command = nil
		return err
	case <-time.After(20 * time.Second):
		return errors.Join(errors.New("the server did not end within 20 s of SIGTERM"), s.Kill())
	}
}

// Tail gives the last lines of a file, for an error's text.
func Tail(file string) string {
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

// Until asks again and again until the answer is yes, an error comes, or the time is up.
func Until(ctx context.Context, within, pause time.Duration, what string, ask func() (bool, error)) error {
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
