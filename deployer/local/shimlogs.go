package local

import (
	"io"
	"os"
	"time"
)

// logKeeper keeps the log files of an application within bounds. The application writes to the files themselves, so that
// it survives its supervisor; a file that has grown over the limit is copied to a file with .1 at its end and cut to
// nothing. What is written between the two is lost. A note in between tells those who follow the file where they are.
type logKeeper struct {
	files    []string
	limit    int64
	interval time.Duration
	last     int64
}

const (
	shortestLook = 250 * time.Millisecond
	longestLook  = 30 * time.Second
)

func newLogKeeper(l launch) *logKeeper {
	k := &logKeeper{limit: l.LogLimit, interval: time.Second}
	for _, name := range []string{l.Stdout, l.Stderr} {
		if name != "" && k.limit > 0 {
			k.files = append(k.files, name)
		}
	}
	if len(k.files) == 0 {
		k.interval = time.Hour
	}
	return k
}

// check cuts what is too long and gives the time until the next look: the faster the logs grow, the sooner.
func (k *logKeeper) check() time.Duration {
	if len(k.files) == 0 {
		return k.interval
	}
	var size int64
	for _, name := range k.files {
		if i, err := os.Stat(name); err == nil {
			size += i.Size()
			if i.Size() > k.limit {
				k.cut(name)
				size -= i.Size()
			}
		}
	}
	switch grown := size - k.last; {
	case grown < 0 || grown > k.limit/4:
		k.interval = max(k.interval/4, shortestLook)
	case grown < k.limit/64:
		k.interval = min(k.interval*2, longestLook)
	}
	k.last = size
	return k.interval
}

// cut keeps the last part of a file, of at most the limit, aside and empties it.
func (k *logKeeper) cut(name string) {
	from, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer from.Close()
	if end, err := from.Seek(0, io.SeekEnd); err == nil {
		_, err = from.Seek(max(0, end-k.limit), io.SeekStart)
		if err == nil {
			keepAside(io.LimitReader(from, k.limit), name+asideSuffix) // it may grow meanwhile
		}
		defer noteCut(name, end)()
	}
	_ = from.Truncate(0)
}

// keepAside replaces the copy as a whole: the one before it may still be read.
func keepAside(from io.Reader, name string) {
	to, err := os.OpenFile(name+freshSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return
	}
	_, _ = io.Copy(to, from)
	if to.Close() == nil {
		_ = os.Rename(name+freshSuffix, name)
	}
}
