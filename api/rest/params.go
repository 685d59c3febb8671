package rest

import (
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-chi/chi/v5"

	"purser/api"
)

// numberKind is a number type of a path, by the name that refusals show.
type numberKind struct {
	name string
	bits int
}

var (
	kindInt     = numberKind{"int", 32}
	kindInteger = numberKind{"java.lang.Integer", 32}
	kindLong    = numberKind{"java.lang.Long", 64}
)

// pathNumber reads a number of a path: signs and zeros at the front are fine, blanks do not count, and 0x or # stand
// before hexadecimal digits (spec/rest.md §3.1).
func pathNumber(text string, kind numberKind) (int64, error) {
	compact := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, text)
	digits, base := compact, 10
	unsigned := strings.TrimPrefix(compact, "-")
	for _, prefix := range []string{"0x", "0X", "#"} {
		if rest, ok := strings.CutPrefix(unsigned, prefix); ok && !strings.HasPrefix(rest, "+") && !strings.HasPrefix(rest, "-") {
			digits, base = compact[:len(compact)-len(unsigned)]+rest, 16
		}
	}
	n, err := strconv.ParseInt(digits, base, kind.bits)
	if err != nil {
		return 0, api.TypeMismatch(compact, kind.name)
	}
	return n, nil
}

// pathVersion reads the version of a path, 0 when the path has none. Versions below 1 do not exist.
func pathVersion(r *http.Request, name string) (int, error) {
	text := chi.URLParam(r, "version")
	if text == "" {
		return 0, nil
	}
	version, err := pathNumber(text, kindInteger)
	if err != nil {
		return 0, err
	}
	if version < 1 {
		return 0, api.VersionNotFound(name, int(version))
	}
	return int(version), nil
}

// textList gives the texts of a query parameter: one value is cut at its commas, several are taken as they are.
func textList(values []string) []string {
	if len(values) != 1 {
		return values
	}
	if values[0] == "" {
		return []string{}
	}
	list := strings.Split(values[0], ",")
	for i, entry := range list {
		list[i] = strings.TrimSpace(entry)
	}
	return list
}

// text gives "" for a text that is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
