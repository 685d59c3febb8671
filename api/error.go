package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"purser"
)

// The exception names that Skipper's clients rebuild failures from; they must be exact (spec/rest.md §3.1).
const (
	SkipperException         = "org.springframework.cloud.skipper.SkipperException"
	ReleaseNotFoundException = "org.springframework.cloud.skipper.ReleaseNotFoundException"
	ReleaseUpgradeException  = "org.springframework.cloud.skipper.ReleaseUpgradeException"
	PackageDeleteException   = "org.springframework.cloud.skipper.PackageDeleteException"
)

// The exception names of requests that do not reach the domain (spec/rest.md §3.1).
const (
	NotReadableException        = "org.springframework.http.converter.HttpMessageNotReadableException"
	MissingParameterException   = "org.springframework.web.bind.MissingServletRequestParameterException"
	TypeMismatchException       = "org.springframework.web.method.annotation.MethodArgumentTypeMismatchException"
	MethodNotSupportedException = "org.springframework.web.HttpRequestMethodNotSupportedException"
	MediaTypeNotSupported       = "org.springframework.web.HttpMediaTypeNotSupportedException"
	MediaTypeNotAcceptable      = "org.springframework.web.HttpMediaTypeNotAcceptableException"
)

const (
	noMessage         = "No message available"
	retryAfterSeconds = 5
	// readableTypes is the Accept header of a 415, as the reference sends it.
	readableTypes = "application/json, application/hal+json, application/schema+json, application/json-patch+json, " +
		"application/merge-patch+json, application/x-spring-data-verbose+json, application/x-spring-data-compact+json, " +
		"application/prs.hal-forms+json, application/alps+json, application/*+json, */*"
)

// outcome is how a code of the domain looks on the wire.
type outcome struct {
	status    int
	exception string
}

// outcomes is the one table from the domain's codes to the wire. A code that is not here is a fault of the server.
var outcomes = map[purser.Code]outcome{
	purser.CodeReleaseNotFound: {http.StatusNotFound, ReleaseNotFoundException},
	purser.CodeNoDifference:    {http.StatusConflict, ReleaseUpgradeException},
	purser.CodePackageInUse:    {http.StatusConflict, PackageDeleteException},
	purser.CodeNotFound:        {http.StatusConflict, SkipperException},
	purser.CodeInvalid:         {http.StatusConflict, SkipperException},
	purser.CodeConflict:        {http.StatusConflict, SkipperException},
	purser.CodeBusy:            {http.StatusConflict, SkipperException},
	purser.CodePlatform:        {http.StatusConflict, SkipperException},
	purser.CodeTooLarge:        {http.StatusConflict, SkipperException},
	purser.CodeUnauthenticated: {http.StatusUnauthorized, SkipperException},
	purser.CodeForbidden:       {http.StatusForbidden, SkipperException},
	purser.CodeUnavailable:     {http.StatusServiceUnavailable, SkipperException},
	purser.CodeInternal:        {http.StatusInternalServerError, SkipperException},
}

// Failure is an error as the wire shows it. Handlers return it themselves only for what concerns HTTP; everything else
// they pass on as they got it, and FailureOf looks it up.
type Failure struct {
	Status    int
	Exception string      // a Java class name; "": none is named
	Message   string      // "": the fixed text for "none"
	Release   string      // the release that was not found, with ReleaseNotFoundException
	Version   *int        // its version, when one was asked for
	Header    http.Header // further headers of the answer, e.g. Allow; may be nil
	Bare      bool        // the answer has no body, whatever is accepted
	ID        string      // under which the log has a fault of the server; "": it is none
	Err       error       // the cause, for the log
}

// Error implements error.
func (f *Failure) Error() string {
	text := strconv.Itoa(f.Status) + " " + f.text()
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Err }

func (f *Failure) text() string {
	if f.Message == "" {
		return noMessage
	}
	return f.Message
}

