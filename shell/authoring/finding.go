package authoring

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how bad a finding is.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"   // the server refuses the package, at its upload or at an install with default values
	SeverityWarning Severity = "warning" // it is accepted, but it is hardly what was meant
)

// Finding is one thing that is wrong with a package.
type Finding struct {
	File     string   `json:"file"`           // as a path that begins with the package's own
	Line     int      `json:"line,omitempty"` // from 1; 0 for the file as a whole
	Column   int      `json:"column,omitempty"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
}

// String gives the form file:line:column: severity: message that editors understand.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, ":%d", f.Column)
		}
	}
	fmt.Fprintf(&b, ": %s: %s", f.Severity, f.Message)
	return b.String()
}

// Count gives the number of errors and of warnings.
func Count(findings []Finding) (failures, warnings int) {
	for _, f := range findings {
		if f.Severity == SeverityError {
			failures++
		}
	}
	return failures, len(findings) - failures
}

// order puts findings in the order of files and lines, and takes out those that say the same.
func order(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			strings.Compare(string(a.Severity), string(b.Severity)), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(findings)
}
