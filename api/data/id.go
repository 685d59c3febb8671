package data

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// parseID reads the id of a stored item as the reference does: blanks do not count, a number after 0x or # is
// hexadecimal. Any other text is refused with 400 (spec/rest.md §10).
func parseID(text string) (int64, error) {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	digits, base := plain, 10
	for _, prefix := range []string{"0x", "0X", "#"} {
		if rest, ok := strings.CutPrefix(plain, prefix); ok {
			digits, base = rest, 16
		}
	}
	id, err := strconv.ParseInt(digits, base, 64)
	if err != nil {
		return 0, refusal(fmt.Sprintf("The id %q is no number", text), fmt.Sprintf("For input string: %q", text))
	}
	return id, nil
}
