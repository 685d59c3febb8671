package local

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"
)

// disk is the state folder of an account: deployments/<id>/ with a record and the homes of the instances.
type disk struct {
	root string
	mu   sync.Mutex
	lock *os.File // taken for each change, since other servers may share the folder; its content counts the changes
	seen uint64   // the count up to which all changes are this server's, or were followed
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

// discarded begins the names of folders that are being removed; no deployment's name begins with a dot.
const discarded = ".gone-"

// discard removes a folder as a whole: a supervisor that comes up meanwhile finds all of it, or nothing.
func discard(path string) error {
	gone := filepath.Join(filepath.Dir(path), discarded+uuid.NewString())
	switch err := os.Rename(path, gone); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return os.RemoveAll(gone)
}

// folders lists the deployments.
func (k *disk) folders() ([]folder, error) {
	entries, err := os.ReadDir(filepath.Join(k.root, "deployments"))
	if err != nil {
		return nil, err
	}
	var list []folder
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), discarded) {
			list = append(list, folder(filepath.Join(k.root, "deployments", e.Name())))
		}
	}
	return list, nil
}

// exclusive runs f while nobody else, in this process or another, changes the folder. The change is counted before it is
// made: a server that dies half-way leaves the others a reason to look.
func (k *disk) exclusive(ctx context.Context, f func() error) error {
	return k.locked(ctx, func() error {
		n := k.changes()
		if k.seen == n {
			k.seen++
		}
		if err := k.count(n + 1); err != nil {
			return err
		}
		return f()
	})
}

// following runs f, which follows what others have changed, while nobody changes the folder. After an error of f all of
// it counts as unseen.
func (k *disk) following(ctx context.Context, f func() error) error {
	return k.locked(ctx, func() error {
		n := k.changes()
		if err := f(); err != nil {
			return err
		}
		k.seen = n
		return nil
	})
}

// changedByOthers tells whether another server has changed the folder, or is about to.
func (k *disk) changedByOthers() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.changes() != k.seen
}

// changes reads how many changes were counted; mu is held.
func (k *disk) changes() uint64 {
	var count [8]byte
	if n, _ := k.lock.ReadAt(count[:], 0); n < len(count) {
		return 0
	}
	return binary.LittleEndian.Uint64(count[:])
}

// count writes how many changes there were; mu and the lock are held.
func (k *disk) count(n uint64) error {
	_, err := k.lock.WriteAt(binary.LittleEndian.AppendUint64(nil, n), 0)
	return err
}

// locked runs f while this server has the lock of the folder.
func (k *disk) locked(ctx context.Context, f func() error) error {
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
