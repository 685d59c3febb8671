package local

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"purser"
)

// logFile reads a log file that grows, and that its supervisor may cut: what it had not read of it by then it reads from
// the copy that was kept aside. It holds at most one piece of purser.MaxLogText bytes.
type logFile struct {
	name    string
	file    *os.File  // nil: not there yet
	at      int64     // what follows in the file
	cut     cutNote   // as far as it was followed
	aside   *os.File  // what is left to read of the copy; nil: nothing
	odd     time.Time // since when the file is not as its note says; zero: it is
	pending []byte    // what was read and not given
}

// oddPatience is how long a file may differ from its note, until it counts as changed by somebody else than a supervisor.
const oddPatience = time.Second

// openLog opens a log file at its last lines, of at most so many bytes. A file that is not there is opened when it is.
func openLog(name string, lines int, most int64) (*logFile, error) {
	for attempt := 0; ; attempt++ {
		l := &logFile{name: name}
		err := l.locate(lines, most)
		if err == nil && l.file != nil && attempt < 3 && l.cut.renewed(name) != l.cut {
			l.close()
			continue // it was cut meanwhile
		}
		return l, err
	}
}

func (l *logFile) locate(lines int, most int64) error {
	if err := l.open(); err != nil || l.file == nil {
		return err
	}
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	begin, left, err := lastLines(l.file, size, lines, most)
	if err != nil {
		return err
	}
	if l.at = begin; begin > 0 || left == 0 {
		return nil
	}
	aside, err := os.Open(l.name + asideSuffix)
	if err != nil {
		return nil //nolint:nilerr // the file was never cut
	}
	l.aside = aside
	if info, err = aside.Stat(); err != nil {
		return err
	}
	if begin, _, err = lastLines(aside, info.Size(), left, max(most-size, 0)); err != nil {
		return err
	}
	_, err = aside.Seek(begin, io.SeekStart)
	return err
}

