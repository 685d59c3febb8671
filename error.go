package purser

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of failure an error is, in words of the domain. Each dialect turns codes into its own statuses
// by one table (api/error.go); no other place does.
type Code string

// The codes, from the most specific to the least.
const (
	CodeReleaseNotFound Code = "release_not_found" // no such release, or no such version of it
	CodeNotFound        Code = "not_found"         // anything else that was named and is not there
	CodeInvalid         Code = "invalid"           // what was sent cannot be meant
	CodeTooLarge        Code = "too_large"         // what was sent passes a limit
	CodeConflict        Code = "conflict"          // it exists already, or its state forbids this
	CodeBusy            Code = "busy"              // another operation on that release is under way
	CodeNoDifference    Code = "no_difference"     // an upgrade would change nothing
	CodePackageInUse    Code = "package_in_use"    // a package cannot be deleted
	CodePlatform        Code = "platform"          // the platform refused or failed
	CodeUnauthenticated Code = "unauthenticated"   // nobody knows who is asking
	CodeForbidden       Code = "forbidden"         // who is asking may not
	CodeUnavailable     Code = "unavailable"       // the server is shutting down
	CodeInternal        Code = "internal"          // a fault of the server; its text is for the log alone
)

// Error is a failure that a person should understand. Message is shown to clients as it is, so it never holds stack
// traces, paths of the server or secrets; Err is the cause, for the log.
type Error struct {
	Code    Code
	Message string
	Release string // the release's name, with CodeReleaseNotFound
	Version int    // the release's version when one was asked for, with CodeReleaseNotFound
	Err     error
}

// Error implements error. A cause whose text is part of the message already is not told twice.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	cause := e.Err.Error()
	if strings.Contains(e.Message, cause) {
		return e.Message
	}
	return e.Message + ": " + cause
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error; each %w in the format becomes part of the message and a cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	cause := errors.Unwrap(err)
	if _, several := err.(interface{ Unwrap() []error }); several {
		cause = err
	}
	return &Error{Code: code, Message: err.Error(), Err: cause}
}

// ErrorCode gives the code of the outermost Error in err's chain, CodeInternal for any other error, "" for nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// ErrorMessage gives the text that may be shown to clients; for internal errors it is a fixed one.
func ErrorMessage(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Code != CodeInternal {
		return e.Message
	}
	return "Internal error. The server's log has the details."
}

// ErrReleaseNotFound is the refusal for a name without any fitting version (spec/rest.md §3).
func ErrReleaseNotFound(name string) *Error {
	return &Error{Code: CodeReleaseNotFound, Message: fmt.Sprintf("Release with the name [%s] doesn't exist", name), Release: name}
}

// ErrVersionNotFound is the refusal for a version that a release does not have (spec/rest.md §3.3).
func ErrVersionNotFound(name string, version int) *Error {
	return &Error{
		Code:    CodeReleaseNotFound,
		Message: fmt.Sprintf("Release with the name [%s] and version [%d] doesn't exist", name, version),
		Release: name, Version: version,
	}
}