// FailureOf gives the form of any error on the wire: a Failure as it is, the rest by the table of codes. Errors without
// a code are CodeInternal, so that their text stays in the log. It never gives nil for an error.
func FailureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &Failure{
			Status: http.StatusRequestEntityTooLarge, Exception: SkipperException, Err: err,
			Message: fmt.Sprintf("The request body is larger than %d bytes, the limit of this server.", large.Limit),
		}
	}
	if purser.ErrorCode(err) == purser.CodeInternal && errors.Is(err, context.Canceled) {
		err = &purser.Error{Code: purser.CodeUnavailable, Message: "The request was given up before it was answered.", Err: err}
	}
	code := purser.ErrorCode(err)
	how, ok := outcomes[code]
	if !ok {
		how = outcomes[purser.CodeInternal]
		err = &purser.Error{Code: purser.CodeInternal, Err: err}
	}
	f := &Failure{Status: how.status, Exception: how.exception, Message: purser.ErrorMessage(err), Err: err}
	if e, ok := errors.AsType[*purser.Error](err); ok {
		f.Release = e.Release
		if e.Version != 0 {
			f.Version = &e.Version
		}
	}
	if code == purser.CodeUnavailable {
		f.Header = http.Header{"Retry-After": {strconv.Itoa(retryAfterSeconds)}}
	}
	return f
}

// VersionNotFound is the answer for a version that a release cannot have, such as 0 (spec/rest.md §2.11).
func VersionNotFound(name string, version int) *Failure {
	f := FailureOf(purser.ErrVersionNotFound(name, version))
	f.Version = &version
	return f
}

// NotFound is the answer for a path that nothing serves: 404 without an exception.
func NotFound() *Failure {
	return &Failure{Status: http.StatusNotFound, Header: http.Header{"Vary": corsVary}}
}

// Empty is an answer of a status alone, as Data REST gives for missing items and methods that are not exported. allow
// lists the methods of a 405; nil for none.
func Empty(status int, allow ...string) *Failure {
	f := &Failure{Status: status, Bare: true}
	if len(allow) > 0 {
		f.Header = http.Header{"Allow": {strings.Join(allow, ", ")}}
	}
	return f
}

// NotReadable is a body that cannot be read: 400. message begins with "JSON parse error: " or "Required request body
// is missing: ".
func NotReadable(message string) *Failure {
	return &Failure{Status: http.StatusBadRequest, Exception: NotReadableException, Message: message}
}

// MissingParameter is a query parameter that is not there: 400. kind is the Java type in the text, e.g. String[].
func MissingParameter(name, kind string) *Failure {
	return &Failure{
		Status: http.StatusBadRequest, Exception: MissingParameterException,
		Message: "Required request parameter '" + name + "' for method parameter type " + kind + " is not present",
	}
}

// TypeMismatch is a part of the path that is no number: 400. kind is the Java type in the text, e.g. java.lang.Integer.
func TypeMismatch(value, kind string) *Failure {
	return &Failure{
		Status: http.StatusBadRequest, Exception: TypeMismatchException,
		Message: "Failed to convert value of type 'java.lang.String' to required type '" + kind +
			"'; nested exception is java.lang.NumberFormatException: For input string: \"" + value + "\"",
	}
}

// NotAcceptable is an answer that the caller's Accept header leaves no form for: 406.
func NotAcceptable() *Failure {
	return &Failure{Status: http.StatusNotAcceptable, Exception: MediaTypeNotAcceptable, Message: "Could not find acceptable representation"}
}

// UnsupportedType is a body of a type that nobody here reads: 415, with the list of those that are read.
func UnsupportedType(message string) *Failure {
	return &Failure{
		Status: http.StatusUnsupportedMediaType, Exception: MediaTypeNotSupported, Message: message,
		Header: http.Header{"Accept": {readableTypes}},
	}
}

// methodNotAllowed is a method that a known path does not have: 405 with the methods it has.
func methodNotAllowed(method string, allow []string) *Failure {
	return &Failure{
		Status: http.StatusMethodNotAllowed, Exception: MethodNotSupportedException,
		Message: "Request method '" + method + "' not supported",
		Header:  http.Header{"Allow": {strings.Join(allow, ", ")}},
	}
}

// reason is the status in the words of Spring.
func reason(status int) string {
	if status == http.StatusRequestEntityTooLarge {
		return "Payload Too Large"
	}
	return http.StatusText(status)
}
