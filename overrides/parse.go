package overrides

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a path (spec/dialects.md §1.3).
const (
	maxDots    = 30    // names within names
	maxIndexes = 30    // lists within lists
	maxIndex   = 65536 // the largest index
)

// forced stands before a value that is text, whatever it looks like.
const forced = "[str]"

// Assignment is a value and where it goes.
type Assignment struct {
	path  []step
	value any // nil for null, bool, int64, string, or a []any of these
}

// step leads from a map or a list to one of its values.
type step struct {
	key     string
	index   int
	indexed bool // it leads into a list
}

// Parse reads assignments that are divided by commas: a.b=1,c=x. A backslash takes the meaning of the character behind it.
// Whole numbers without zeros before them, true, false and null in any case are what they look like, everything else is
// text; {a,b} is a list, and [str] before a value makes text of it.
func Parse(text string) ([]Assignment, error) {
	s, err := scan(text)
	if err != nil {
		return nil, err
	}
	var list []Assignment
	for !s.end() {
		path, err := s.path("=")
		if err != nil {
			return nil, err
		}
		value, err := s.value(",")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pathText(path), err)
		}
		list = append(list, Assignment{path, value})
	}
	return list, nil
}

// ParsePair reads one assignment whose path and value are apart already. Commas of the value are part of it, but for
// those of a list.
func ParsePair(path, value string) (a Assignment, err error) {
	s, err := scan(path)
	if err != nil {
		return a, err
	}
	if a.path, err = s.path(""); err != nil {
		return a, err
	}
	if s, err = scan(value); err == nil {
		a.value, err = s.value("")
	}
	return a, err
}

// scanner reads a text by its characters.
type scanner struct{ rest string }

func scan(text string) (*scanner, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("it is not UTF-8")
	}
	return &scanner{text}, nil
}

func (s *scanner) end() bool { return s.rest == "" }

// until reads up to one of the stops, which is read as well, without the backslashes. The stop is 0 at the end.
func (s *scanner) until(stops string) (text string, stop rune) {
	var b strings.Builder
	for i, escaped := 0, false; i < len(s.rest); {
		r, size := utf8.DecodeRuneInString(s.rest[i:])
		i += size
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case strings.ContainsRune(stops, r):
			s.rest = s.rest[i:]
			return b.String(), r
		case r == '\\':
			escaped = true
		default:
			b.WriteRune(r)
		}
	}
	s.rest = ""
	return b.String(), 0
}

// path reads names, divided by dots, and indexes up to the end mark; "" is the end of the text.
func (s *scanner) path(mark string) (path []step, err error) {
	begun, dots, indexes := s.rest, 0, 0
	for {
		name, stop := s.until("=[,.")
		if name == "" {
			return nil, fmt.Errorf("%s: a name is missing", excerpt(begun))
		}
		path = append(path, step{key: name})
		for stop == '[' {
			if indexes++; indexes > maxIndexes {
				return nil, fmt.Errorf("%s: more than %d indexes", excerpt(begun), maxIndexes)
			}
			index, err := s.index()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", excerpt(begun), err)
			}
			path = append(path, step{index: index, indexed: true})
			var surplus string
			if surplus, stop = s.until("[.=,"); surplus != "" {
				return nil, fmt.Errorf("%s: '%s' behind an index", excerpt(begun), surplus)
			}
		}
		if stop == '.' {
			if dots++; dots > maxDots {
				return nil, fmt.Errorf("%s: nested deeper than %d names", excerpt(begun), maxDots)
			}
			continue
		}
		return path, ended(stop, mark, path)
	}
}

// ended checks what a path has ended with.
func ended(stop rune, mark string, path []step) error {
	switch {
	case stop == 0 && mark == "", stop != 0 && string(stop) == mark:
		return nil
	case mark == "":
		return fmt.Errorf("%s: '%c' in a name needs a backslash before it", pathText(path), stop)
	}
	return fmt.Errorf("%s has no value: '=' is missing", pathText(path))
}

func (s *scanner) index() (int, error) {
	text, stop := s.until("]")
	n, err := strconv.Atoi(text)
	switch {
	case stop == 0:
		return 0, errors.New("']' is missing")
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("the index '%s' is no number", text)
	case n < 0:
		return 0, fmt.Errorf("the index %s is negative", text)
	case err != nil || n > maxIndex:
		return 0, fmt.Errorf("the index %s is larger than %d", text, maxIndex)
	}
	return n, nil
}

// value reads a value up to one of the stops, or to the end.
func (s *scanner) value(stops string) (any, error) {
	if rest, ok := strings.CutPrefix(s.rest, forced); ok {
		s.rest = rest
		text, _ := s.until(stops)
		return text, nil
	}
	rest, ok := strings.CutPrefix(s.rest, "{")
	if !ok {
		text, _ := s.until(stops)
		return typed(text), nil
	}
	s.rest = rest
	list, err := s.list()
	if err != nil {
		return nil, err
	}
	if surplus, _ := s.until(stops); surplus != "" {
		return nil, fmt.Errorf("'%s' behind a list", surplus)
	}
	return list, nil
}

// list reads the elements of a list and its end.
func (s *scanner) list() ([]any, error) {
	list := []any{}
	for {
		text, stop := s.until(",}")
		switch {
		case stop == 0:
			return nil, errors.New("a list has to end with '}'")
		case stop == '}' && text == "" && len(list) == 0:
			return list, nil
		}
		if list = append(list, typed(text)); stop == '}' {
			return list, nil
		}
	}
}

// typed gives a text the type that it looks like.
func typed(text string) any {
	switch strings.ToLower(text) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	case "0":
		return int64(0)
	}
	if strings.HasPrefix(text, "0") {
		return text
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return text
}

// pathText gives a path as people write it.
func pathText(path []step) string {
	var b strings.Builder
	for i, s := range path {
		switch {
		case s.indexed:
			fmt.Fprintf(&b, "[%d]", s.index)
			continue
		case i > 0:
			b.WriteByte('.')
		}
		for _, r := range s.key {
			if strings.ContainsRune(`=[,.\`, r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
	}
	return excerpt(b.String())
}

// excerpt cuts what is too long for a message.
func excerpt(text string) string {
	const longest = 100
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "..."
}
