package apps

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// deepest is how deep a document may be nested.
const deepest = 990

// errUnreadable is a body that is not even wrong JSON: no UTF-8, nested too deep, or with a number that is too long.
var errUnreadable = errors.New("the body cannot be read")

// jsonError is what is wrong with JSON, in the words and at the places of Python's decoder, which the original's issues
// tell.
type jsonError struct {
	message string
	at      int // in characters
}

// Error implements error.
func (e *jsonError) Error() string { return fmt.Sprintf("%s at %d", e.message, e.at) }

const (
	wantValue    = "Expecting value"
	wantName     = "Expecting property name enclosed in double quotes"
	wantColon    = "Expecting ':' delimiter"
	wantComma    = "Expecting ',' delimiter"
	extraData    = "Extra data"
	noEnd        = "Unterminated string starting at"
	badControl   = "Invalid control character at"
	badEscape    = `Invalid \escape`
	badUnicode   = `Invalid \uXXXX escape`
	lowSurrogate = 0xDC00
)

// kindOf is what a value is.
type kindOf byte

const (
	nullValue kindOf = iota
	plainValue
	textValue
	listValue
	objectValue
)

// value is a JSON value that was read.
type value struct {
	kind    kindOf
	plain   []byte // true, false or a number as it is spelt
	text    string
	torn    bool // the text holds half of a character, which stands as U+FFFD
	list    []value
	members []member // in order, each name once
}

type member struct {
	name  string
	value value
}

// find gives a member of an object.
func (v value) find(name string) (value, bool) {
	for _, m := range v.members {
		if m.name == name {
			return m.value, true
		}
	}
	return value{}, false
}

// append writes a value as compact JSON.
func (v value) append(b []byte) []byte {
	switch v.kind {
	case plainValue:
		return append(b, v.plain...)
	case textValue:
		return append(b, quote(v.text)...)
	case listValue:
		b = append(b, '[')
		for i, element := range v.list {
			if i > 0 {
				b = append(b, ',')
			}
			b = element.append(b)
		}
		return append(b, ']')
	case objectValue:
		b = append(b, '{')
		for i, m := range v.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, quote(m.name)...), ':')
			b = m.value.append(b)
		}
		return append(b, '}')
	case nullValue:
	}
	return append(b, "null"...)
}

// decoder walks over JSON.
type decoder struct {
	data  []byte
	pos   int
	depth int
}

// decodeJSON reads one value. The error is errUnreadable or a *jsonError.
func decodeJSON(data []byte) (value, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return value{}, errUnreadable
	}
	d := &decoder{data: data}
	d.space()
	v, err := d.value()
	if err != nil {
		return value{}, err
	}
	if d.space(); d.pos < len(data) {
		return value{}, d.wrong(extraData, d.pos)
	}
	return v, nil
}

func (d *decoder) wrong(message string, pos int) error {
	return &jsonError{message, utf8.RuneCount(d.data[:min(pos, len(d.data))])}
}

func (d *decoder) space() {
	for d.pos < len(d.data) && bytes.IndexByte([]byte(" \t\n\r"), d.data[d.pos]) >= 0 {
		d.pos++
	}
}

// is tells whether a character comes next.
func (d *decoder) is(c byte) bool { return d.pos < len(d.data) && d.data[d.pos] == c }

// words are the values that have names. The last three are numbers that JSON does not have; they are told as null.
var words = []string{"null", "true", "false", "NaN", "Infinity", "-Infinity"}

func (d *decoder) value() (value, error) {
	switch {
	case d.is('"'):
		text, torn, err := d.text()
		return value{kind: textValue, text: text, torn: torn}, err
	case d.is('{'), d.is('['):
		if d.depth++; d.depth > deepest {
			return value{}, errUnreadable
		}
		defer func() { d.depth-- }()
		if d.is('{') {
			return d.object()
		}
		return d.array()
	}
	for _, word := range words {
		if !bytes.HasPrefix(d.data[d.pos:], []byte(word)) {
			continue
		}
		d.pos += len(word)
		switch word {
		case "null":
			return value{}, nil
		case "true", "false":
			return value{kind: plainValue, plain: []byte(word)}, nil
		}
		return value{kind: plainValue, plain: []byte("null")}, nil
	}
	return d.number()
}

func (d *decoder) object() (value, error) {
	v := value{kind: objectValue}
	places := map[string]int{}
	d.pos++
	d.space()
	if d.is('}') {
		d.pos++
		return v, nil
	}
	for {
		if !d.is('"') {
			return v, d.wrong(wantName, d.pos)
		}
		name, _, err := d.text()
		if err != nil {
			return v, err
		}
		d.space()
		if !d.is(':') {
			return v, d.wrong(wantColon, d.pos)
		}
		d.pos++
		d.space()
		found, err := d.value()
		if err != nil {
			return v, err
		}
		if i, again := places[name]; again {
			v.members[i].value = found
		} else {
			places[name] = len(v.members)
			v.members = append(v.members, member{name, found})
		}
		if done, err := d.more('}'); done || err != nil {
			return v, err
		}
	}
}

