package body

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// maxDepth is how deep a document may be nested.
const maxDepth = 500

// Error is a body that cannot be read.
type Error struct {
	Reason string // what is wrong, for people
	Line   int    // from 1
	Column int    // from 1, in bytes
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("%s (line %d, column %d)", e.Reason, e.Line, e.Column)
}

// errorAt makes an Error for the byte at pos of data.
func errorAt(data []byte, pos int, format string, args ...any) *Error {
	pos = min(pos, len(data))
	before := data[:pos]
	return &Error{
		Reason: fmt.Sprintf(format, args...),
		Line:   bytes.Count(before, []byte{'\n'}) + 1,
		Column: pos - bytes.LastIndexByte(before, '\n'),
	}
}

// scanner walks over JSON text and checks it.
type scanner struct {
	data  []byte
	pos   int
	depth int
}

func (s *scanner) fail(format string, args ...any) *Error {
	return errorAt(s.data, s.pos, format, args...)
}

// unexpected is the failure for a character that does not fit where wanted is wanted.
func (s *scanner) unexpected(wanted string) *Error {
	if s.pos >= len(s.data) {
		return s.fail("the text ends where %s is expected", wanted)
	}
	r, size := utf8.DecodeRune(s.data[s.pos:])
	if r == utf8.RuneError && size == 1 {
		return s.fail("byte 0x%02X is no UTF-8", s.data[s.pos])
	}
	return s.fail("unexpected character %q where %s is expected", r, wanted)
}

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// value passes over one value and gives its bytes.
func (s *scanner) value() ([]byte, *Error) {
	s.space()
	start := s.pos
	var err *Error
	switch c := s.peek(); {
	case c == '{':
		err = s.object(nil)
	case c == '[':
		err = s.array(nil)
	case c == '"':
		err = s.text()
	case c == '-' || c >= '0' && c <= '9':
		err = s.number()
	case c == 't':
		err = s.word("true")
	case c == 'f':
		err = s.word("false")
	case c == 'n':
		err = s.word("null")
	default:
		err = s.unexpected("a value")
	}
	if err != nil {
		return nil, err
	}
	return s.data[start:s.pos], nil
}

// peek gives the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.data) {
		return s.data[s.pos]
	}
	return 0
}

func (s *scanner) enter() *Error {
	if s.depth++; s.depth > maxDepth {
		return s.fail("the text is nested deeper than %d levels", maxDepth)
	}
	s.pos++
	s.space()
	return nil
}

// object passes over an object and tells visit of each member; key is the text between the quotes.
func (s *scanner) object(visit func(key, value []byte)) *Error {
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; s.peek() != '}' || !first; first = false {
		s.space()
		if s.peek() != '"' {
			return s.unexpected("a member name in quotes")
		}
		start := s.pos + 1
		if err := s.text(); err != nil {
			return err
		}
		key := s.data[start : s.pos-1]
		s.space()
		if s.peek() != ':' {
			return s.unexpected("a colon")
		}
		s.pos++
		value, err := s.value()
		if err != nil {
			return err
		}
		if visit != nil {
			visit(key, value)
		}
		s.space()
		if s.peek() == '}' {
			break
		}
		if s.peek() != ',' {
			return s.unexpected("a comma or the end of the object")
		}
		s.pos++
	}
	s.pos++
	s.depth--
	return nil
}

// array passes over an array and tells visit of each element.
func (s *scanner) array(visit func(value []byte)) *Error {
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; s.peek() != ']' || !first; first = false {
		value, err := s.value()
		if err != nil {
			return err
		}
		if visit != nil {
			visit(value)
		}
		s.space()
		if s.peek() == ']' {
			break
		}
		if s.peek() != ',' {
			return s.unexpected("a comma or the end of the list")
		}
		s.pos++
	}
	s.pos++
	s.depth--
	return nil
}

// text passes over a string with its quotes.
func (s *scanner) text() *Error {
	open := s.pos
	s.pos++
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		case c < ' ':
			return s.fail("control character 0x%02X inside of a text; it must be escaped", c)
		case c < utf8.RuneSelf:
			s.pos++
		default:
			r, size := utf8.DecodeRune(s.data[s.pos:])
			if r == utf8.RuneError && size == 1 {
				return s.fail("byte 0x%02X is no UTF-8", c)
			}
			s.pos += size
		}
	}
	s.pos = open
	return s.fail("a text begins here and has no end")
}

func (s *scanner) escape() *Error {
	s.pos++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos++
		return nil
	case 'u':
		s.pos++
		for range 4 {
			if !isHex(s.peek()) {
				return s.unexpected("one of four hexadecimal digits")
			}
			s.pos++
		}
		return nil
	}
	return s.unexpected("an escape that JSON knows")
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func (s *scanner) number() *Error {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if !s.digits() {
		return s.unexpected("a digit")
	}
	if s.peek() == '.' {
		s.pos++
		if !s.digits() {
			return s.unexpected("a digit")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if !s.digits() {
			return s.unexpected("a digit")
		}
	}
	return nil
}

func (s *scanner) digits() bool {
	start := s.pos
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.pos++
	}
	return s.pos > start
}

func (s *scanner) word(word string) *Error {
	if !bytes.HasPrefix(s.data[s.pos:], []byte(word)) {
		return s.unexpected("a value")
	}
	s.pos += len(word)
	return nil
}
