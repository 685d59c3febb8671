package config

import (
	"slices"
	"strings"
)

// schema is the table of settings, indexed.
type schema struct {
	keys     []Key
	scalars  map[string]*Key     // by canonical name, aliases included
	squeezed map[string]*Key     // the same by squeezed name
	sections map[string]*section // by canonical prefix
	packed   map[string]*section // the same by squeezed prefix
	heads    map[string]bool     // first parts of all names
}

// section is a part of the configuration whose names the user chooses: accounts, repositories, trees.
type section struct {
	prefix string // as the table has it
	named  bool   // the next part of a name is a chosen one
	keys   []Key  // what is known below the name (or below the prefix); none: everything goes
	known  map[string]string
}

// newSchema indexes the table. accountKeys has the keys of accounts by type of platform.
func newSchema(accountKeys map[string][]string) *schema {
	s := &schema{
		keys: Known(), scalars: map[string]*Key{}, squeezed: map[string]*Key{},
		sections: map[string]*section{}, packed: map[string]*section{}, heads: map[string]bool{},
	}
	for i := range s.keys {
		k := &s.keys[i]
		s.heads[k.Name[:strings.IndexByte(k.Name, '.')]] = true
		prefix, rest, named := strings.Cut(k.Name, "."+wildcard)
		switch {
		case named:
			section := s.section(prefix, true)
			if rest != "" {
				section.add(*k, rest[1:])
			}
		case k.Kind == Anything:
			s.section(prefix, false)
		default:
			s.scalars[canonical(k.Name)], s.squeezed[squeezed(k.Name)] = k, k
			if k.Alias != "" {
				s.scalars[canonical(k.Alias)], s.squeezed[squeezed(k.Alias)] = k, k
			}
		}
	}
	for kind, names := range accountKeys {
		section := s.section(platform+kind+".accounts", true)
		for _, name := range names {
			section.add(Key{Name: section.prefix + "." + wildcard + "." + name, Secret: isSecret(name)}, name)
		}
	}
	return s
}

// section gives the section of a prefix, a new one if need be.
func (s *schema) section(prefix string, named bool) *section {
	if found, ok := s.sections[canonical(prefix)]; ok {
		return found
	}
	made := &section{prefix: prefix, named: named, known: map[string]string{}}
	s.sections[canonical(prefix)], s.packed[squeezed(prefix)] = made, made
	return made
}

// add makes a key known below the section. A name that ends in .* stands for all names below it.
func (s *section) add(k Key, name string) {
	s.keys = append(s.keys, k)
	s.known[canonical(name)] = name
}

// spelling gives a known key's name as the table spells it.
func (s *section) spelling(name string) (string, bool) {
	c := canonical(name)
	if found, ok := s.known[c]; ok {
		return found, true
	}
	if head, last := cutLast(c); head != "" {
		if found, ok := s.known[head+".*"]; ok {
			return strings.TrimSuffix(found, "*") + last, true
		}
	}
	return name, false
}

// cutLast cuts a name before its last part.
func cutLast(name string) (head, last string) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return "", name
	}
	return name[:dot], name[dot+1:]
}

// leads tells whether known keys begin with name and a dot.
func (s *section) leads(name string) bool {
	c := canonical(name) + "."
	for key := range s.known {
		if strings.HasPrefix(key, c) {
			return true
		}
	}
	return false
}

// place is where a value belongs.
type place struct {
	section *section  // nil: a plain setting
	name    string    // the chosen name in a named section; "" when only the section is meant
	path    []segment // below it
	flat    string    // the whole name as it was written
}

// over gives the plain setting that stands where a longer name would need a map, nil when there is none.
func (s *schema) over(key string) *Key {
	for head, _ := cutLast(key); head != ""; head, _ = cutLast(head) {
		if known := s.scalars[head]; known != nil {
			return known
		}
	}
	return nil
}

// locate finds the place of a value. chunks are the keys that lead to it as they were written: several for a tree, one
// for a flat name. mapping tells that the value is a (then empty) map.
func (s *schema) locate(chunks []string, mapping bool) place {
	var prefix strings.Builder
	var all []segment
	for i, chunk := range chunks {
		segments := split(chunk)
		for j, part := range segments {
			if found := s.sections[prefix.String()]; found != nil {
				p := found.place(chunks[i:], segments[j:], j == 0, mapping)
				p.flat = join(append(all, segments[j:]...))
				for _, later := range chunks[i+1:] {
					p.flat += "." + later
				}
				return p
			}
			switch {
			case part.index:
				prefix.WriteString("[" + part.text + "]")
			default:
				if prefix.Len() > 0 {
					prefix.WriteByte('.')
				}
				prefix.WriteString(canonical(part.text))
			}
			all = append(all, part)
		}
	}
	return place{section: s.sections[prefix.String()], flat: join(all)}
}

// place finds a value's place in the section. segments are what is left of the first chunk, all of it when whole.
func (s *section) place(chunks []string, segments []segment, whole, mapping bool) place {
	more := len(chunks) > 1 || mapping
	p := place{section: s}
	switch {
	case !s.named && whole:
		p.path = verbatim(chunks)
		return p
	case !s.named:
		p.path = append(segments, verbatim(chunks[1:])...)
		return p
	case whole && more && (len(segments) != 1 || !segments[0].quoted):
		p.name, p.path = chunks[0], verbatim(chunks[1:])
	default:
		n := s.nameLength(segments, more)
		p.name = nameOf(segments[:n])
		p.path = append(slices.Clone(segments[n:]), verbatim(chunks[1:])...)
	}
	if len(s.known) > 0 {
		p.path = s.flatten(p.path)
	}
	return p
}

// nameOf writes a chosen name that was split at its dots.
func nameOf(segments []segment) string {
	texts := make([]string, 0, len(segments))
	for _, part := range segments {
		texts = append(texts, part.text)
	}
	return strings.Join(texts, ".")
}

// verbatim takes chunks as they are: in a tree a key may have dots.
func verbatim(chunks []string) []segment {
	path := make([]segment, 0, len(chunks))
	for _, chunk := range chunks {
		path = append(path, segment{text: chunk, quoted: true})
	}
	return path
}

// nameLength tells how many segments of a flat name are the chosen name: as few as possible, so that a known key
// follows.
func (s *section) nameLength(segments []segment, more bool) int {
	if segments[0].quoted {
		return 1
	}
	for n := 1; n < len(segments); n++ {
		key := join(dropIndexes(segments[n:]))
		if _, ok := s.spelling(key); ok || more && s.leads(key) {
			return n
		}
	}
	if more {
		return len(segments)
	}
	return 1
}

// dropIndexes cuts a path before its first index.
func dropIndexes(path []segment) []segment {
	for i, part := range path {
		if part.index {
			return path[:i]
		}
	}
	return path
}

// flatten makes one part of a path: sections with known keys are maps of dotted names, so that every way of writing them
// comes to the same.
func (s *section) flatten(path []segment) []segment {
	names := dropIndexes(path)
	if len(names) == 0 {
		return path
	}
	texts := make([]string, 0, len(names))
	for _, part := range names {
		texts = append(texts, part.text)
	}
	spelt, _ := s.spelling(strings.Join(texts, "."))
	return append([]segment{{text: spelt, quoted: true}}, path[len(names):]...)
}
