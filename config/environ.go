package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// environment is what the process was started with, by name.
type environment map[string]string

func newEnvironment(environ []string) environment {
	e := make(environment, len(environ))
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && name != "" {
			e[name] = value
		}
	}
	return e
}

// get gives a variable for a dotted name: under that name itself, or in capitals with _ for dots, dashes dropped or _ as
// well.
func (e environment) get(name string) (string, bool) {
	if value, ok := e[name]; ok {
		return value, true
	}
	upper := strings.ToUpper(strings.NewReplacer(".", "_", "[", "_", "]", "").Replace(name))
	for _, variable := range []string{strings.ReplaceAll(upper, "-", ""), strings.ReplaceAll(upper, "-", "_")} {
		if value, ok := e[variable]; ok {
			return value, true
		}
	}
	return "", false
}

// sorted lists the names.
func (e environment) sorted() []string { return slices.Sorted(maps.Keys(e)) }

// serviceLink fits the variables that Kubernetes sets for a service named purser. They are no settings.
var serviceLink = regexp.MustCompile(`^PURSER_(SERVICE_(HOST|PORT)|PORT)(_|$)`)

// addEnvironment takes in the variables that are settings (spec/rest.md §7), in order of their names.
func (l *layers) addEnvironment(e environment) {
	for _, name := range e.sorted() {
		head, _, _ := strings.Cut(name, "_")
		if !l.schema.heads[strings.ToLower(head)] {
			continue
		}
		n := &node{text: e[name], plain: true, origin: Origin{Source: "env " + name}}
		if !l.addVariable(name, n) && strictVariable(name) {
			l.report.warn("%s is not a known setting%s", n.origin, l.schema.suggest(name))
		}
	}
}

// strictVariable tells whether a variable that is no setting is worth a warning.
func strictVariable(name string) bool {
	upper := strings.ToUpper(name)
	return (strings.HasPrefix(upper, "PURSER_") || strings.HasPrefix(upper, "SPRING_CLOUD_SKIPPER_SERVER_")) && !serviceLink.MatchString(upper)
}

// addVariable finds the setting that a variable means. Dashes and dots are lost in its name, so it is compared without
// them.
func (l *layers) addVariable(name string, n *node) bool {
	parts := strings.Split(strings.ToLower(strings.Trim(name, "_")), "_")
	index := ""
	if last := parts[len(parts)-1]; len(parts) > 1 && isNumber(last) {
		index = "[" + last + "]"
	}
	if known := l.schema.squeezed[strings.Join(parts, "")]; known != nil {
		l.addPlain(known.Name, l.stamped(n))
		return true
	}
	if index != "" {
		if known := l.schema.squeezed[strings.Join(parts[:len(parts)-1], "")]; known != nil && known.Kind == List {
			l.addPlain(known.Name+index, l.stamped(n))
			return true
		}
	}
	var prefix string
	for i, part := range parts {
		if found := l.schema.packed[prefix]; found != nil {
			l.add(l.placeVariable(found, parts[i:], n.origin), n)
			return true
		}
		prefix += part
	}
	return false
}

// stamped is n with the number of the source.
func (l *layers) stamped(n *node) *node {
	n.stamp(l.source)
	return n
}

// placeVariable finds the place below a section that the rest of a variable's name means.
func (l *layers) placeVariable(s *section, parts []string, origin Origin) place {
	p := place{section: s, flat: s.prefix + "." + strings.Join(parts, ".")}
	if s.named {
		n := s.variableName(parts)
		p.name = l.chosenName(s, parts[:n], origin)
		parts = parts[n:]
	}
	if len(s.known) > 0 {
		p.path = s.variablePath(parts)
		return p
	}
	tree := l.trees[s]
	if s.named && tree != nil {
		tree = tree.children[p.name]
	}
	for len(parts) > 0 {
		name, n := tree.variableChild(parts)
		p.path = append(p.path, segment{text: name, index: isNumber(name), quoted: true})
		tree, parts = tree.find(name), parts[n:]
	}
	return p
}

// variableName tells how many parts are the chosen name: as few as possible, so that a known key follows.
func (s *section) variableName(parts []string) int {
	for n := 1; n < len(parts); n++ {
		if len(s.variableKey(parts[n:])) > 0 {
			return n
		}
	}
	return 1
}

// variableKey gives the path of a known key that parts mean; none when there is no such key.
func (s *section) variableKey(parts []string) []segment {
	last := len(parts) - 1
	whole := strings.Join(parts, "")
	for key, name := range s.known {
		if squeezed(key) == whole {
			return []segment{{text: name, quoted: true}}
		}
		if last > 0 && isNumber(parts[last]) && squeezed(key) == strings.Join(parts[:last], "") {
			return []segment{{text: name, quoted: true}, {text: parts[last], index: true}}
		}
		if head, ok := strings.CutSuffix(name, ".*"); ok && last > 0 && squeezed(head) == strings.Join(parts[:last], "") {
			return []segment{{text: head + "." + parts[last], quoted: true}}
		}
	}
	return nil
}

// variablePath gives the path that parts mean, whether known or not.
func (s *section) variablePath(parts []string) []segment {
	if path := s.variableKey(parts); path != nil {
		return path
	}
	if len(parts) == 0 {
		return nil
	}
	return []segment{{text: strings.Join(parts, "-"), quoted: true}}
}

// chosenName finds the name that is meant among those that exist already: a variable cannot tell cases, dots and dashes
// apart. Of several the one in lower case is taken.
func (l *layers) chosenName(s *section, parts []string, origin Origin) string {
	plain := strings.Join(parts, "-")
	tree := l.trees[s]
	if tree == nil {
		return plain
	}
	var found []string
	for _, name := range tree.keys {
		if letters(name) == letters(plain) {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return plain
	}
	slices.SortStableFunc(found, func(a, b string) int { return capitals(a) - capitals(b) })
	if len(found) > 1 {
		l.report.warn("%s could mean each of %s: it is taken for %s", origin, strings.Join(found, ", "), found[0])
	}
	return found[0]
}

// variableChild finds the child that the first parts mean, and how many parts it takes; the first part when there is
// none.
func (n *node) variableChild(parts []string) (string, int) {
	if n != nil {
		for take := len(parts); take > 0; take-- {
			wanted := letters(strings.Join(parts[:take], ""))
			for _, key := range n.keys {
				if letters(key) == wanted {
					return key, take
				}
			}
		}
	}
	return parts[0], 1
}

// letters is a name without all that a variable cannot hold.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

func capitals(name string) int {
	n := 0
	for _, r := range name {
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n
}
