package templates

import (
	"strings"
	"unicode/utf8"
)

// scope is a map of the model: what a template sees. Each leaf is text (spec/packages.md §3.2).
type scope struct {
	entries []*item // in the order in which loops walk over them
	byKey   map[string]*item
}

// item is one entry of a scope: its value is either text or a scope.
type item struct {
	key   string
	text  string
	scope *scope // nil for text
}

// newScope makes a model of values.
func newScope(v *value) *scope {
	items := make([]*item, len(v.entries.entries))
	for i, e := range v.entries.entries {
		items[i] = &item{key: e.key.text}
		if e.value.kind == kindMap {
			items[i].scope = newScope(e.value)
		} else {
			items[i].text = doubleBackslashes(e.value.javaText())
		}
	}
	s := &scope{entries: hashOrder(items, func(i *item) string { return i.key }), byKey: make(map[string]*item, len(items))}
	for _, i := range items {
		s.byKey[i.key] = i
	}
	return s
}

// doubleBackslashes doubles each backslash that neither follows another nor begins an escape of YAML.
func doubleBackslashes(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] == '\\' && (i == 0 || s[i-1] != '\\') && !beginsEscape(s[i+1:]) {
			b.WriteByte('\\')
		}
	}
	return b.String()
}

func beginsEscape(rest string) bool {
	if rest == "" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsRune("\\0abtnvfreN_LP\" \t\n\v\f\r", r)
}

// text writes the model as Java prints maps.
func (s *scope) text() string {
	var b strings.Builder
	s.appendText(&b)
	return b.String()
}

func (s *scope) appendText(b *strings.Builder) {
	b.WriteByte('{')
	for i, e := range s.entries {
		if i > 0 {
			b.WriteString(", ")
		}
		e.appendText(b)
	}
	b.WriteByte('}')
}

// appendText writes key=value.
func (i *item) appendText(b *strings.Builder) {
	b.WriteString(i.key)
	b.WriteByte('=')
	if i.scope == nil {
		b.WriteString(i.text)
		return
	}
	i.scope.appendText(b)
}
