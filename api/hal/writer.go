package hal

import (
	"encoding/base64"
	"io"
	"strconv"
)

// Style is one of the two layouts.
type Style bool

// The layouts: HAL bodies are pretty, plain, error and actuator bodies are compact.
const (
	Pretty  Style = false // 2 blanks a level, `"key" : value`, `[ {`, `[ ]`, `{ }`, LF, no LF at the end
	Compact Style = true
)

// Writer builds one JSON document. Calls must be balanced: each Begin has its End, and inside an object each value
// follows a Key. The zero Writer is a pretty one without a sink and ready to use.
type Writer struct {
	buf     []byte
	compact bool
	bare    bool     // links are a list
	depth   int      // open objects; arrays do not indent
	state   []byte   // one entry for each open object or array: empty or filled
	keyed   bool     // a key was written, its value comes next
	inner   *Writer  // for Quoted, made when it is needed
	keys    []string // room for those of a map
	sink    io.Writer
	err     error
}

const (
	stateEmpty  byte = iota // nothing inside yet
	stateFilled             // something inside
)

// flushAt is the fill of the buffer, in bytes, from which a Writer with a sink hands it over.
const flushAt = 32 << 10

// NewWriter makes a Writer that appends to buf[:0].
func NewWriter(style Style, buf []byte) *Writer {
	return &Writer{buf: buf[:0], compact: bool(style)}
}

// Stream makes a Writer that hands what it has to sink whenever enough has come together at a call of Flush, and thus
// needs the same memory for documents of any length. Close hands over the rest.
func Stream(style Style, sink io.Writer) *Writer {
	return &Writer{buf: make([]byte, 0, flushAt+flushAt/4), compact: bool(style), sink: sink}
}

// Attach gives the Writer a sink, as Stream does.
func (w *Writer) Attach(sink io.Writer) { w.sink = sink }

// Bytes gives what was written and not handed to a sink. It is valid until the next call.
func (w *Writer) Bytes() []byte { return w.buf }

// Reset makes the Writer new, without a sink, with the buffer it has.
func (w *Writer) Reset(style Style) {
	*w = Writer{buf: w.buf[:0], state: w.state[:0], inner: w.inner, keys: w.keys, compact: bool(style)}
}

// BareLinks makes the Writer write links as a list, in place of HAL's object, up to the next Reset (spec/rest.md §0.1).
func (w *Writer) BareLinks() { w.bare = true }

// Flush hands the buffer to the sink when it is full enough. It returns the first error of the sink; after it nothing
// is handed over any more.
func (w *Writer) Flush() error {
	if w.sink == nil || len(w.buf) < flushAt {
		return w.err
	}
	return w.handOver()
}

// Close hands the rest to the sink and returns the first error of the sink. It does not close the sink.
func (w *Writer) Close() error {
	if w.sink == nil {
		return nil
	}
	return w.handOver()
}

func (w *Writer) handOver() error {
	if w.err == nil && len(w.buf) > 0 {
		_, w.err = w.sink.Write(w.buf)
	}
	w.buf = w.buf[:0]
	return w.err
}

// BeginObject opens an object.
func (w *Writer) BeginObject() {
	w.next()
	w.buf = append(w.buf, '{')
	w.state = append(w.state, stateEmpty)
	w.depth++
}

// EndObject closes the innermost object.
func (w *Writer) EndObject() {
	filled := w.pop()
	w.depth--
	switch {
	case w.compact:
	case filled:
		w.newline()
	default:
		w.buf = append(w.buf, ' ')
	}
	w.buf = append(w.buf, '}')
}

// BeginArray opens an array.
func (w *Writer) BeginArray() {
	w.next()
	w.buf = append(w.buf, '[')
	w.state = append(w.state, stateEmpty)
}

// EndArray closes the innermost array.
func (w *Writer) EndArray() {
	w.pop()
	if !w.compact {
		w.buf = append(w.buf, ' ')
	}
	w.buf = append(w.buf, ']')
}

// Key writes the name of the next member of the open object.
func (w *Writer) Key(name string) {
	if w.mark() {
		w.buf = append(w.buf, ',')
	}
	if !w.compact {
		w.newline()
	}
	w.buf = appendString(w.buf, name)
	if w.compact {
		w.buf = append(w.buf, ':')
	} else {
		w.buf = append(w.buf, " : "...)
	}
	w.keyed = true
}

// String writes a text.
func (w *Writer) String(s string) {
	w.next()
	w.buf = appendString(w.buf, s)
}

// Text writes a text, or null for nil.
func (w *Writer) Text(s *string) {
	if s == nil {
		w.Null()
		return
	}
	w.String(*s)
}

// Int writes a number.
func (w *Writer) Int(n int64) {
	w.next()
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

// Float writes a number; those that JSON does not know become null.
func (w *Writer) Float(f float64) {
	if f != f || f > maxFloat || f < -maxFloat {
		w.Null()
		return
	}
	w.next()
	w.buf = strconv.AppendFloat(w.buf, f, 'g', -1, 64)
}

const maxFloat = 1.7976931348623157e308

// Bool writes true or false.
func (w *Writer) Bool(b bool) {
	w.next()
	w.buf = strconv.AppendBool(w.buf, b)
}

// Null writes null.
func (w *Writer) Null() {
	w.next()
	w.buf = append(w.buf, "null"...)
}

// Base64 writes bytes as text of the standard alphabet, with padding.
func (w *Writer) Base64(b []byte) {
	w.next()
	w.buf = append(w.buf, '"')
	w.buf = base64.StdEncoding.AppendEncode(w.buf, b)
	w.buf = append(w.buf, '"')
}

// Quoted writes a text that holds the compact JSON document which f writes, e.g. a platformStatus.
func (w *Writer) Quoted(f func(inner *Writer)) {
	if w.inner == nil {
		w.inner = NewWriter(Compact, nil)
	}
	w.inner.Reset(Compact)
	f(w.inner)
	w.next()
	w.buf = append(w.buf, '"')
	w.buf = appendEscaped(w.buf, w.inner.buf)
	w.buf = append(w.buf, '"')
}

// next puts down what has to stand before a value.
func (w *Writer) next() {
	if w.keyed {
		w.keyed = false
		return
	}
	if len(w.state) == 0 {
		return
	}
	if w.mark() {
		w.buf = append(w.buf, ',')
	}
	if !w.compact {
		w.buf = append(w.buf, ' ')
	}
}

// mark notes that the open object or array holds something, and tells whether it did before.
func (w *Writer) mark() bool {
	last := len(w.state) - 1
	filled := w.state[last] == stateFilled
	w.state[last] = stateFilled
	return filled
}

func (w *Writer) pop() (filled bool) {
	last := len(w.state) - 1
	filled = w.state[last] == stateFilled
	w.state = w.state[:last]
	return filled
}

const blanks = "                                                                "

func (w *Writer) newline() {
	w.buf = append(w.buf, '\n')
	for n := 2 * w.depth; n > 0; n -= len(blanks) {
		w.buf = append(w.buf, blanks[:min(n, len(blanks))]...)
	}
}
