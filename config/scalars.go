package config

import (
	"time"

	"github.com/spf13/viper"
)

// scalars are the plain settings with their types, in viper. Names have dots of their own, hence the other delimiter;
// the table's names are all lower case, which viper wants.
type scalars struct {
	v     *viper.Viper
	asked map[string]bool
}

// delimiter stands in no name.
const delimiter = "::"

// scalars checks all plain settings and gives them with their defaults.
func (l *layers) scalars(r *resolver) *scalars {
	s := &scalars{v: viper.NewWithOptions(viper.KeyDelimiter(delimiter)), asked: map[string]bool{}}
	for _, known := range l.schema.scalars {
		if known.Kind == List {
			s.v.SetDefault(known.Name, splitList(known.Default))
			continue
		}
		if value, want := known.parse(known.Default); want == "" {
			s.v.SetDefault(known.Name, value)
		}
	}
	given := map[string]any{}
	for _, key := range l.schema.keys {
		slot := l.slots[canonical(key.Name)]
		if slot == nil || l.schema.scalars[canonical(key.Name)] == nil {
			continue
		}
		if value, ok := l.read(key, slot, r); ok {
			given[key.Name] = value
		}
	}
	if err := s.v.MergeConfigMap(given); err != nil {
		l.report.problems = append(l.report.problems, err)
	}
	return s
}

// read gives the value of one setting; not ok when it is blank, which leaves the default, or a problem.
func (l *layers) read(key Key, s *slot, r *resolver) (any, bool) {
	if key.Kind == List {
		return l.readList(key, s, r)
	}
	n := s.scalar
	if n == nil {
		l.report.problem(s.origin(), key.Name, &node{kind: listNode}, wantOf(key))
		return nil, false
	}
	if n.kind != scalarNode {
		l.report.problem(n.origin, key.Name, n, wantOf(key))
		return nil, false
	}
	text, ok := l.resolved(key.Name, n, r)
	if !ok {
		return nil, false
	}
	if n.null || text == "" && key.Default != "" || key.Kind != Text && text == "" {
		return nil, false
	}
	value, want := key.parse(text)
	if want != "" {
		l.report.problem(n.origin, key.Name, &node{text: text}, want)
		return nil, false
	}
	return value, true
}

// wantOf says what a key takes.
func wantOf(key Key) string {
	if _, want := key.parse("\x00"); want != "" {
		return want
	}
	if key.Kind == List {
		return "a list, or a text with commas"
	}
	return "a text"
}

// readList gives the items of a list, or of a text parted by commas.
func (l *layers) readList(key Key, s *slot, r *resolver) (any, bool) {
	items := s.list()
	if s.scalar != nil && s.scalar.kind == scalarNode && !s.scalar.null {
		text, ok := l.resolved(key.Name, s.scalar, r)
		return splitList(text), ok
	}
	list := []string{}
	for _, item := range items {
		text, ok := l.resolved(key.Name, item, r)
		if !ok {
			return nil, false
		}
		list = append(list, text)
	}
	if len(items) < len(s.items) {
		l.report.problem(s.origin(), key.Name, &node{kind: listNode}, "texts, from [0] on without gaps")
		return nil, false
	}
	return list, true
}

// resolved gives a value's text with its placeholders filled in; not ok when that fails.
func (l *layers) resolved(name string, n *node, r *resolver) (string, bool) {
	text, err := r.resolve(n.text)
	if err != nil {
		l.report.problem(n.origin, name, n, "placeholders that end: "+err.Error())
		return "", false
	}
	return text, true
}

func (s *scalars) text(name string) string   { s.asked[name] = true; return s.v.GetString(name) }
func (s *scalars) truth(name string) bool    { s.asked[name] = true; return s.v.GetBool(name) }
func (s *scalars) number(name string) int    { s.asked[name] = true; return s.v.GetInt(name) }
func (s *scalars) size(name string) int64    { s.asked[name] = true; return s.v.GetInt64(name) }
func (s *scalars) list(name string) []string { s.asked[name] = true; return s.v.GetStringSlice(name) }

func (s *scalars) time(name string) time.Duration { s.asked[name] = true; return s.v.GetDuration(name) }
