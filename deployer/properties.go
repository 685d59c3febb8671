package deployer

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"purser"
)

// GenericPrefix stands before the deployment properties that every platform knows (spec/deployers.md §1.3).
const GenericPrefix = "spring.cloud.deployer."

// Properties are the deployment properties of a request, or the settings of an account, found by relaxed names:
// javaOpts, java-opts, java_opts and JAVAOPTS are one name (spec/deployers.md §1.3). They are indexed once and never
// change; the zero value has none. Safe for concurrent use.
type Properties struct {
	prefix string              // what this view puts before each name, as given
	values map[string]string   // as given
	keys   map[string][]string // canonical name -> the keys that spell it, best first
	base   *Properties         // asked when a name is not here
}

// NewProperties indexes a map. The map must not be changed afterwards.
func NewProperties(m map[string]string) Properties {
	p := Properties{values: m, keys: make(map[string][]string, len(m))}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		name := CanonicalName(key)
		p.keys[name] = append(p.keys[name], key)
	}
	for _, spellings := range p.keys {
		slices.SortStableFunc(spellings, func(a, b string) int {
			return strings.Count(a, "-") + strings.Count(a, "_") - strings.Count(b, "-") - strings.Count(b, "_")
		})
	}
	return p
}

// NewSettings indexes a tree of account settings as a configuration file gives it: nested names are joined by dots,
// the items of a list get the names name[0], name[1] and so on.
func NewSettings(tree map[string]any) Properties {
	flat := map[string]string{}
	for key, value := range tree {
		flatten(flat, key, value)
	}
	return NewProperties(flat)
}

// flatten writes value, and what is below it, into flat.
func flatten(flat map[string]string, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			flatten(flat, name+"."+key, item)
		}
	case []any:
		for i, item := range v {
			flatten(flat, fmt.Sprintf("%s[%d]", name, i), item)
		}
	case nil:
		flat[name] = ""
	case float64:
		flat[name] = strconv.FormatFloat(v, 'f', -1, 64)
	default:
		flat[name] = fmt.Sprint(v)
	}
}

// CanonicalName brings the spellings of a property's name together: lower case, without - and _.
func CanonicalName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// Under gives a view whose names start with prefix, which ends with a dot: p.Under("spring.cloud.deployer.local.").
func (p Properties) Under(prefix string) Properties {
	p.prefix += prefix
	if p.base != nil {
		base := p.base.Under(prefix)
		p.base = &base
	}
	return p
}

// Or gives a view that asks other for the names that p does not have: the properties of a request or the settings of
// its account. The two may have different prefixes.
func (p Properties) Or(other Properties) Properties {
	if p.base != nil {
		base := p.base.Or(other)
		p.base = &base
		return p
	}
	p.base = &other
	return p
}

// Lookup gives the value of a name. Of several keys that spell the name the one in camelCase is taken.
func (p Properties) Lookup(name string) (string, bool) {
	if key, ok := p.key(name); ok {
		return p.values[key], true
	}
	if p.base != nil {
		return p.base.Lookup(name)
	}
	return "", false
}

// key gives the key that spells name best.
func (p Properties) key(name string) (string, bool) {
	full := p.prefix + name
	spellings := p.keys[CanonicalName(full)]
	if len(spellings) == 0 {
		return "", false
	}
	if exact := camelCase(full); slices.Contains(spellings, exact) {
		return exact, true
	}
	return spellings[0], true
}

// camelCase turns java-opts and java_opts into javaOpts.
func camelCase(name string) string {
	var b strings.Builder
	upper := false
	for _, r := range name {
		switch {
		case r == '-' || r == '_':
			upper = true
		case upper:
			b.WriteRune(unicode.ToUpper(r))
			upper = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Text gives the value of a name, or fallback when it is absent.
func (p Properties) Text(name, fallback string) string {
	if value, ok := p.Lookup(name); ok {
		return value
	}
	return fallback
}

// Bool gives the value of a name as a truth, or fallback when it is absent or blank. The words are those of Spring's
// binder: true, on, yes, 1 and false, off, no, 0, in any case. CodeInvalid for others.
func (p Properties) Bool(name string, fallback bool) (bool, error) {
	value := strings.TrimSpace(p.Text(name, ""))
	switch strings.ToLower(value) {
	case "":
		return fallback, nil
	case "true", "on", "yes", "1":
		return true, nil
	case "false", "off", "no", "0":
		return false, nil
	}
	return false, p.invalid(name, value, "true or false")
}

// Int gives the value of a name as a number, or fallback when it is absent or blank. CodeInvalid when it is no number
// or is smaller than least.
func (p Properties) Int(name string, fallback, least int) (int, error) {
	value := strings.TrimSpace(p.Text(name, ""))
	if value == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		return 0, p.invalid(name, value, fmt.Sprintf("a whole number from %d on", least))
	}
	return n, nil
}

// Size gives the value of a name as a size, or fallback when it is absent or blank. CodeInvalid.
func (p Properties) Size(name string, fallback Size) (Size, error) {
	value := strings.TrimSpace(p.Text(name, ""))
	if value == "" {
		return fallback, nil
	}
	return ParseSize(value)
}

// List gives the items of a name: of name[0], name[1] and so on when there are any, else of its value, parted by
// commas. nil when the name is absent.
func (p Properties) List(name string) []string {
	value, plain := "", false
	if key, ok := p.key(name); ok {
		value, plain = p.values[key], true
	}
	var items []string
	for i := 0; ; i++ {
		key, ok := p.key(fmt.Sprintf("%s[%d]", name, i))
		if !ok {
			break
		}
		items = append(items, p.values[key])
	}
	switch {
	case items != nil:
		return items
	case plain:
		return SplitList(value)
	case p.base != nil:
		return p.base.List(name)
	}
	return nil
}

// Names lists the names below the view's prefix as they are spelt, without the prefix, in order. Those that only the
// other side of an Or has are among them.
func (p Properties) Names() []string {
	prefix := CanonicalName(p.prefix)
	var names []string
	for key := range p.values {
		if canonical := CanonicalName(key); strings.HasPrefix(canonical, prefix) {
			names = append(names, afterSegments(key, strings.Count(p.prefix, ".")))
		}
	}
	if p.base != nil {
		for _, name := range p.base.Names() {
			if _, ok := p.key(name); !ok {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// afterSegments cuts the first n dotted segments off.
func afterSegments(key string, n int) string {
	for range n {
		_, key, _ = strings.Cut(key, ".")
	}
	return key
}

// invalid is the refusal of a value.
func (p Properties) invalid(name, value, want string) error {
	shown := p.prefix + name
	if key, ok := p.key(name); ok {
		shown = key
	} else if p.base != nil {
		return p.base.invalid(name, value, want)
	}
	return purser.Errorf(purser.CodeInvalid, "property %s is '%s', expected %s", shown, value, want)
}

// SplitList parts a text at its commas and trims the items; empty items are left out. Never nil.
func SplitList(text string) []string {
	items := []string{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
