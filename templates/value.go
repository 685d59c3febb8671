package templates

import (
	"encoding/base64"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// kind is the type that a YAML value has for the reference.
type kind uint8

const (
	kindNull kind = iota
	kindText
	kindBool
	kindInt
	kindFloat
	kindTime
	kindBinary
	kindList
	kindMap
	kindSet
)

// value is one node of a YAML document. Values are never changed once read, so that aliases can share them.
type value struct {
	kind    kind
	text    string   // scalars: true, 8, 1.0E10, Infinity, 2020-01-01T00:00:00Z; text and binary as they are
	list    []*value // lists
	entries mapping  // maps, and sets with null as each value

	line, column int // where it starts, from 1; 0 when it was not read
	weight       int // what it costs to walk over it, aliases counted as often as they are met
}

// entry is one key of a map with its value.
type entry struct {
	key, value *value
}

// mapping keeps entries in their order and finds them by key.
type mapping struct {
	entries []entry
	index   map[identity]int // only over indexedFrom entries
	moved   int              // entries without a key, where a key stood that putLast has moved; see settle
}

// indexedFrom is the number of entries above which an index pays.
const indexedFrom = 8

// identity is what makes keys and list elements equal: kind and content, so 1, 1.0 and "1" differ.
type identity struct {
	kind kind
	text string
}

var null = &value{kind: kindNull, text: "null", weight: 1}

func newText(s string) *value { return &value{kind: kindText, text: s, weight: 1 + len(s)} }

func newMap(entries mapping) *value {
	v := &value{kind: kindMap, entries: entries}
	v.weigh()
	return v
}

// weigh sums up the weights of the children.
func (v *value) weigh() {
	v.weight = 1 + len(v.text)
	for _, e := range v.list {
		v.weight += e.weight
	}
	for _, e := range v.entries.entries {
		v.weight += e.key.weight + e.value.weight
	}
}

func (v *value) isCollection() bool { return v.kind >= kindList }

// identity describes the value so that equal ones have equal identities. The order of map keys does not count.
func (v *value) identity() identity {
	if !v.isCollection() {
		return identity{v.kind, v.text}
	}
	var b strings.Builder
	v.describe(&b)
	return identity{v.kind, b.String()}
}

func (v *value) describe(b *strings.Builder) {
	switch v.kind {
	case kindList:
		b.WriteByte('[')
		for _, e := range v.list {
			e.describe(b)
		}
		b.WriteByte(']')
	case kindMap, kindSet:
		b.WriteByte('{')
		for _, e := range v.entries.sorted() {
			e.key.describe(b)
			e.value.describe(b)
		}
		b.WriteByte('}')
	default:
		b.WriteByte('a' + byte(v.kind))
		b.WriteString(strconv.Itoa(len(v.text)))
		b.WriteByte(':')
		b.WriteString(v.text)
	}
}

// find gives the position of a key, -1 when it is not there.
func (m *mapping) find(key identity) int {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return i
		}
		return -1
	}
	for i, e := range m.entries {
		if e.key != nil && e.key.kind == key.kind && e.key.identity() == key {
			return i
		}
	}
	return -1
}

// get gives the value of a text key, nil when it is not there.
func (m *mapping) get(key string) *value {
	if i := m.find(identity{kindText, key}); i >= 0 {
		return m.entries[i].value
	}
	return nil
}

// put sets a key: a new one at the end, a known one in its old place.
func (m *mapping) put(key, v *value) {
	id := key.identity()
	if i := m.find(id); i >= 0 {
		m.entries[i].value = v
		return
	}
	m.add(id, entry{key, v})
}

// putLast sets a key: new or known, it stands at the end then. settle has to follow before anything else is done.
func (m *mapping) putLast(key, v *value) {
	id := key.identity()
	if i := m.find(id); i >= 0 {
		m.entries[i] = entry{}
		m.moved++
	}
	m.add(id, entry{key, v})
}

// settle closes the gaps of keys that were moved.
func (m *mapping) settle() {
	if m.moved == 0 {
		return
	}
	m.moved = 0
	m.entries = slices.DeleteFunc(m.entries, func(e entry) bool { return e.key == nil })
	if m.index != nil {
		m.number()
	}
}

func (m *mapping) add(id identity, e entry) {
	m.entries = append(m.entries, e)
	switch {
	case m.index != nil:
		m.index[id] = len(m.entries) - 1
	case len(m.entries) > indexedFrom:
		m.number()
	}
}

func (m *mapping) number() {
	m.index = make(map[identity]int, 2*len(m.entries))
	for i, e := range m.entries {
		if e.key != nil {
			m.index[e.key.identity()] = i
		}
	}
}

// clone copies the mapping, not its values.
func (m *mapping) clone() mapping {
	c := mapping{entries: append(make([]entry, 0, len(m.entries)+4), m.entries...)}
	if m.index != nil {
		c.index = make(map[identity]int, len(m.index))
		for k, i := range m.index {
			c.index[k] = i
		}
	}
	return c
}

// javaText is the value as the reference puts it into text: lists as [a, b], maps as {k=v}, null as null.
func (v *value) javaText() string {
	if !v.isCollection() {
		return v.scalarText()
	}
	var b strings.Builder
	v.appendJava(&b)
	return b.String()
}

func (v *value) appendJava(b *strings.Builder) {
	switch v.kind {
	case kindList:
		b.WriteByte('[')
		for i, e := range v.list {
			if i > 0 {
				b.WriteString(", ")
			}
			e.appendJava(b)
		}
		b.WriteByte(']')
	case kindSet:
		b.WriteByte('[')
		for i, e := range v.entries.entries {
			if i > 0 {
				b.WriteString(", ")
			}
			e.key.appendJava(b)
		}
		b.WriteByte(']')
	case kindMap:
		b.WriteByte('{')
		for i, e := range v.entries.entries {
			if i > 0 {
				b.WriteString(", ")
			}
			e.key.appendJava(b)
			b.WriteByte('=')
			e.value.appendJava(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString(v.scalarText())
	}
}

func (v *value) scalarText() string {
	switch v.kind {
	case kindTime:
		return javaDate(v.text)
	case kindBinary:
		return base64.StdEncoding.EncodeToString([]byte(v.text))
	default:
		return v.text
	}
}

// javaClass names the class that the reference reads the value into, for the texts that quote it.
func (v *value) javaClass() string {
	switch v.kind {
	case kindNull:
		return "null"
	case kindBool:
		return "java.lang.Boolean"
	case kindInt:
		return integerClass(v.text)
	case kindFloat:
		return "java.lang.Double"
	case kindTime:
		return "java.util.Date"
	case kindBinary:
		return "[B"
	case kindList:
		return "java.util.ArrayList"
	case kindSet:
		return "java.util.LinkedHashSet"
	case kindMap:
		return "java.util.LinkedHashMap"
	default:
		return "java.lang.String"
	}
}

func integerClass(text string) string {
	n, ok := new(big.Int).SetString(text, 10)
	switch {
	case !ok || !n.IsInt64():
		return "java.math.BigInteger"
	case n.Int64() == int64(int32(n.Int64())):
		return "java.lang.Integer"
	default:
		return "java.lang.Long"
	}
}

// noun names the kind for people.
func (v *value) noun() string {
	return [...]string{"null", "text", "a boolean", "a number", "a number", "a date", "binary data", "a list", "a map", "a set"}[v.kind]
}
