package templates

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// dumpManifest writes documents in the form of manifests: every key and scalar in double quotes, lines never folded,
// documents separated by a marker, block style throughout (spec/packages.md §4).
func dumpManifest(docs []*value) string {
	e := emitter{quoted: true}
	e.documents(docs)
	return e.out.String()
}

// dumpValues writes one document in the form of stored values: plain text where that reads back the same, in single
// quotes otherwise (spec/packages.md §5.6).
func dumpValues(v *value) string {
	e := emitter{}
	e.documents([]*value{v})
	return e.out.String()
}

// maxSimpleKey is the length, tag included, from which a key stands behind a question mark.
const maxSimpleKey = 128

// foldFrom is the column behind which stored values are folded at blanks.
const foldFrom = 80

// emitter writes block style YAML the way the reference does. It keeps what its indicators need to know of the line.
type emitter struct {
	out    strings.Builder
	quoted bool

	indent     int // of the innermost collection; below 0 outside
	column     int // in UTF-16 units
	whitespace bool
	indention  bool // the line has had nothing but blanks and indicators that may share a line
	root       bool // what is written now is a whole document

	numbers map[*value]int // of lists and maps: 0 when met once, the number of the anchor when met again
	written map[*value]bool
	last    int // number of the last anchor, over all documents
}

func (e *emitter) documents(docs []*value) {
	e.whitespace, e.indention = true, true
	for i, d := range docs {
		e.indent = -1
		if i > 0 {
			e.newLine()
			e.indicator("---", true, false, false)
		}
		e.numbers, e.written = map[*value]int{}, map[*value]bool{}
		e.number(d)
		e.root = true
		e.node(d, false)
		e.newLine()
	}
}

// number finds the lists and maps that are met more than once. Anchors are numbered in the order of the second meeting.
func (e *emitter) number(v *value) {
	if !v.isCollection() {
		return
	}
	if n, met := e.numbers[v]; met {
		if n == 0 {
			e.last++
			e.numbers[v] = e.last
		}
		return
	}
	e.numbers[v] = 0
	for _, item := range v.list {
		e.number(item)
	}
	for _, en := range v.entries.entries {
		e.number(en.key)
		e.number(en.value)
	}
}

// node writes a value; inMap tells whether it stands behind a key.
func (e *emitter) node(v *value, inMap bool) {
	root := e.root
	e.root = false
	if !v.isCollection() {
		e.scalar(v, false, root)
		return
	}
	if n := e.numbers[v]; n > 0 {
		if e.written[v] {
			e.indicator(fmt.Sprintf("*id%03d", n), true, false, false)
			return
		}
		e.written[v] = true
		e.indicator(fmt.Sprintf("&id%03d", n), true, false, false)
	}
	if v.kind == kindSet {
		e.indicator("!!set", true, false, false)
	}
	switch {
	case v.kind == kindList && len(v.list) == 0:
		e.empty("[", "]")
	case e.quoted && v.isDatesAlone():
		e.dates(v)
	case v.kind == kindList:
		e.sequence(v, inMap)
	case len(v.entries.entries) == 0:
		e.empty("{", "}")
	default:
		e.mapping(v)
	}
}

// empty writes a collection without elements: manifests have a line break between the brackets.
func (e *emitter) empty(open, end string) {
	e.indicator(open, true, true, false)
	if e.quoted {
		outer := e.indent
		e.indent = max(e.indent, 0) + 2
		e.newLine()
		e.indent = outer
	}
	e.indicator(end, false, false, false)
}

func (e *emitter) sequence(v *value, inMap bool) {
	outer := e.indent
	if !inMap || e.indention {
		e.deeper()
	}
	for _, item := range v.list {
		e.newLine()
		e.indicator("-", true, false, true)
		e.node(item, false)
	}
	e.indent = outer
}

func (e *emitter) mapping(v *value) {
	outer := e.indent
	e.deeper()
	for _, en := range v.entries.entries {
		e.newLine()
		if e.isSimpleKey(en.key) {
			e.scalar(en.key, true, false)
			e.indicator(":", false, false, false)
			e.node(en.value, true)
			continue
		}
		e.indicator("?", true, false, true)
		e.node(en.key, true)
		e.newLine()
		e.indicator(":", true, false, true)
		e.node(en.value, true)
	}
	e.indent = outer
}

func (e *emitter) deeper() {
	if e.indent < 0 {
		e.indent = 0
		return
	}
	e.indent += 2
}

var shortTags = map[kind]string{
	kindNull: "!!null", kindText: "!!str", kindBool: "!!bool", kindInt: "!!int", kindFloat: "!!float",
	kindTime: "!!timestamp", kindBinary: "!!binary",
}

// isSimpleKey tells whether a key can stand before its colon on one line.
func (e *emitter) isSimpleKey(key *value) bool {
	if key.isCollection() {
		return false
	}
	text := e.content(key)
	return text != "" && !strings.ContainsAny(text, lineBreaks) && unitLength(text)+len(shortTags[e.kindOf(key)]) < maxSimpleKey
}

// kindOf is the kind that a scalar is written as: manifests know text, null, dates and binary data alone, and text that
// YAML cannot hold becomes binary.
func (e *emitter) kindOf(v *value) kind {
	switch v.kind {
	case kindText:
		if !printable(v.text) {
			return kindBinary
		}
	case kindBool, kindInt, kindFloat:
		if e.quoted {
			return kindText
		}
	}
	return v.kind
}

// content is a scalar as it is written, before quoting.
func (e *emitter) content(v *value) string {
	switch {
	case e.kindOf(v) == kindBinary:
		return base64.StdEncoding.EncodeToString([]byte(v.text))
	case v.kind == kindFloat:
		return yamlFloat(v.text)
	default:
		return v.text
	}
}

func (e *emitter) scalar(v *value, isKey, root bool) {
	text := e.content(v)
	if !isKey { // what a scalar continues on stands deeper than its collection
		outer := e.indent
		defer func() { e.indent = outer }()
		if e.indent += 2; outer < 0 {
			e.indent = 2
		}
	}
	switch k := e.kindOf(v); {
	case k == kindBinary:
		e.indicator("!!binary", true, false, false)
		if isKey || text == "" {
			e.doubleQuoted(text, !e.quoted && !isKey)
			return
		}
		e.literal(text)
	case k == kindTime:
		e.plain(text, false)
	case e.quoted && k == kindNull:
		e.indicator("!!null", true, false, false)
		e.doubleQuoted(text, false)
	case e.quoted:
		e.doubleQuoted(text, false)
	case k != kindText:
		e.plain(text, false)
	default:
		e.text(text, isKey, root)
	}
}

// text writes text of stored values in the plainest form that reads back as text.
func (e *emitter) text(s string, isKey, root bool) {
	a := analyse(s)
	plain, merge := plainKind(s)
	switch multiline := a.multiline; {
	case multiline && !isKey && a.block:
		e.literal(s)
	case !multiline && a.plain && plain == kindText && !merge && !(root && s == "") && !leadingZero(s):
		e.plain(s, !isKey)
	case a.single && !(isKey && multiline):
		e.singleQuoted(s, !isKey)
	default:
		e.doubleQuoted(s, !isKey)
	}
}

// leadingZero tells of text such as 089: it is no number here, but other readers take it for one.
func leadingZero(s string) bool {
	return len(s) > 1 && s[0] == '0' && strings.Trim(s, "0123456789_") == ""
}
