package templates

import "strings"

// frame is what a section has put in reach; names are looked up from the innermost frame outwards.
type frame struct {
	outer       *frame
	data        any // *scope, *item (an entry of a loop) or string
	index       int // in the innermost loop, from 1; 0 outside
	first, last bool
}

// entrySet stands for the entries of a map, to loop over.
type entrySet struct{ of *scope }

// missing is the outcome of a lookup without result.
type missing struct{}

// get looks a name up in one thing alone.
func get(data any, name string) any {
	if name == "." || name == "this" {
		return data
	}
	switch d := data.(type) {
	case *scope:
		if i, ok := d.byKey[name]; ok {
			return i.value()
		}
		if name == "entrySet" {
			return entrySet{d}
		}
	case *item:
		switch name {
		case "key":
			return d.key
		case "value":
			return d.value()
		}
	case string:
		if name == "length" {
			return unitLength(d)
		}
	}
	return missing{}
}

func (i *item) value() any {
	if i.scope != nil {
		return i.scope
	}
	return i.text
}

// lookup finds a simple name: from the innermost frame outwards.
func (f *frame) lookup(name string) any {
	switch name {
	case "-first":
		return f.first
	case "-last":
		return f.last
	case "-index":
		return f.index
	}
	for ; f != nil; f = f.outer {
		if v := get(f.data, name); v != (missing{}) {
			return v
		}
	}
	return missing{}
}

// find finds a name: as a whole first, then its first part from the innermost frame outwards and each further part in
// what the one before has given. The text is the part of the name that is missing.
func (f *frame) find(p place) (any, string) {
	v := f.lookup(p.name)
	if v != (missing{}) || p.parts == nil {
		return v, p.name
	}
	v = f.lookup(p.parts[0])
	for i, part := range p.parts[1:] {
		if v == (missing{}) {
			return v, strings.Join(p.parts[:i+1], ".")
		}
		v = get(v, part)
	}
	return v, strings.Join(p.parts, ".")
}

// nest gives the frame inside of a section that is no loop.
func (f *frame) nest(data any) *frame {
	return &frame{outer: f, data: data, index: f.index, first: f.first, last: f.last}
}

// frames gives the frames for which a section is rendered: none, the present one, or one for each entry. Only what is
// missing, false or an empty set of entries makes a section empty.
func (f *frame) frames(v any) []*frame {
	switch v := v.(type) {
	case missing:
		return nil
	case bool:
		if v {
			return []*frame{f}
		}
		return nil
	case entrySet:
		all := make([]frame, len(v.of.entries))
		out := make([]*frame, len(all))
		for i, e := range v.of.entries {
			all[i] = frame{outer: f, data: e, index: i + 1, first: i == 0, last: i == len(all)-1}
			out[i] = &all[i]
		}
		return out
	default:
		return []*frame{f.nest(v)}
	}
}

// entryKey names the entry of the innermost loop, "" outside of loops.
func (f *frame) entryKey() string {
	for ; f != nil; f = f.outer {
		if i, ok := f.data.(*item); ok {
			return i.key
		}
	}
	return ""
}
