package local

import (
	"os"
	"strconv"
	"strings"
)

// What stands beside a log file: the copy of what was cut off last, and how many bytes were cut off in all.
const (
	asideSuffix = ".1"
	noteSuffix  = ".cut"
	freshSuffix = "~" // of one that is being written
)

// cutNote is what a supervisor notes of a log file. The zero value is that of a file that was never cut.
type cutNote struct {
	bytes int64
	stamp stamp
}

// renewed gives the note as it is now; the known one when it has not changed, or cannot be read.
func (n cutNote) renewed(name string) cutNote {
	info, err := os.Stat(name + noteSuffix)
	if err != nil || stampOf(info) == n.stamp {
		return n
	}
	text, err := os.ReadFile(name + noteSuffix)
	if err != nil {
		return n
	}
	bytes, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return n
	}
	return cutNote{bytes: bytes, stamp: stampOf(info)}
}

// noteCut adds to the note what is about to be cut off. The note is replaced as a whole.
func noteCut(name string, bytes int64) {
	total := cutNote{}.renewed(name).bytes + bytes
	fresh := name + noteSuffix + freshSuffix
	if os.WriteFile(fresh, []byte(strconv.FormatInt(total, 10)+"\n"), 0o600) == nil {
		_ = os.Rename(fresh, name+noteSuffix)
	}
}
