package client

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxLine is how long a line of a stream may be.
const maxLine = 16 << 20

// frame is one block of a stream of server-sent events. A block without data is a sign of life or tells the id alone.
type frame struct {
	event string // "" is a message
	data  string // lines joined by line feeds
	id    string // of this block, or else of the last one that had one
	retry time.Duration
}

// readFrames tells visit of each block until the stream ends, which is no error, or visit gives one. last is the id
// that is known already. What stands behind the last blank line is not told, as the standard wants it.
func readFrames(r io.Reader, last string, visit func(frame) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 4096), maxLine)
	in.Split(lines())
	f := frame{id: last}
	var data []string
	for first := true; in.Scan(); first = false {
		line := in.Text()
		if first {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if line == "" {
			f.data = strings.Join(data, "\n")
			if err := visit(f); err != nil {
				return err
			}
			f, data = frame{id: f.id}, nil
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			f.event = value
		case "data":
			data = append(data, value)
		case "id":
			if !strings.Contains(value, "\x00") {
				f.id = value
			}
		case "retry":
			if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
				f.retry = time.Duration(ms) * time.Millisecond
			}
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line of the stream is longer than %d bytes", maxLine)
	}
	return in.Err()
}

// lines splits at CR, LF and CR LF. A line is given as soon as its end begins, before it is known whether an LF follows.
func lines() bufio.SplitFunc {
	skip := false // an LF that belongs to the CR before it
	return func(data []byte, atEOF bool) (int, []byte, error) {
		start := 0
		if skip && len(data) > 0 {
			skip = false
			if data[0] == '\n' {
				start = 1
			}
		}
		if end := bytes.IndexAny(data[start:], "\r\n"); end >= 0 {
			skip = data[start+end] == '\r'
			return start + end + 1, data[start : start+end : start+end], nil
		}
		if atEOF {
			return len(data), nil, nil
		}
		return start, nil, nil
	}
}
