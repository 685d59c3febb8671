package config

import (
	"fmt"
	"strings"
)

// resolver fills placeholders in: ${name} and ${name:default}, with other settings and the environment. What nobody
// knows stays as it is, as in Spring.
type resolver struct {
	layers      *layers
	environment environment
	unknown     map[string]bool // placeholders without a value that the last resolve has met
}

// maxExpanded bounds the text that placeholders may unfold to.
const maxExpanded = 1 << 20

// resolve fills the placeholders of a text in. The error says which of them leads back to itself.
func (r *resolver) resolve(text string) (string, error) {
	if !strings.Contains(text, "${") {
		return text, nil
	}
	r.unknown = map[string]bool{}
	return r.expand(text, nil)
}

// expand fills a text in. open are the names that are being looked up.
func (r *resolver) expand(text string, open []string) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		end := closing(rest)
		if end < 0 {
			b.WriteString("${" + rest)
			return b.String(), nil
		}
		value, err := r.fill(rest[:end], open)
		if err != nil {
			return "", err
		}
		if b.WriteString(value); b.Len() > maxExpanded {
			return "", fmt.Errorf("placeholders unfold to more than %d bytes", maxExpanded)
		}
		text = rest[end+1:]
	}
}

// closing finds the } that belongs to an opened placeholder.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch {
		case text[i] == '{':
			depth++
		case text[i] == '}' && depth == 0:
			return i
		case text[i] == '}':
			depth--
		}
	}
	return -1
}

// fill gives the value of what stands between ${ and }.
func (r *resolver) fill(inner string, open []string) (string, error) {
	inner, err := r.expand(inner, open)
	if err != nil {
		return "", err
	}
	name, fallback, hasFallback := strings.Cut(inner, ":")
	for _, candidate := range []string{inner, name} {
		value, ok := r.lookup(candidate)
		if !ok {
			continue
		}
		for _, before := range open {
			if before == canonical(candidate) {
				return "", fmt.Errorf("placeholder ${%s} leads back to itself", candidate)
			}
		}
		return r.expand(value, append(open[:len(open):len(open)], canonical(candidate)))
	}
	if hasFallback {
		return r.expand(fallback, open)
	}
	r.unknown[name] = true
	return "${" + inner + "}", nil
}

// lookup gives the text of a setting, of the environment, or of a default, in this order.
func (r *resolver) lookup(name string) (string, bool) {
	if name == "" {
		return "", false
	}
	key := canonical(name)
	known := r.layers.schema.scalars[key]
	if known != nil {
		key = canonical(known.Name)
	}
	if s := r.layers.slots[key]; s != nil && s.scalar != nil {
		return s.scalar.text, true
	}
	if p := r.layers.schema.locate([]string{name}, false); p.section != nil {
		if n := r.layers.trees[p.section].find(p.names()...); n != nil && n.kind == scalarNode {
			return n.text, true
		}
	}
	if value, ok := r.environment.get(name); ok {
		return value, true
	}
	if known != nil && known.Default != "" {
		return known.Default, true
	}
	return "", false
}

// names gives the place's path in its section's tree.
func (p place) names() []string {
	var names []string
	if p.section.named {
		names = append(names, p.name)
	}
	for _, part := range p.path {
		names = append(names, part.text)
	}
	return names
}
