package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Exit codes of a supervisor.
const (
	shimDone    = 0 // the instance has ended and left nothing behind
	shimTrouble = 1
	shimRefused = 3 // the home has been used before, or has a supervisor
)

// readyFD tells a supervisor which descriptor to write to once the application runs.
const readyFD = "SUPERVISOR_READY_FD"

// RunShim supervises the instance whose home is dir and gives the exit code of the supervisor's process, which must do
// nothing else: RunShim waits for all of its children. It starts the application in a session of its own, keeps its log
// files within bounds, writes how it ended, and returns when nothing is left of it and of what it had started. When ctx
// ends, or on SIGTERM, it ends the application: SIGTERM to its process group, SIGKILL to everything after the grace time
// (spec/deployers.md §5.1).
func RunShim(ctx context.Context, dir string) (exitCode int) {
	h := home(dir)
	lock, err := h.lock()
	if err != nil {
		fmt.Fprintln(os.Stderr, "the home cannot be locked:", err)
		return shimTrouble
	}
	if lock == nil {
		return shimRefused
	}
	defer lock.Close()
	if h.used() {
		return shimRefused
	}
	s := &shim{home: h}
	if err := s.home.read(launchFile, &s.launch); err != nil {
		return s.refuse("what to start cannot be read: " + reason(err))
	}
	return s.run(ctx)
}

// shim is a supervisor.
type shim struct {
	home   home
	launch launch
	pid    int
}

// refuse writes that the application will never run.
func (s *shim) refuse(why string) int {
	if s.launch.Stderr != "" {
		appendLine(s.launch.Stderr, why)
	}
	if err := s.home.write(endFile, ending{Reason: why, At: time.Now().UTC()}); err != nil {
		fmt.Fprintln(os.Stderr, why, "and the ending cannot be written:", err)
		return shimTrouble
	}
	return shimDone
}

func (s *shim) run(ctx context.Context) int {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		fmt.Fprintln(os.Stderr, "processes that leave the application's group will not be followed:", err)
	}
	children, stop := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(children, unix.SIGCHLD)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	// Caught and passed over: ignoring them would be inherited by the application.
	signal.Notify(make(chan os.Signal, 1), unix.SIGHUP, unix.SIGPIPE)
	defer signal.Stop(children)
	defer signal.Stop(stop)

	if err := s.start(); err != nil {
		return s.refuse("The application could not be started: " + reason(err))
	}
	if err := s.announce(); err != nil {
		fmt.Fprintln(os.Stderr, "the state cannot be written:", err)
		_ = unix.Kill(-s.pid, unix.SIGKILL) // nobody would find it again
	}
	return s.supervise(ctx, children, stop)
}

// announce writes which process it is, and tells the starter.
func (s *shim) announce() error {
	app, err := identify(s.pid)
	if err != nil {
		return err
	}
	own, err := identify(os.Getpid())
	if err != nil {
		return err
	}
	if err := s.home.write(lifeFile, life{GUID: s.launch.GUID, Port: s.launch.Port, App: app, Shim: own}); err != nil {
		return err
	}
	if fd, err := strconv.Atoi(os.Getenv(readyFD)); err == nil {
		ready := os.NewFile(uintptr(fd), "ready")
		_, _ = ready.WriteString("ready\n") // a starter that has died in the meantime finds the state
		_ = ready.Close()
	}
	return nil
}

// supervise waits for the end of the application and takes care of its logs meanwhile.
func (s *shim) supervise(ctx context.Context, children, stop <-chan os.Signal) int {
	logs := newLogKeeper(s.launch)
	look := time.NewTimer(logs.interval)
	defer look.Stop()
	asked, kill := ctx.Done(), (<-chan time.Time)(nil)
	for {
		if status, ended := s.reap(); ended {
			return s.finish(status)
		}
		select {
		case <-children:
		case <-stop:
			kill = s.terminate(kill)
		case <-asked:
			asked, kill = nil, s.terminate(kill)
		case <-kill:
			_ = unix.Kill(-s.pid, unix.SIGKILL)
		case <-look.C:
			look.Reset(logs.check())
		}
	}
}

// terminate asks the application to end and gives the moment to kill it; a second order changes nothing.
func (s *shim) terminate(kill <-chan time.Time) <-chan time.Time {
	if kill != nil {
		return kill
	}
	_ = unix.Kill(-s.pid, unix.SIGTERM)
	_ = unix.Kill(-s.pid, unix.SIGCONT) // one that is stopped could not act on it
	return time.After(time.Duration(s.launch.GraceMS) * time.Millisecond)
}

// reap waits for whatever child has ended and tells how the application did, when it was among them.
func (s *shim) reap() (status unix.WaitStatus, ended bool) {
	for {
		var w unix.WaitStatus
		pid, err := unix.Wait4(-1, &w, unix.WNOHANG, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil || pid <= 0:
			return status, ended
		case pid == s.pid:
			status, ended = w, true
		}
	}
}

// finish writes how the application ended and ends what it has left behind.
func (s *shim) finish(status unix.WaitStatus) int {
	e := ending{Code: status.ExitStatus(), At: time.Now().UTC()}
	if status.Signaled() {
		e.Code, e.Signal = 128+int(status.Signal()), unix.SignalName(status.Signal())
	}
	code := shimDone
	if err := s.home.write(endFile, e); err != nil {
		fmt.Fprintln(os.Stderr, "the ending cannot be written:", err)
		code = shimTrouble
	}
	if !sweep(s.pid, 500*time.Millisecond) {
		fmt.Fprintln(os.Stderr, "processes of the application cannot be killed")
		code = shimTrouble
	}
	return code
}

// sweep ends all children of this process, which are what the application left: they get SIGTERM and the patience, then
// SIGKILL, each generation anew. false when some will not die.
func sweep(group int, patience time.Duration) bool {
	own := os.Getpid()
	orphans := func() []int {
		return processes(func(_ int, s procStat) bool { return s.parent == own })
	}
	gone := func() bool {
		for {
			pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			if errors.Is(err, unix.ECHILD) {
				return true
			}
			if err == nil && pid == 0 || err != nil && !errors.Is(err, unix.EINTR) {
				return false
			}
		}
	}
	if gone() {
		return true
	}
	_ = unix.Kill(-group, unix.SIGTERM)
	for _, pid := range orphans() {
		_ = unix.Kill(pid, unix.SIGTERM)
	}
	for began, pause := time.Now(), time.Millisecond; time.Since(began) < patience+10*time.Second; pause = min(2*pause, 50*time.Millisecond) {
		if gone() {
			return true
		}
		if time.Since(began) >= patience {
			_ = unix.Kill(-group, unix.SIGKILL)
			for _, pid := range orphans() {
				_ = unix.Kill(pid, unix.SIGKILL)
			}
		}
		time.Sleep(pause)
	}
	return gone()
}
