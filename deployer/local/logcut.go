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

// cutNote is what a supervisor notes of a log file, before it cuts it and after that: who reads the file knows then that
// nothing which was written behind the cut was read with an older note. The zero value is that of a file that was never cut.
type cutNote struct {
	bytes    int64 // cut off in all, those about to be included
	underway bool
}

const noteUnderway = " underway"

// renewed gives the note as it is now; the known one when there is none, or it cannot be read.
func (n cutNote) renewed(name string) cutNote {
	text, err := os.ReadFile(name + noteSuffix)
	if err != nil {
		return n
	}
	number, underway := strings.CutSuffix(strings.TrimSpace(string(text)), noteUnderway)
	bytes, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return n
	}
	return cutNote{bytes: bytes, underway: underway}
}

// noteCut adds to the note what is about to be cut off; done notes that it was.
func noteCut(name string, bytes int64) (done func()) {
	total := strconv.FormatInt(cutNote{}.renewed(name).bytes+bytes, 10)
	replaceNote(name, total+noteUnderway)
	return func() { replaceNote(name, total) }
}

// replaceNote replaces the note as a whole.
func replaceNote(name, text string) {
	fresh := name + noteSuffix + freshSuffix
	if os.WriteFile(fresh, []byte(text+"\n"), 0o600) == nil {
		_ = os.Rename(fresh, name+noteSuffix)
	}
}
