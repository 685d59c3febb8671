package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// checkedHeads begin the names of which all are known: another one is a slip.
var checkedHeads = []string{"purser", "spring.cloud.skipper.server", "maven"}

// ignored are settings of Spring that change nothing here, by canonical prefix.
var ignored = []struct{ prefix, why string }{
	{"spring.datasource", "is ignored: everything is kept in SQLite below purser.data-dir"},
	{"spring.security", "is ignored: requests are not authenticated, whoever reaches the port may do everything"},
	{"spring.cloud.skipper.security", "is ignored: requests are not authenticated, whoever reaches the port may do everything"},
	{"server.ssl", "is ignored: the server speaks plain HTTP, a proxy in front of it can serve TLS"},
	{"server.servlet.contextpath", "is ignored: paths begin at /"},
	{"spring.data.rest.basepath", "is ignored: the API is below /api"},
	{"logging.file", "is ignored: the log goes to standard error"},
}

// below tells whether a name is the prefix or begins with it and a separator.
func below(name, prefix, separator string) bool {
	return name == prefix || strings.HasPrefix(name, prefix+separator)
}

// checkUnknown warns of settings that nobody reads.
func (l *layers) checkUnknown(e environment) {
	warned := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(l.slots)) {
		s := l.slots[name]
		if l.schema.scalars[name] != nil || s.scalar != nil && s.scalar.kind == mapNode && l.leads(name) {
			continue
		}
		for _, i := range ignored {
			if below(name, i.prefix, ".") && !warned[i.prefix] {
				warned[i.prefix] = true
				l.report.warn("%s: %s %s", s.origin(), s.name, i.why)
			}
		}
		if slices.ContainsFunc(checkedHeads, func(head string) bool { return below(name, head, ".") }) {
			l.report.warn("%s: %s is not a known setting%s", s.origin(), s.name, l.schema.suggest(s.name))
		}
	}
	for _, variable := range e.sorted() {
		for _, i := range ignored {
			if below(strings.ToLower(variable), strings.ReplaceAll(i.prefix, ".", "_"), "_") && !warned[i.prefix] {
				warned[i.prefix] = true
				l.report.warn("env %s %s", variable, i.why)
			}
		}
	}
	l.checkUnknownFields()
}

// leads tells whether known settings begin with a name.
func (l *layers) leads(name string) bool {
	for _, k := range l.schema.keys {
		if strings.HasPrefix(canonical(k.Name), name+".") {
			return true
		}
	}
	return false
}

// checkUnknownFields warns of settings of accounts and repositories that nobody reads.
func (l *layers) checkUnknownFields() {
	for _, s := range l.sortedSections() {
		if !s.named || len(s.known) == 0 {
			continue
		}
		for _, f := range l.fieldsOf(s.prefix) {
			for _, key := range f.node.keys {
				if _, ok := s.spelling(key); !ok {
					l.report.warn("%s: %s is not a known setting%s", f.node.children[key].origin, f.key(key), s.suggest(key))
				}
			}
		}
	}
}

// suggest names the known setting that a name is nearest to.
func (s *schema) suggest(name string) string {
	var candidates []string
	head, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(name, "_", ".")), ".")
	for _, k := range s.keys {
		if strings.HasPrefix(k.Name, head+".") {
			candidates = append(candidates, k.Name)
		}
	}
	return nearest(name, candidates)
}

// suggest names the known setting below a chosen name that a name is nearest to.
func (s *section) suggest(name string) string {
	var candidates []string
	for _, known := range s.known {
		candidates = append(candidates, known)
	}
	slices.Sort(candidates)
	return nearest(name, candidates)
}

// nearest gives the end of a message, that names the candidate with the least edit distance in any spelling.
func nearest(name string, candidates []string) string {
	best, least := "", 0
	for _, candidate := range candidates {
		d := distance(squeezed(name), squeezed(candidate))
		if best == "" || d < least {
			best, least = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; the nearest known one is %s", best)
}

// distance is the least number of letters put in, taken out or changed that turns a into b (Levenshtein).
func distance(a, b string) int {
	if len(a) > 200 {
		a = a[:200]
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
