package local

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"purser/deployer"
)

// value is a field of an account that can be read from properties.
type value interface {
	// take stores the value of name. Without one the field stays. When the value cannot be meant it says what was
	// expected, and what was given.
	take(p deployer.Properties, name string) (expected, given string)
	// shown gives the field for a list of options; nil for nothing.
	shown() any
}

// text is any text. A list is joined by blanks.
type text struct{ field *string }

func (v text) take(p deployer.Properties, name string) (expected, given string) {
	if s, ok := p.Lookup(name); ok {
		*v.field = s
	} else if list := p.List(name); list != nil {
		*v.field = strings.Join(list, " ")
	}
	return "", ""
}

func (v text) shown() any {
	if *v.field == "" {
		return nil
	}
	return *v.field
}

// secret is a text that is never shown.
type secret struct{ field *string }

func (v secret) take(p deployer.Properties, name string) (expected, given string) {
	return text(v).take(p, name)
}

func (secret) shown() any { return nil }

// number is a whole number from least to most.
type number struct {
	field       *int
	least, most int
}

func (v number) take(p deployer.Properties, name string) (expected, given string) {
	s := strings.TrimSpace(p.Text(name, ""))
	if s == "" {
		return "", ""
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < v.least || n > v.most {
		return fmt.Sprintf("a whole number from %d to %d", v.least, v.most), s
	}
	*v.field = n
	return "", ""
}

func (v number) shown() any { return *v.field }

// truth is true or false.
type truth struct{ field *bool }

func (v truth) take(p deployer.Properties, name string) (expected, given string) {
	b, err := p.Bool(name, *v.field)
	if err != nil {
		return "true or false", p.Text(name, "")
	}
	*v.field = b
	return "", ""
}

func (v truth) shown() any { return *v.field }

// patterns is a list of regular expressions.
type patterns struct{ field *[]string }

func (v patterns) take(p deployer.Properties, name string) (expected, given string) {
	list := p.List(name)
	if list == nil {
		return "", ""
	}
	for _, s := range list {
		if _, err := wholeName(s); err != nil {
			return "regular expressions", s
		}
	}
	*v.field = list
	return "", ""
}

func (v patterns) shown() any { return slices.Clone(*v.field) }

// wholeName compiles an expression that must fit the whole of a name.
func wholeName(expression string) (*regexp.Regexp, error) {
	return regexp.Compile(`\A(?:` + expression + `)\z`)
}

// textMap is a map of texts, given as name.KEY or name[KEY].
type textMap struct{ field *map[string]string }

func (v textMap) take(p deployer.Properties, name string) (expected, given string) {
	set := maps.Clone(*v.field)
	for _, spelt := range p.Names() {
		rest, ok := strings.CutPrefix(deployer.CanonicalName(spelt), deployer.CanonicalName(name))
		if !ok || rest == "" {
			continue
		}
		if key := strings.Trim(rest, ".[]"); key != "" && strings.ContainsRune(".[", rune(rest[0])) {
			set[key] = p.Text(spelt, "")
		}
	}
	if s, ok := p.Lookup(name); ok && strings.TrimSpace(s) != "" {
		return fmt.Sprintf("a map, as in %s.3", name), s
	}
	*v.field = set
	return "", ""
}

func (v textMap) shown() any { return nil }
