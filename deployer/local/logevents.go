package local

import (
	"encoding/binary"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// logEvents tells at once when log files grow. One goroutine reads the events of all of them, from the first follower to
// the last: the kernel gives a user few sources of events. The zero value is ready. It is safe for concurrent use.
type logEvents struct {
	mu      sync.Mutex
	source  *os.File // nil: nobody follows
	fd      int      // of the source, which os.File.Fd would make block
	watches map[int32]map[chan<- struct{}]int
	reading sync.WaitGroup
}

// watch rings the bell when the file changes, until cancel. An error means that nobody will tell: then the file has to be
// looked at from time to time.
func (e *logEvents) watch(name string, bell chan<- struct{}) (cancel func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.open(); err != nil {
		return nil, err
	}
	wd, err := unix.InotifyAddWatch(e.fd, name, unix.IN_MODIFY)
	if err != nil {
		e.closeIdle()
		return nil, os.NewSyscallError("inotify_add_watch", err)
	}
	id := int32(wd)
	if e.watches[id] == nil {
		e.watches[id] = map[chan<- struct{}]int{}
	}
	e.watches[id][bell]++
	return sync.OnceFunc(func() { e.unwatch(id, bell) }), nil
}

// unwatch takes one watch back.
func (e *logEvents) unwatch(id int32, bell chan<- struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	bells := e.watches[id]
	if bells[bell]--; bells[bell] == 0 {
		delete(bells, bell)
	}
	if len(bells) == 0 {
		delete(e.watches, id)
		_, _ = unix.InotifyRmWatch(e.fd, uint32(id)) // a file that is gone has no watch any more
	}
	e.closeIdle()
}

// open makes the source; the lock is held.
func (e *logEvents) open() error {
	if e.source != nil {
		return nil
	}
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return os.NewSyscallError("inotify_init1", err)
	}
	e.source, e.fd = os.NewFile(uintptr(fd), "inotify"), fd
	e.watches = map[int32]map[chan<- struct{}]int{}
	source := e.source
	e.reading.Go(func() { e.read(source) })
	return nil
}

// closeIdle ends the source when nobody follows; the lock is held.
func (e *logEvents) closeIdle() {
	if len(e.watches) == 0 && e.source != nil {
		_ = e.source.Close()
		e.source = nil
	}
}

// read passes events on until the source is closed.
func (e *logEvents) read(source *os.File) {
	buffer := make([]byte, 64*unix.SizeofInotifyEvent)
	for {
		n, err := source.Read(buffer)
		if err != nil {
			return
		}
		e.pass(source, buffer[:n])
	}
}

// pass rings for each event. When the kernel has lost some, it rings for all.
func (e *logEvents) pass(source *os.File, events []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.source != source {
		return
	}
	for len(events) >= unix.SizeofInotifyEvent {
		var event unix.InotifyEvent
		if _, err := binary.Decode(events, binary.NativeEndian, &event); err != nil {
			return
		}
		events = events[min(unix.SizeofInotifyEvent+int(event.Len), len(events)):]
		switch {
		case event.Mask&unix.IN_Q_OVERFLOW != 0:
			for _, bells := range e.watches {
				ringAll(bells)
			}
		default:
			ringAll(e.watches[event.Wd])
		}
	}
}

func ringAll(bells map[chan<- struct{}]int) {
	for bell := range bells {
		ring(bell)
	}
}

// ring wakes whoever waits for the bell, once; it never blocks.
func ring(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// wait returns when the goroutine has ended that the last watch has left behind.
func (e *logEvents) wait() { e.reading.Wait() }
