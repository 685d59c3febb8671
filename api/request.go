package api

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"purser/api/body"
)

// DecodeObject reads the body of a request as a JSON object (spec/rest.md §3.1). Its failures: UnsupportedType for
// another type than JSON, NotReadable for a body that is missing, is no JSON or is no object, CodeTooLarge. Whoever has
// taken the members asks Readable for what is wrong with them.
func DecodeObject(r *http.Request) (*body.Object, error) {
	data, err := ReadBody(r)
	if err != nil {
		return nil, err
	}
	o, err := body.Parse(data)
	switch {
	case err != nil:
		return nil, NotReadable("JSON parse error: " + err.Error())
	case o == nil:
		return nil, missingBody(r)
	}
	return o, nil
}

// Readable gives the failure for the first member of the object's document that is not of the kind asked for.
func Readable(o *body.Object) error {
	if err := o.Err(); err != nil {
		return NotReadable("JSON parse error: " + err.Error())
	}
	return nil
}

func missingBody(r *http.Request) *Failure {
	return NotReadable("Required request body is missing: " + r.Method + " " + RawPath(r) + " wants a JSON object")
}

// ReadBody reads the body of a request of a JSON type as UTF-8. The failures are those of DecodeObject, as far as they
// do not concern the content.
func ReadBody(r *http.Request) ([]byte, error) {
	decode, err := bodyType(r)
	if err != nil {
		return nil, err
	}
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, missingBody(r)
	}
	if decode == nil {
		return nil, UnsupportedType("Content type 'application/octet-stream' not supported")
	}
	return decode(data)
}

// firstRead is the room in bytes that is made for a body before any of it has come.
const firstRead = 1 << 20

func readAll(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	var data bytes.Buffer
	if r.ContentLength > 0 {
		data.Grow(int(min(r.ContentLength, firstRead)) + bytes.MinRead)
	}
	if _, err := data.ReadFrom(r.Body); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return nil, err
		}
		// The caller is gone or does not keep to its own framing.
		return nil, &Failure{
			Status: http.StatusBadRequest, Exception: NotReadableException, Err: err,
			Message: "I/O error while reading input message: the request body ended early",
		}
	}
	return data.Bytes(), nil
}

// decoder turns a body into UTF-8.
type decoder func(data []byte) ([]byte, error)

// bodyType checks the type of a body and gives the way to read it; nil when the request does not name a type.
func bodyType(r *http.Request) (decoder, error) {
	header := strings.TrimSpace(r.Header.Get("Content-Type"))
	if header == "" {
		return nil, nil // no type is not wrong yet: without a body it does not matter
	}
	t, problem := parseBodyType(header)
	if problem != "" {
		return nil, UnsupportedType(`Invalid mime type "` + header + `": ` + problem)
	}
	decode, ok := decoders[strings.ToLower(t.charset)]
	switch {
	case !ok:
		return nil, UnsupportedType(`Invalid mime type "` + header + `": unsupported charset '` + t.charset + `'`)
	case !t.isJSON():
		return nil, UnsupportedType("Content type '" + t.String() + "' not supported")
	}
	return decode, nil
}

// decoders are the charsets a body may be in. Those of Unicode are recognised by the bytes, whatever the header says.
var decoders = map[string]decoder{
	"": fromUnicode, "utf-8": fromUnicode, "utf8": fromUnicode, "us-ascii": fromUnicode, "ascii": fromUnicode,
	"utf-16": fromUnicode, "utf-16be": fromUnicode, "utf-16le": fromUnicode,
	"iso-8859-1": fromLatin1, "latin1": fromLatin1,
}

func fromLatin1(data []byte) ([]byte, error) {
	out := make([]byte, 0, len(data)+len(data)/8)
	for _, c := range data {
		out = utf8.AppendRune(out, rune(c))
	}
	return out, nil
}

// fromUnicode passes UTF-8 on and decodes UTF-16, which a byte order mark or the zero bytes of its ASCII characters
// give away.
func fromUnicode(data []byte) ([]byte, error) {
	if len(data) < 2 {
		return data, nil
	}
	a, b := data[0], data[1]
	big := a == 0xFE && b == 0xFF || a == 0 && b != 0
	little := a == 0xFF && b == 0xFE || a != 0 && b == 0
	if !big && !little {
		return data, nil
	}
	if len(data)%2 != 0 {
		return nil, NotReadable("JSON parse error: the body looks like UTF-16, but its length is odd")
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i < len(data); i += 2 {
		unit := uint16(data[i])<<8 | uint16(data[i+1])
		if little {
			unit = uint16(data[i+1])<<8 | uint16(data[i])
		}
		units = append(units, unit)
	}
	return []byte(string(utf16.Decode(units))), nil
}
