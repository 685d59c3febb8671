package local

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/google/renameio/v2"

	"purser"
)

// record is what is wanted of one deployment, as it stands on disk. It is written before anything is done.
type record struct {
	ID                   string            `json:"id"`
	Group                string            `json:"group"`
	Name                 string            `json:"name"`
	App                  string            `json:"app"`
	Resource             string            `json:"resource"`
	Properties           map[string]string `json:"properties"`
	DeploymentProperties map[string]string `json:"deploymentProperties"`

	Removed   bool   `json:"removed"` // the deployment does not exist any more, only its doomed instances do
	Instances []slot `json:"instances"`
	Doomed    []slot `json:"doomed"` // to be stopped
}

// slot is one instance that is wanted, or is to be stopped.
type slot struct {
	Index      int               `json:"index"`
	Home       string            `json:"home"` // folder's name below the deployment's; never used twice
	Port       int               `json:"port"` // below 1: unknown
	Dir        string            `json:"dir"`  // run folder
	Inherit    bool              `json:"inheritLogging"`
	Properties map[string]string `json:"properties,omitempty"` // deployment properties of the scaling that brought it
}

func newRecord(d purser.Deployment) record {
	return record{
		ID: d.ID, Group: d.Group, Name: d.Name, App: d.App, Resource: d.Resource,
		Properties: d.Properties, DeploymentProperties: d.DeploymentProperties,
	}
}

// stdout gives the log file of an instance; "" when it writes to the server's output.
func (s slot) stdout() string { return s.logFile("stdout") }

func (s slot) stderr() string { return s.logFile("stderr") }

func (s slot) logFile(stream string) string {
	if s.Inherit {
		return ""
	}
	return filepath.Join(s.Dir, fmt.Sprintf("%s_%d.log", stream, s.Index))
}

// doom moves the instances from count on to those that are to be stopped.
func (r *record) doom(count int) {
	at := slices.IndexFunc(r.Instances, func(s slot) bool { return s.Index >= count })
	if at >= 0 {
		r.Doomed = append(r.Doomed, r.Instances[at:]...)
		r.Instances = r.Instances[:at:at]
	}
}

// folder is where the record of a deployment and the homes of its instances are.
type folder string

const recordFile = "deployment.json"

func (f folder) home(s slot) home { return home(filepath.Join(string(f), s.Home)) }

// load reads the record; ok is false when there is none.
func (f folder) load() (r record, s stamp, ok bool, err error) {
	name := filepath.Join(string(f), recordFile)
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, stamp{}, false, nil
	}
	if err != nil {
		return record{}, stamp{}, false, err
	}
	defer file.Close()
	if i, err := file.Stat(); err == nil {
		s = stampOf(i)
	}
	if err := json.NewDecoder(file).Decode(&r); err != nil {
		return record{}, stamp{}, false, &fs.PathError{Op: "decode", Path: name, Err: err}
	}
	return r, s, true, nil
}

// store writes the record; it is durable when this returns.
func (f folder) store(r record) (stamp, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return stamp{}, err
	}
	_, err = os.Stat(string(f))
	isNew := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return stamp{}, err
	}
	name := filepath.Join(string(f), recordFile)
	if err := renameio.WriteFile(name, b, 0o600); err != nil {
		return stamp{}, err
	}
	if err := syncDir(string(f)); err != nil {
		return stamp{}, err
	}
	if isNew {
		if err := syncDir(filepath.Dir(string(f))); err != nil {
			return stamp{}, err
		}
	}
	return f.stamp(), nil
}

func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// stamp tells one version of a record's file from another.
type stamp struct {
	modified time.Time
	size     int64
	inode    uint64
}

func stampOf(i fs.FileInfo) stamp {
	s := stamp{modified: i.ModTime(), size: i.Size()}
	if sys, ok := i.Sys().(*syscall.Stat_t); ok {
		s.inode = sys.Ino
	}
	return s
}

// stamp gives the zero value when there is no record.
func (f folder) stamp() stamp {
	i, err := os.Stat(filepath.Join(string(f), recordFile))
	if err != nil {
		return stamp{}
	}
	return stampOf(i)
}

// fileName turns an id into the name of a file: letters, digits, dot, dash and underscore stay, so that the usual id is its
// own name; what is too long is cut and told apart by a hash.
func fileName(id string) string {
	var b strings.Builder
	for _, c := range []byte(id) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.' && b.Len() > 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	name := b.String()
	if name == "" {
		return "%"
	}
	if len(name) > 120 {
		sum := sha256.Sum256([]byte(id))
		name = name[:100] + "~" + hex.EncodeToString(sum[:8])
	}
	return name
}
