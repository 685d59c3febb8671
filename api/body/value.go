package body

import (
	"bytes"
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

func sizeOf(n int) string { return strconv.Itoa(n) + " characters" }

// Text gives a member that is a text; numbers and booleans are taken as they are spelt. nil: null.
func (o *Object) Text(key string) *string {
	value := o.find(key)
	if value == nil {
		return nil
	}
	text, ok := textOf(value)
	if !ok {
		o.refuse(key, value, "a text")
		return nil
	}
	return &text
}

func textOf(value []byte) (string, bool) {
	switch value[0] {
	case '"':
		return unquote(value[1 : len(value)-1]), true
	case '{', '[':
		return "", false
	}
	return string(value), true
}

// Texts gives a member that is a list of texts, nil when it is null. A null in the list is "".
func (o *Object) Texts(key string) []string {
	var list []string
	for _, value := range o.list(key, "a list of texts") {
		text, ok := "", true
		if string(value) != "null" {
			text, ok = textOf(value)
		}
		if !ok {
			o.refuse(key, value, "a list of texts")
			return nil
		}
		list = append(list, text)
	}
	return list
}

// TextMap gives a member that is an object of texts, nil when it is null. Members that are null are left out.
func (o *Object) TextMap(key string) map[string]string {
	inner := o.Object(key)
	if inner.null {
		return nil
	}
	texts := make(map[string]string, len(inner.members))
	for _, m := range inner.members {
		name := unquote(m.key)
		delete(texts, name)
		if value := nonNull(m.value); value != nil {
			text, ok := textOf(value)
			if !ok {
				o.refuse(key+"."+name, value, "a text")
				return nil
			}
			texts[name] = text
		}
	}
	return texts
}

// Int gives a member that is a number of 32 bits, or its text; fractions are cut. nil: null, or an empty text.
func (o *Object) Int(key string) *int {
	n := o.number(key, 32)
	if n == nil {
		return nil
	}
	small := int(*n)
	return &small
}

// Long gives a member that is a number of 64 bits, or its text; fractions are cut. nil: null, or an empty text.
func (o *Object) Long(key string) *int64 { return o.number(key, 64) }

func (o *Object) number(key string, bits int) *int64 {
	value := o.find(key)
	if value == nil {
		return nil
	}
	var n int64
	var err error
	switch c := value[0]; {
	case c == '"':
		text := strings.TrimSpace(unquote(value[1 : len(value)-1]))
		if text == "" || text == "null" {
			return nil
		}
		n, err = strconv.ParseInt(text, 10, bits)
	case c == '-' || c >= '0' && c <= '9':
		n, err = cut(string(value), bits)
	default:
		err = strconv.ErrSyntax
	}
	if err != nil {
		o.refuse(key, value, "a whole number of "+strconv.Itoa(bits)+" bits")
		return nil
	}
	return &n
}

// cut gives the whole part of a number that has passed the scanner.
func cut(text string, bits int) (int64, error) {
	if !strings.ContainsAny(text, ".eE") {
		return strconv.ParseInt(text, 10, bits)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, err
	}
	if limit := math.Ldexp(1, bits-1); f >= limit || f <= -limit-1 {
		return 0, strconv.ErrRange
	}
	return int64(f), nil
}

// Bool gives a member that is a boolean, a whole number (0 is false), or one of the texts true, True, TRUE, false,
// False and FALSE, with blanks around them or not. null and an empty text are false.
func (o *Object) Bool(key string) bool {
	value := o.find(key)
	if value == nil {
		return false
	}
	switch c := value[0]; {
	case c == 't' || c == 'f':
		return c == 't'
	case c == '"':
		switch strings.TrimSpace(unquote(value[1 : len(value)-1])) {
		case "true", "True", "TRUE":
			return true
		case "", "null", "false", "False", "FALSE":
			return false
		}
	case c == '-' || c >= '0' && c <= '9':
		if !bytes.ContainsAny(value, ".eE") {
			return string(value) != "0"
		}
	}
	o.refuse(key, value, "true or false")
	return false
}

// Bytes gives a member that is base64 (standard alphabet, with padding; white space is passed over) or a list of
// numbers from -128 to 255. nil: null; an empty text is empty and not nil.
func (o *Object) Bytes(key string) []byte {
	value := o.find(key)
	if value == nil {
		return nil
	}
	switch value[0] {
	case '"':
		if decoded, ok := decodeBase64(value[1 : len(value)-1]); ok {
			return decoded
		}
		if o.doc.err == nil {
			o.doc.err = errorAt(o.doc.data, o.offset(value), "'%s' is no base64 text", key)
		}
	case '[':
		if decoded, ok := o.bytes(key); ok {
			return decoded
		}
		o.refuse(key, value, "base64 text or a list of bytes")
	default:
		o.refuse(key, value, "base64 text or a list of bytes")
	}
	return nil
}

func (o *Object) bytes(key string) ([]byte, bool) {
	elements := o.list(key, "a list of bytes")
	decoded := make([]byte, 0, len(elements))
	for _, element := range elements {
		if string(element) == "null" {
			decoded = append(decoded, 0)
			continue
		}
		n, err := strconv.ParseInt(string(bytes.Trim(element, `"`)), 10, 16)
		if err != nil || n < -128 || n > 255 {
			return nil, false
		}
		decoded = append(decoded, byte(n))
	}
	return decoded, true
}

func decodeBase64(text []byte) ([]byte, bool) {
	if bytes.IndexByte(text, '\\') >= 0 {
		text = []byte(unquote(text))
	}
	if bytes.IndexByte(text, ' ') >= 0 || bytes.IndexByte(text, '\t') >= 0 {
		text = bytes.Map(func(r rune) rune {
			if r == ' ' || r == '\t' {
				return -1
			}
			return r
		}, text)
	}
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(decoded, text)
	return decoded[:n], err == nil
}

// unquote gives the text that stands between two quotes of a checked document.
func unquote(s []byte) string {
	first := bytes.IndexByte(s, '\\')
	if first < 0 {
		return string(s)
	}
	out := append(make([]byte, 0, len(s)), s[:first]...)
	for i := first; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hexRune(s[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				low := utf8.RuneError
				if i+6 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
					low = utf16.DecodeRune(r, hexRune(s[i+3:]))
				}
				if r = low; r != utf8.RuneError {
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}

func hexRune(s []byte) rune {
	n, err := strconv.ParseUint(string(s[:4]), 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}