// open opens the file if it is there.
func (l *logFile) open() error {
	if l.file != nil {
		return nil
	}
	l.cut = l.cut.renewed(l.name)
	file, err := os.Open(l.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	l.file = file
	return nil
}

func (l *logFile) close() {
	for _, f := range []*os.File{l.file, l.aside} {
		if f != nil {
			_ = f.Close()
		}
	}
}

// piece is what a logFile gives: whole lines, or a part of a line that is too long. At the end of the file there is none.
type piece struct {
	text  string
	more  bool // the line goes on in the next piece
	ok    bool // there is a piece
	again bool // there is none, but there may be one in a moment, whether the file changes or not
}

// next gives the next piece. last tells that nothing more will be written: then a line without an end is one as well.
func (l *logFile) next(last bool) (piece, error) {
	for {
		if p := l.take(false); p.ok {
			return p, nil
		}
		n, again, err := l.fill()
		if err != nil || n == 0 {
			p := piece{again: again}
			if last && !again {
				p = l.take(true)
			}
			if len(l.pending) == 0 {
				l.pending = nil // most files are quiet most of the time
			}
			return p, err
		}
	}
}

// fill reads more into what is pending; n is 0 at the end of the file, and when the file is just being cut.
func (l *logFile) fill() (n int, again bool, err error) {
	if err := l.open(); err != nil || l.file == nil {
		return 0, false, err
	}
	info, err := l.file.Stat()
	if err != nil {
		return 0, false, err
	}
	if !l.settled(info.Size()) {
		return 0, true, nil
	}
	if l.aside != nil {
		if n, err := l.read(l.aside); n > 0 || err != nil {
			return n, false, err
		}
		_ = l.aside.Close()
		l.aside = nil
	}
	if info.Size() <= l.at {
		return 0, false, nil
	}
	had := len(l.pending)
	n, err = l.read(io.NewSectionReader(l.file, l.at, info.Size()-l.at))
	if l.cut.renewed(l.name) != l.cut { // what was read may be of the time after it was cut
		l.pending = l.pending[:had]
		return 0, true, err
	}
	l.at += int64(n)
	return n, false, err
}

// settled finds the place to go on when the file was cut; false while that is under way.
func (l *logFile) settled(size int64) bool {
	now := l.cut.renewed(l.name)
	gone := now.bytes - l.cut.bytes
	switch {
	case gone == 0 && !now.underway && size >= l.at:
	case gone > 0 && !now.underway:
		l.rewind(gone - l.at)
	case l.odd.IsZero():
		l.odd = time.Now()
		return false
	case time.Since(l.odd) <= oddPatience:
		return false
	case size < l.at: // a supervisor that keeps no notes, or has died on its way
		l.rewind(gone - l.at)
	}
	l.cut, l.odd = now, time.Time{}
	return true
}

// rewind goes on at the beginning of the file, after what was missed of the copy.
func (l *logFile) rewind(missed int64) {
	l.at = 0
	if missed <= 0 {
		return
	}
	if l.aside != nil {
		_ = l.aside.Close()
	}
	if l.aside, _ = os.Open(l.name + asideSuffix); l.aside == nil {
		return
	}
	if _, err := l.aside.Seek(-missed, io.SeekEnd); err != nil { // longer than the copy: its beginning is lost
		_, _ = l.aside.Seek(0, io.SeekStart)
	}
}

// readAtOnce is how many bytes are read at one time.
const readAtOnce = 32 << 10

// read appends to what is pending.
func (l *logFile) read(from io.Reader) (int, error) {
	had := len(l.pending)
	room := min(purser.MaxLogText-had, readAtOnce)
	l.pending = slices.Grow(l.pending, room)
	n, err := from.Read(l.pending[had : had+room])
	l.pending = l.pending[:had+n]
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// take cuts a piece off what is pending. last tells that a line that has no end yet will never have one.
func (l *logFile) take(last bool) (p piece) {
	end, skip := bytes.LastIndexByte(l.pending, '\n'), 1
	switch {
	case end >= 0:
	case len(l.pending) == purser.MaxLogText:
		end, skip, p.more = wholeRunes(l.pending), 0, true
	case last && len(l.pending) > 0:
		end, skip = len(l.pending), 0
	default:
		return piece{}
	}
	p.text, p.ok = strings.ToValidUTF8(string(l.pending[:end]), string(utf8.RuneError)), true
	l.pending = append(l.pending[:0], l.pending[end+skip:]...)
	return p
}

// wholeRunes gives how many bytes at the beginning do not end inside of a character.
func wholeRunes(b []byte) int {
	for end := len(b) - 1; end >= max(len(b)-utf8.UTFMax, 0); end-- {
		if utf8.RuneStart(b[end]) {
			if !utf8.FullRune(b[end:]) && end > 0 {
				return end
			}
			break
		}
	}
	return len(b)
}

// lastLines gives where the last lines of a file begin, without looking at more than so many bytes of its end, and how
// many of them it does not have.
func lastLines(f io.ReaderAt, size int64, lines int, most int64) (begin int64, left int, err error) {
	if lines <= 0 {
		return size, 0, nil
	}
	oldest := max(size-most, 0)
	block := make([]byte, 16<<10)
	first := int64(-1) // where the line begins that was found last
	for end := size; end > oldest; {
		from := max(end-int64(len(block)), oldest)
		b := block[:end-from]
		if _, err := f.ReadAt(b, from); err != nil && !errors.Is(err, io.EOF) {
			return size, 0, err
		}
		for at := bytes.LastIndexByte(b, '\n'); at >= 0; at = bytes.LastIndexByte(b[:at], '\n') {
			if begins := from + int64(at) + 1; begins < size {
				if lines--; lines == 0 {
					return begins, 0, nil
				}
				first = begins
			}
		}
		end = from
	}
	switch {
	case oldest == 0:
		return 0, lines - min(1, int(size)), nil
	case first >= 0: // the oldest one may have lost its beginning
		return first, 0, nil
	default: // one line that is longer than may be given
		return oldest, 0, nil
	}
}
