package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/google/uuid"
)

// identity is the name under which a server holds the leases of its operations. The server that holds the lock of a
// data folder has the name that is written there, so that after a crash its successor goes on at once; a second server
// on the same folder gets a name for this run alone, and waits until leases end.
type identity struct {
	name string
	lock *os.File // nil for a second server
}

func newIdentity(dataDir string) (*identity, error) {
	f, err := os.OpenFile(filepath.Join(dataDir, "server.id"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return &identity{name: uuid.NewString()}, f.Close()
	case err != nil:
		return nil, errors.Join(err, f.Close())
	}
	text, err := io.ReadAll(io.LimitReader(f, 64))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	name := strings.TrimSpace(string(text))
	if uuid.Validate(name) == nil {
		return &identity{name: name, lock: f}, nil
	}
	name = uuid.NewString()
	if _, err := f.WriteAt([]byte(name+"\n"), 0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &identity{name: name, lock: f}, errors.Join(f.Truncate(int64(len(name)+1)), f.Sync())
}

// Close gives the lock back.
func (i *identity) Close() error {
	if i.lock == nil {
		return nil
	}
	return i.lock.Close()
}
