package config

import (
	"errors"
	"fmt"
	"slices"
)

// Report is what there is to say about a configuration besides its settings.
type Report struct {
	Warnings []string // for people, in the order they were found
	Files    []string // that were read, in order

	problems []error
}

// Problem is a setting that cannot be meant. The server does not start with one.
type Problem struct {
	Origin Origin
	Key    string
	Value  string // masked when it is secret
	Want   string
}

// Error implements error: purser.yml:3: server.port is 'abc', expected a number.
func (p *Problem) Error() string {
	return fmt.Sprintf("%s: %s is %s, expected %s", p.Origin, p.Key, p.Value, p.Want)
}

// problem notes a value that cannot be meant.
func (r *Report) problem(o Origin, key string, n *node, want string) {
	p := &Problem{Origin: o, Key: key, Value: shown(key, n), Want: want}
	if !slices.ContainsFunc(r.problems, func(before error) bool { return before.Error() == p.Error() }) {
		r.problems = append(r.problems, p)
	}
}

// shown is a value in a message.
func shown(key string, n *node) string {
	switch {
	case n.kind == listNode:
		return "a list"
	case n.kind == mapNode:
		return "a map"
	case n.null:
		return "empty"
	case isSecret(key):
		return "'" + masked + "'"
	}
	return "'" + maskText(n.text) + "'"
}

func (r *Report) warn(format string, args ...any) {
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}

// err gives all problems as one error, nil without any.
func (r *Report) err() error { return errors.Join(r.problems...) }
