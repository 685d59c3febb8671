package local

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// disk is the state folder of an account: deployments/<id>/ with a record and the homes of the instances.
type disk struct {
	root string
	mu   sync.Mutex
	lock *os.File // taken for each change, since other servers may share the folder
}

func openDisk(root string) (*disk, error) {
	if err := os.MkdirAll(filepath.Join(root, "deployments"), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(root, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &disk{root: root, lock: f}, nil
}

func (k *disk) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lock.Close()
}

func (k *disk) folder(id string) folder {
	return folder(filepath.Join(k.root, "deployments", fileName(id)))
}

// folders lists the deployments.
func (k *disk) folders() ([]folder, error) {
	entries, err := os.ReadDir(filepath.Join(k.root, "deployments"))
	if err != nil {
		return nil, err
	}
	var list []folder
	for _, e := range entries {
		if e.IsDir() {
			list = append(list, folder(filepath.Join(k.root, "deployments", e.Name())))
		}
	}
	return list, nil
}

// exclusive runs f while nobody else, in this process or another, changes the folder.
func (k *disk) exclusive(ctx context.Context, f func() error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		err := unix.Flock(int(k.lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return &fs.PathError{Op: "flock", Path: k.lock.Name(), Err: err}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer func() { _ = unix.Flock(int(k.lock.Fd()), unix.LOCK_UN) }()
	return f()
}
