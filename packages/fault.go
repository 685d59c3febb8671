package packages

import (
	"errors"
	"fmt"

	"purser"
)

// Fault is one thing that is wrong with an archive, at its place.
type Fault struct {
	File    string // name of the entry; "" for the archive as a whole
	Line    int    // from 1; 0 for the file as a whole
	Problem string // to be read behind file and line
	Warning bool   // an upload is not refused for it, but it is hardly what was meant
}

// placed is a refusal that knows its place.
type placed struct {
	refusal *purser.Error
	fault   Fault
}

// Error implements error.
func (p *placed) Error() string { return p.refusal.Error() }

// Unwrap gives the refusal.
func (p *placed) Unwrap() error { return p.refusal }

// placeFault makes a refusal of CodeInvalid.
func placeFault(file string, line int, problem, message string) *placed {
	return &placed{
		refusal: &purser.Error{Code: purser.CodeInvalid, Message: message},
		fault:   Fault{File: file, Line: line, Problem: problem},
	}
}

// faults collects refusals, so that a check can go on after the first of them. Nil collects nothing: there the first
// refusal ends the check.
type faults []Fault

// add takes a refusal, or gives it back when it ends the check.
func (f *faults) add(err error) error {
	if f == nil || err == nil {
		return err
	}
	if p, ok := errors.AsType[*placed](err); ok {
		*f = append(*f, p.fault)
		return nil
	}
	*f = append(*f, Fault{Problem: purser.ErrorMessage(err)})
	return nil
}

// warn takes what is no reason to refuse anything.
func (f *faults) warn(file string, line int, format string, args ...any) {
	if f != nil {
		*f = append(*f, Fault{File: file, Line: line, Problem: fmt.Sprintf(format, args...), Warning: true})
	}
}
