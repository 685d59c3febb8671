package catalog

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The parts of an e-mail address. A host name has a dot, and ends in a name of two letters at least.
var (
	atom   = regexp.MustCompile("^[a-zA-Z0-9!#$%&'*+\\-/=?^_`{|}~\u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF]+$")
	quoted = regexp.MustCompile(`^"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"$`)
	label  = regexp.MustCompile("^[a-zA-Z0-9\u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF](?:[a-zA-Z0-9\\-\u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF]*[a-zA-Z0-9\u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF])?$")
	top    = regexp.MustCompile("^(?:[a-zA-Z\u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF]{2,}|(?i:xn--?[a-z0-9]+(?:-[a-z0-9]+)*))$")
)

// isAddress tells whether a text is an e-mail address.
func isAddress(text string) bool {
	at := strings.LastIndexByte(text, '@')
	if at < 1 || !utf8.ValidString(text) {
		return false
	}
	user, host := text[:at], text[at+1:]
	if len(user) > 64 || len(host) > 254 {
		return false
	}
	if !quoted.MatchString(user) {
		for part := range strings.SplitSeq(user, ".") {
			if !atom.MatchString(part) {
				return false
			}
		}
	}
	labels := strings.Split(host, ".")
	for _, part := range labels {
		if len(part) > 63 || !label.MatchString(part) {
			return false
		}
	}
	return len(labels) > 1 && top.MatchString(labels[len(labels)-1])
}
