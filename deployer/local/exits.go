package local

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// pollInterval is how often processes are looked at that have no pidfd.
const pollInterval = 100 * time.Millisecond

// exits tells at once when processes end that are no children of this one. One goroutine waits for all of them; where the
// kernel or a sandbox gives no pidfd it looks into /proc instead.
type exits struct {
	epoll, wake int
	done        chan struct{}

	mu     sync.Mutex
	closed bool
	byFD   map[int]*exitWatch
	polled map[*polledProcess]struct{}
}

type exitWatch struct {
	gone func()
}

type polledProcess struct {
	process
	gone func()
}

func newExits() (*exits, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		_ = unix.Close(epoll)
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	e := &exits{epoll: epoll, wake: wake, done: make(chan struct{}), byFD: map[int]*exitWatch{}, polled: map[*polledProcess]struct{}{}}
	if err := e.add(wake); err != nil {
		_, _ = unix.Close(epoll), unix.Close(wake)
		return nil, err
	}
	go e.run()
	return e, nil
}

func (e *exits) add(fd int) error {
	return unix.EpollCtl(e.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

// watch calls gone once when the process has ended, at once when it has already. gone must not block. After cancel it may be
// on its way but does not start any more.
func (e *exits) watch(p process, gone func()) (cancel func()) {
	fd, err := unix.PidfdOpen(p.PID, 0)
	switch {
	case err == nil && p.alive():
		return e.watchFD(fd, p, gone)
	case err == nil:
		_ = unix.Close(fd)
	case p.alive():
		return e.poll(p, gone)
	}
	gone()
	return func() {}
}

func (e *exits) watchFD(fd int, p process, gone func()) (cancel func()) {
	w := &exitWatch{gone: gone}
	e.mu.Lock()
	e.byFD[fd] = w
	err := e.add(fd)
	if err != nil {
		e.forget(fd)
	}
	e.mu.Unlock()
	if err != nil {
		return e.poll(p, gone)
	}
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.byFD[fd] == w { // else the number may belong to another watch by now
			e.forget(fd)
		}
	}
}

// forget closes a descriptor, which takes it out of the epoll set; the lock is held.
func (e *exits) forget(fd int) {
	delete(e.byFD, fd)
	_ = unix.Close(fd)
}

func (e *exits) poll(p process, gone func()) (cancel func()) {
	w := &polledProcess{process: p, gone: gone}
	e.mu.Lock()
	e.polled[w] = struct{}{}
	e.mu.Unlock()
	e.ring()
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.polled, w)
	}
}

func (e *exits) ring() {
	_, _ = unix.Write(e.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
}

func (e *exits) run() {
	defer close(e.done)
	events := make([]unix.EpollEvent, 64)
	for {
		timeout := -1
		e.mu.Lock()
		if e.closed {
			e.mu.Unlock()
			return
		}
		if len(e.polled) > 0 {
			timeout = int(pollInterval / time.Millisecond)
		}
		e.mu.Unlock()
		n, err := unix.EpollWait(e.epoll, events, timeout)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		for _, event := range events[:max(n, 0)] {
			e.ended(int(event.Fd))
		}
		e.lookAtPolled()
	}
}

// ended reports the process of a descriptor.
func (e *exits) ended(fd int) {
	if fd == e.wake {
		var b [8]byte
		_, _ = unix.Read(fd, b[:])
		return
	}
	e.mu.Lock()
	w := e.byFD[fd]
	// The number may have got a new meaning since the event was collected.
	if ready, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0); w == nil || err != nil || ready == 0 {
		e.mu.Unlock()
		return
	}
	e.forget(fd)
	e.mu.Unlock()
	w.gone()
}

func (e *exits) lookAtPolled() {
	var ended []func()
	e.mu.Lock()
	for w := range e.polled {
		if !w.alive() {
			delete(e.polled, w)
			ended = append(ended, w.gone)
		}
	}
	e.mu.Unlock()
	for _, gone := range ended {
		gone()
	}
}

func (e *exits) close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.ring()
	<-e.done
	for fd := range e.byFD {
		_ = unix.Close(fd)
	}
	_, _ = unix.Close(e.epoll), unix.Close(e.wake)
}
