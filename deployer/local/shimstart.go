package local

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// start starts the application in a session of its own, with nothing but its three standard descriptors.
func (s *shim) start() error {
	if fd, err := strconv.Atoi(os.Getenv(readyFD)); err == nil {
		unix.CloseOnExec(fd)
	}
	in, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer in.Close()
	files := []uintptr{in.Fd(), 1, 2}
	for i, name := range []string{s.launch.Stdout, s.launch.Stderr} {
		if name == "" {
			continue
		}
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		files[i+1] = f.Fd()
	}
	attributes := &syscall.ProcAttr{
		Dir:   s.launch.Dir,
		Env:   append(s.launch.Env, marker+"="+string(s.home)),
		Files: files,
		Sys:   &syscall.SysProcAttr{Setsid: true},
	}
	for pause := time.Millisecond; ; pause *= 2 {
		s.pid, err = syscall.ForkExec(s.launch.Command[0], s.launch.Command, attributes)
		// A file that was just written may still be open in a process that is between fork and exec.
		if !errors.Is(err, unix.ETXTBSY) || pause > 500*time.Millisecond {
			return err
		}
		time.Sleep(pause)
	}
}

// reason gives an error's cause without the paths that it names.
func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Err.Error()
	}
	return err.Error()
}

// appendLine writes a line to the end of a file, if that is possible.
func appendLine(name, line string) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = f.WriteString(line + "\n")
}
