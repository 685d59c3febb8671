package body

import (
	"bytes"
)

// Object is a JSON object as it was sent. Its methods give single members, by exact name; of members with one name the
// last counts, and a member that is not there is null. The first member that is not of the kind asked for makes Err
// give an error; what is asked afterwards comes out empty. All objects of one document share that error.
type Object struct {
	doc     *document
	members []member
	null    bool
}

type member struct {
	key   []byte
	value []byte
}

type document struct {
	data []byte
	err  *Error
}

// Parse reads the JSON object at the beginning of data, which must be UTF-8 and not change while the Object is used.
// nil without an error: data holds the word null. The error is an *Error.
func Parse(data []byte) (*Object, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	s := &scanner{data: data}
	s.space()
	o := &Object{doc: &document{data: data}}
	if s.peek() == '{' {
		if err := s.object(o.add); err != nil {
			return nil, err
		}
		return o, nil
	}
	value, err := s.value()
	if err != nil {
		return nil, err
	}
	if string(value) == "null" {
		return nil, nil
	}
	return nil, errorAt(data, s.pos-len(value), "an object is expected, not %s", kind(value))
}

// Err gives the first error of the document, nil when all members asked for were fine so far. It is an *Error.
func (o *Object) Err() error {
	if o.doc.err == nil {
		return nil
	}
	return o.doc.err
}

// IsNull tells whether the object was not there, or null. Its members are all null then.
func (o *Object) IsNull() bool { return o.null }

// Has tells whether a member is there and not null.
func (o *Object) Has(key string) bool { return o.find(key) != nil }

func (o *Object) add(key, value []byte) {
	o.members = append(o.members, member{key: key, value: value})
}

// find gives the value of a member, nil when it is null, is not there, or the document has an error.
func (o *Object) find(key string) []byte {
	if o.doc.err != nil {
		return nil
	}
	for i := len(o.members) - 1; i >= 0; i-- {
		m := o.members[i]
		if string(m.key) == key || bytes.IndexByte(m.key, '\\') >= 0 && unquote(m.key) == key {
			return nonNull(m.value)
		}
	}
	return nil
}

func nonNull(value []byte) []byte {
	if string(value) == "null" {
		return nil
	}
	return value
}

// refuse notes that the value of a member is not of the kind wanted.
func (o *Object) refuse(key string, value []byte, wanted string) {
	if o.doc.err == nil {
		o.doc.err = errorAt(o.doc.data, o.offset(value), "'%s' wants %s, not %s", key, wanted, kind(value))
	}
}

// offset gives the place of a value inside of the document: values are never copies.
func (o *Object) offset(value []byte) int {
	return cap(o.doc.data) - cap(value)
}

// kind names what a value is, for people.
func kind(value []byte) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		if len(value) > 40 {
			return "a text of " + sizeOf(len(value)-2)
		}
		return "the text " + string(value)
	case 't', 'f':
		return string(value)
	case 'n':
		return "null"
	}
	if len(value) > 40 {
		return "a number of " + sizeOf(len(value))
	}
	return "the number " + string(value)
}

// Object gives a member that is an object. When it is null or not there, the result IsNull and has no members.
func (o *Object) Object(key string) *Object {
	value := o.find(key)
	inner := &Object{doc: o.doc, null: value == nil}
	if value == nil {
		return inner
	}
	if value[0] != '{' {
		o.refuse(key, value, "an object")
		inner.null = true
		return inner
	}
	// The document was checked when it was read: walking a part of it again finds no error.
	_ = (&scanner{data: value}).object(inner.add)
	return inner
}

// Objects gives a member that is a list of objects, nil when it is null. A null in the list is an object that IsNull.
func (o *Object) Objects(key string) []*Object {
	var list []*Object
	for _, value := range o.list(key, "a list of objects") {
		inner := &Object{doc: o.doc}
		switch {
		case string(value) == "null":
			inner.null = true
		case value[0] == '{':
			_ = (&scanner{data: value}).object(inner.add)
		default:
			o.refuse(key, value, "a list of objects")
			return nil
		}
		list = append(list, inner)
	}
	return list
}

// list gives the elements of a member that is a list.
func (o *Object) list(key, wanted string) [][]byte {
	value := o.find(key)
	if value == nil {
		return nil
	}
	if value[0] != '[' {
		o.refuse(key, value, wanted)
		return nil
	}
	var elements [][]byte
	_ = (&scanner{data: value}).array(func(element []byte) { elements = append(elements, element) })
	return elements
}

// Raw gives a member as the JSON it is, nil when it is null.
func (o *Object) Raw(key string) []byte { return o.find(key) }