func (d *decoder) array() (value, error) {
	v := value{kind: listValue}
	d.pos++
	d.space()
	if d.is(']') {
		d.pos++
		return v, nil
	}
	for {
		element, err := d.value()
		if err != nil {
			return v, err
		}
		v.list = append(v.list, element)
		if done, err := d.more(']'); done || err != nil {
			return v, err
		}
	}
}

// more passes over what stands behind an element: a comma, or the end, with which it is done.
func (d *decoder) more(end byte) (done bool, err error) {
	d.space()
	switch {
	case d.is(end):
		d.pos++
		return true, nil
	case !d.is(','):
		return false, d.wrong(wantComma, d.pos)
	}
	d.pos++
	d.space()
	return false, nil
}

func (d *decoder) number() (value, error) {
	start := d.pos
	if d.is('-') {
		d.pos++
	}
	whole := d.pos
	if d.is('0') {
		d.pos++
	} else if !d.digits() {
		d.pos = start
		return value{}, d.wrong(wantValue, start)
	}
	long := d.pos-whole > longestNumber
	fraction := d.optional('.', "")
	exponent := d.optional('e', "+-") || d.optional('E', "+-")
	if long && !fraction && !exponent {
		return value{}, errUnreadable
	}
	plain := d.data[start:d.pos]
	if _, err := strconv.ParseFloat(string(plain), 64); err != nil && (fraction || exponent) { // beyond all numbers
		plain = []byte("null")
	}
	return value{kind: plainValue, plain: plain}, nil
}

// optional passes over a part of a number that begins with a letter, a sign or none, and has digits; all of it or nothing.
func (d *decoder) optional(letter byte, signs string) bool {
	start := d.pos
	if d.is(letter) {
		d.pos++
		if d.pos < len(d.data) && bytes.IndexByte([]byte(signs), d.data[d.pos]) >= 0 {
			d.pos++
		}
		if d.digits() {
			return true
		}
	}
	d.pos = start
	return false
}

func (d *decoder) digits() bool {
	start := d.pos
	for d.pos < len(d.data) && d.data[d.pos] >= '0' && d.data[d.pos] <= '9' {
		d.pos++
	}
	return d.pos > start
}

// escapes are what may stand behind a backslash.
var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// text reads a text. torn: it holds a surrogate without its other half.
func (d *decoder) text() (text string, torn bool, err error) {
	begin := d.pos
	d.pos++
	var b []byte
	var high rune // of a pair whose second half may come
	settle := func() {
		if high != 0 {
			b, torn, high = utf8.AppendRune(b, utf8.RuneError), true, 0
		}
	}
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c == '"':
			settle()
			d.pos++
			return string(b), torn, nil
		case c < ' ':
			return "", false, d.wrong(badControl, d.pos)
		case c != '\\':
			settle()
			b = append(b, c)
			d.pos++
			continue
		}
		if d.pos++; d.pos == len(d.data) {
			break
		}
		if plain, ok := escapes[d.data[d.pos]]; ok {
			settle()
			b = append(b, plain)
			d.pos++
			continue
		}
		if !d.is('u') {
			return "", false, d.wrong(badEscape, d.pos-1)
		}
		unit, ok := d.unit()
		if !ok {
			return "", false, d.wrong(badUnicode, d.pos)
		}
		switch {
		case unit >= lowSurrogate && utf16.IsSurrogate(unit) && high != 0:
			b, high = utf8.AppendRune(b, utf16.DecodeRune(high, unit)), 0
		case unit >= lowSurrogate && utf16.IsSurrogate(unit):
			b, torn = utf8.AppendRune(b, utf8.RuneError), true
		case utf16.IsSurrogate(unit):
			settle()
			high = unit
		default:
			settle()
			b = utf8.AppendRune(b, unit)
		}
	}
	return "", false, d.wrong(noEnd, begin)
}

// unit reads the u of an escape and its four digits. An escape that the data end with is none.
func (d *decoder) unit() (rune, bool) {
	const length = 5
	if d.pos+length >= len(d.data) {
		return 0, false
	}
	digits := d.data[d.pos+1 : d.pos+length]
	for _, c := range digits {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(string(digits), 16, 16)
	if err != nil {
		return 0, false
	}
	d.pos += length
	return rune(n), true
}
