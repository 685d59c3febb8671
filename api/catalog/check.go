package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// checker reads the members of an object and notes what is wrong with them, in the words and the order of class-validator
// (spec/dialects.md §2.2): the members in the order in which they are asked for, and of each all that is wrong.
type checker struct {
	object
	path  string // in front of the names, with a dot at its end
	found *[]string
}

func (c checker) note(name, problem string) { *c.found = append(*c.found, c.path+name+" "+problem) }

// The problems.
const (
	isEmptyText = "should not be empty"
	noText      = "must be a string"
	noMoment    = "must be a valid ISO 8601 date string"
	noAddress   = "must be an email"
	noList      = "must be an array"
	noObject    = "must be an object"
	noTruth     = "must be a boolean value"
	noNumber    = "must be an integer number"
	tooSmall    = "must not be less than 0"
)

// needed reads a text that has to be there.
func (c checker) needed(name string) string {
	text, ok := c.text(name)
	if !c.has(name) || ok && text == "" {
		c.note(name, isEmptyText)
	}
	if !ok {
		c.note(name, noText)
	}
	return text
}

// optional reads a text that may be missing; nil then.
func (c checker) optional(name string) *string {
	if !c.has(name) {
		return nil
	}
	text, ok := c.text(name)
	if !ok {
		c.note(name, noText)
	}
	return &text
}

// moment reads a date.
func (c checker) moment(name string) time.Time {
	text, _ := c.text(name)
	at, ok := parseMoment(text)
	if !ok {
		c.note(name, noMoment)
	}
	return at
}

// address reads an e-mail address.
func (c checker) address(name string) string {
	text, _ := c.text(name)
	if !isAddress(text) {
		c.note(name, noAddress)
	}
	return text
}

// free reads an object that may be missing, and gives it as the JSON it is; "" then.
func (c checker) free(name string) string {
	if !c.has(name) {
		return ""
	}
	value := c.object[name]
	if value[0] != '{' {
		c.note(name, noObject)
		return ""
	}
	var out bytes.Buffer
	if err := json.Compact(&out, value); err != nil {
		c.note(name, noObject)
	}
	return out.String()
}

// truth reads a boolean that may be missing; nil then.
func (c checker) truth(name string) *bool {
	if !c.has(name) {
		return nil
	}
	var truth bool
	if json.Unmarshal(c.object[name], &truth) != nil {
		c.note(name, noTruth)
	}
	return &truth
}

// count reads a whole number that has to be there. A fraction of zeros, and an exponent, do no harm.
func (c checker) count(name string) int64 {
	text := string(c.object[name])
	n, err := strconv.ParseInt(text, 10, 64)
	if f, e := strconv.ParseFloat(text, 64); err != nil && e == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		n, err = int64(f), nil
	}
	switch {
	case err != nil:
		c.note(name, noNumber)
	case n < 0:
		c.note(name, tooSmall)
	}
	return n
}

// maxElements is how long a list may be.
const maxElements = 1000

// each reads a list of objects. Without one it has to be there unless it may be missing.
func (c checker) each(name string, needed bool, read func(one checker)) {
	if !needed && !c.has(name) {
		return
	}
	list, ok := c.list(name)
	if !ok {
		if c.has(name) {
			c.note("each value in nested property "+name, "must be either object or array")
		}
		c.note(name, noList)
		return
	}
	if len(list) > maxElements {
		c.note(name, fmt.Sprintf("must contain no more than %d elements", maxElements))
		return
	}
	for i, value := range list {
		o, ok := objectOf(value)
		if !ok {
			c.note("each value in nested property "+name, "must be either object or array")
			return
		}
		read(checker{object: o, path: fmt.Sprintf("%s%s.%d.", c.path, name, i), found: c.found})
	}
}

// maxVersion is how long a version may be, in characters.
const maxVersion = 255

// version reads the version of a release: any text that can stand in a path.
func (c checker) version(name string) string {
	text := c.needed(name)
	switch {
	case len([]rune(text)) > maxVersion:
		c.note(name, fmt.Sprintf("must be shorter than or equal to %d characters", maxVersion))
	case text == "." || text == "..", strings.ContainsFunc(text, func(r rune) bool { return r == '/' || r == '\\' || r < ' ' || r == 0x7f }):
		c.note(name, "must not have slashes or control characters, and not be made of dots")
	}
	return text
}
