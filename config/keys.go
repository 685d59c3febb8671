package config

import (
	"slices"
	"strings"
)

// Kind is the type of a setting.
type Kind string

// The kinds.
const (
	Text     Kind = "text"
	Bool     Kind = "true or false"
	Int      Kind = "number"
	Duration Kind = "duration"     // 10s, 1m30s; a plain number counts in milliseconds
	Millis   Kind = "milliseconds" // a plain number, or a duration
	Size     Kind = "size"         // 64MB, 1GB (powers of 1024); a plain number counts in bytes
	List     Kind = "list"         // a YAML list, or a text parted by commas
	Anything Kind = "tree"         // everything below the name, as it is
)

// Key is one setting that the server knows. In Name, <name> stands for a name that the user chooses.
type Key struct {
	Name    string // kebab case
	Kind    Kind
	Default string // as a user would write it; "" for none
	Values  []string
	Min     int64 // with Int, Size and Duration (in nanoseconds)
	Max     int64 // with Int; 0: no bound
	Text    string
	Secret  bool
	Alias   string // another spelling that is accepted, "" for none
}

// secretWords in the last part of a name make a value secret.
var secretWords = []string{"password", "passwd", "secret", "token", "credential", "privatekey", "apikey", "passphrase"}

// isSecret tells whether a value must not be shown: the table says so, or its name does.
func isSecret(name string) bool {
	name = canonical(name)
	if _, last := cutLast(name); last == "key" {
		return true
	}
	for part := range strings.SplitSeq(name, ".") {
		if slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(part, word) }) {
			return true
		}
	}
	return false
}

// wildcard is the part of a Key's name that stands for any name.
const wildcard = "<name>"

// below gives the part of a name under a prefix and a chosen name: "url" of "a.<name>.url". "" when it is none.
func (k Key) below(prefix string) string {
	rest, ok := strings.CutPrefix(k.Name, prefix+"."+wildcard+".")
	if !ok {
		return ""
	}
	return rest
}
