package templates

import (
	"errors"
	"fmt"

	"purser"
)

// Fault is one thing that is wrong with the values or the templates of a package, at its place.
type Fault struct {
	File     string // path below the folder of the package; "" for the package as a whole, or with Override
	Line     int    // from 1; 0 for the file as a whole
	Column   int    // from 1; 0 when it is not known
	Problem  string // to be read behind file and line
	Warning  bool   // an install is not refused for it, but it is hardly what was meant
	Override bool   // the override values are meant, not the package
}

// findings collects faults. The zero value is ready.
type findings struct {
	all     []Fault
	refused bool
}

// add takes a refusal with what is known of its place.
func (f *findings) add(file string, err error) {
	if err == nil {
		return
	}
	f.refused = true
	found := Fault{File: file, Problem: purser.ErrorMessage(err)}
	if placed, ok := errors.AsType[interface {
		error
		place() (line, column int, problem string)
	}](err); ok {
		found.Line, found.Column, found.Problem = placed.place()
	}
	f.all = append(f.all, found)
}

// addOverride is add for the override values.
func (f *findings) addOverride(err error) {
	before := len(f.all)
	f.add("", err)
	for i := before; i < len(f.all); i++ {
		f.all[i].Override = true
	}
}

// addAt is add for refusals that do not know their line.
func (f *findings) addAt(file string, line int, err error) {
	before := len(f.all)
	f.add(file, err)
	for i := before; i < len(f.all); i++ {
		f.all[i].Line, f.all[i].Column = line, 0
	}
}

func (f *findings) warn(file string, line int, format string, args ...any) {
	f.all = append(f.all, Fault{File: file, Line: line, Problem: fmt.Sprintf(format, args...), Warning: true})
}

func (e *yamlError) place() (line, column int, problem string) {
	if e.key == "" {
		return e.line, e.column, e.problem
	}
	return e.line, e.column, fmt.Sprintf("key '%s': %s", e.key, e.problem)
}

func (e *templateError) place() (line, column int, problem string) { return e.line, 0, e.problem }

func (e *missingError) place() (line, column int, problem string) { return e.line, 0, e.text() }

func (e *printedError) place() (line, column int, problem string) {
	return e.line, 0, fmt.Sprintf("with the value of %s put in: %s", e.what, e.problem)
}
