package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"purser"
)

// start starts an instance in a home of which it is known that nothing runs there. An application that cannot be started
// gets its ending written; the error is about ctx alone.
func (i *instance) start(ctx context.Context) error {
	if err := i.awaitPort(ctx); err != nil {
		return err
	}
	if err := i.claim(ctx); err != nil {
		return err
	}
	l, err := i.prepare(ctx) // which may take long, when the resource has to be downloaded
	if err == nil {
		select {
		case i.d.starts <- struct{}{}:
			defer func() { <-i.d.starts }()
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		before := occupants(i.slot.Port)
		var mine bool
		if mine, err = i.launch(l); mine { // else it may have been listening before
			i.before = before
		}
	}
	if err == nil {
		return nil
	}
	why := "The application could not be started: " + reason(err)
	if file := i.slot.stderr(); file != "" {
		appendLine(file, why)
	}
	_, err = i.home.give(ending{Reason: why, At: i.d.options.Clock.Now()})
	if errors.Is(err, fs.ErrNotExist) {
		return errUnwanted
	}
	return err
}

// awaitPort waits until earlier instances of the deployment that have the same port have ended.
func (i *instance) awaitPort(ctx context.Context) error {
	i.d.mu.Lock()
	var before []*instance
	if dep := i.d.deployments[i.record.ID]; dep != nil && i.slot.Port > 0 {
		for _, other := range dep.dying {
			if other.slot.Port == i.slot.Port {
				before = append(before, other)
			}
		}
	}
	i.d.mu.Unlock()
	for _, other := range before {
		select {
		case <-other.over:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// prepare finds the application's file and makes up its command and environment. The errors are reasons for people.
func (i *instance) prepare(ctx context.Context) (launch, error) {
	if strings.HasPrefix(i.record.Resource, "docker:") {
		return launch{}, errors.New("the local platform runs processes, not container images; " + i.record.Resource + " needs a platform with containers")
	}
	file, err := i.d.options.Resources.Fetch(ctx, i.record.Resource)
	if err != nil {
		return launch{}, errors.New(purser.ErrorMessage(err))
	}
	argv, warnings, err := i.settings.command(file, i.slot.Dir, i.slot.Index)
	for _, w := range warnings {
		i.d.options.Log.WarnContext(ctx, "a setting is passed over", "instance", i.guid(), "why", w)
	}
	if err != nil {
		return launch{}, err
	}
	p, err := readProperties(i.record.Properties)
	if err != nil {
		return launch{}, err
	}
	env, err := i.settings.environment(i.d.options.Environ, i.record, p, i.slot)
	if err != nil {
		return launch{}, err
	}
	return launch{
		GUID: i.guid(), Port: i.slot.Port, Command: argv, Dir: i.slot.Dir, Env: env,
		Stdout: i.slot.stdout(), Stderr: i.slot.stderr(),
		LogLimit: i.d.options.LogLimit, GraceMS: i.d.options.Account.grace().Milliseconds(),
	}, nil
}

// errUnwanted is given for an instance that another server has doomed in the meantime.
var errUnwanted = errors.New("the instance is not wanted any more")

// claim makes the home, if the record wants the instance still. After that whoever dooms it finds the home, and a
// supervisor does not start in a home that was given up.
func (i *instance) claim(ctx context.Context) error {
	return i.d.disk.exclusive(ctx, func() error {
		r, _, exists, err := i.folder.load()
		if err != nil {
			return err
		}
		if !exists || !r.wants(i.slot) {
			return errUnwanted
		}
		return os.MkdirAll(string(i.home), 0o700)
	})
}

// launch writes down what to start and has it started; mine is false when another supervisor was first, or it never will
// run.
func (i *instance) launch(l launch) (mine bool, err error) {
	if err := i.home.write(launchFile, l); err != nil {
		return false, err
	}
	return i.spawn()
}

// spawn starts a supervisor and returns when the application runs, or never will.
func (i *instance) spawn() (mine bool, err error) {
	ready, told, err := os.Pipe()
	if err != nil {
		return false, err
	}
	defer ready.Close()
	defer told.Close()
	shim, log, err := i.shimCommand(told)
	if err != nil {
		return false, err
	}
	err = shim.Start()
	if log != nil {
		_ = log.Close()
	}
	if err != nil {
		return false, fmt.Errorf("its supervisor: %s", reason(err))
	}
	_ = told.Close()
	_ = ready.SetReadDeadline(time.Now().Add(30 * time.Second))
	_, err = bufio.NewReader(ready).ReadString('\n')
	if err == nil {
		i.adoptChild(shim)
		return true, nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		_ = shim.Process.Kill()
	}
	err = shim.Wait()
	if i.home.used() || shim.ProcessState.ExitCode() == shimRefused {
		return false, nil
	}
	return false, fmt.Errorf("its supervisor failed (%w); its log is in the state folder of the account", err)
}

// shimCommand gives the command of a supervisor, and the log that is to be closed once it runs.
func (i *instance) shimCommand(told *os.File) (shim *exec.Cmd, log *os.File, err error) {
	args := append(append([]string{}, i.d.options.Shim[1:]...), string(i.home))
	shim = exec.Command(i.d.options.Shim[0], args...) //nolint:noctx // it outlives whoever started it
	shim.Dir = "/"
	shim.Env = []string{"PATH=" + os.Getenv("PATH"), "GOMAXPROCS=1", readyFD + "=3"}
	shim.ExtraFiles = []*os.File{told}
	shim.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if i.slot.Inherit {
		shim.Stdout, shim.Stderr = os.Stdout, os.Stderr
		return shim, nil, nil
	}
	log, err = os.OpenFile(i.home.path(shimLog), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	shim.Stdout, shim.Stderr = log, log
	return shim, log, nil
}

// adoptChild lets go of a supervisor that runs. It is waited for when it ends, which is noticed like the end of any other
// process: a goroutine that waits would hold a thread for each.
func (i *instance) adoptChild(shim *exec.Cmd) {
	pid := shim.Process.Pid
	_ = shim.Process.Release()
	if p, err := identify(pid); err == nil {
		i.d.exits.watch(p, func() { waitFor(pid) })
		return
	}
	waitFor(pid)
}

// waitFor takes a process that has ended off the system, if it was a child of this one.
func waitFor(pid int) {
	for {
		if _, err := unix.Wait4(pid, nil, unix.WNOHANG, nil); !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
