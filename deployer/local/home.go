package local

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"
	"golang.org/x/sys/unix"
)

// home is the folder through which the server and the supervisor of one instance talk: the server writes the launch, the
// supervisor what became of it. Its lock is held by the supervisor for as long as that lives.
type home string

const (
	launchFile = "start.json"
	lifeFile   = "state.json"
	endFile    = "exit.json"
	lockFile   = "lock"
	shimLog    = "supervisor.log"
)

// launch is what a supervisor is to start.
type launch struct {
	GUID     string   `json:"guid"`
	Port     int      `json:"port"`
	Command  []string `json:"command"` // the first is a path
	Dir      string   `json:"dir"`
	Env      []string `json:"env"`
	Stdout   string   `json:"stdout"` // "": the supervisor's own
	Stderr   string   `json:"stderr"`
	LogLimit int64    `json:"logLimit"`
	GraceMS  int64    `json:"graceMillis"` // between SIGTERM and SIGKILL
}

// life is written once the application runs.
type life struct {
	GUID string  `json:"guid"`
	Port int     `json:"port"`
	App  process `json:"app"`
	Shim process `json:"shim"` // the zero value when it died before it could write this
}

// ending is written when the application has ended, or will never start.
type ending struct {
	Code   int       `json:"code"`
	Signal string    `json:"signal,omitempty"`
	Reason string    `json:"reason,omitempty"` // why it was not started; no code then
	At     time.Time `json:"at"`
}

func (h home) path(name string) string { return filepath.Join(string(h), name) }

func (h home) read(name string, into any) error {
	b, err := os.ReadFile(h.path(name))
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// write replaces a file as a whole. The files hold secrets, so they are for the owner alone.
func (h home) write(name string, from any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return renameio.WriteFile(h.path(name), b, 0o600)
}

// ended gives the ending, if there is one.
func (h home) ended() (ending, bool) {
	var e ending
	return e, h.read(endFile, &e) == nil
}

// lived gives the process that was started, if one was.
func (h home) lived() (life, bool) {
	var l life
	return l, h.read(lifeFile, &l) == nil
}

// used tells whether something was started here, or never will be: a home that is gone counts, since homes go as a whole.
func (h home) used() bool {
	for _, name := range []string{lifeFile, endFile} {
		if _, err := os.Lstat(h.path(name)); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	_, err := os.Lstat(string(h))
	return errors.Is(err, fs.ErrNotExist)
}

// lock takes the home for as long as the file is open; nil without an error when somebody else has it.
func (h home) lock() (*os.File, error) {
	f, err := os.OpenFile(h.path(lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, nil
		}
		return nil, err
	}
	return f, nil
}

// unlock gives the home back, even when a process that is between fork and exec has the descriptor as well.
func unlock(f *os.File) {
	_ = unix.Flock(int(f.Fd()), unix.LOCK_UN)
	_ = f.Close()
}

// launched tells whether somebody has tried to start something here.
func (h home) launched() bool {
	_, err := os.Lstat(h.path(launchFile))
	return err == nil
}

// give writes an ending into a home in which nothing was started, so that nothing ever will be; false when a supervisor has
// it. fs.ErrNotExist without a home.
func (h home) give(e ending) (bool, error) {
	lock, err := h.lock()
	if err != nil || lock == nil {
		return false, err
	}
	defer unlock(lock)
	if h.used() {
		return true, nil
	}
	return true, h.write(endFile, e)
}
