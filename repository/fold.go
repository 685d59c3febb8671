package repository

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold gives a text in the form in which two texts that differ in case only are equal, in any script. Databases disagree
// about case beyond ASCII, so stores keep the folded text beside the real one and search in that.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	return strings.Map(foldRune, s)
}

func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// foldRune gives the same rune for all runes of one case orbit: ASCII letters in lower case, of others the smallest.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if least < utf8.RuneSelf {
		return unicode.ToLower(least)
	}
	return least
}
