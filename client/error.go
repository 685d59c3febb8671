package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// ErrUnauthorized says that the server wants other credentials: errors.Is(err, ErrUnauthorized).
var ErrUnauthorized = errors.New("the server refuses the credentials")

// HTTPError is an answer with a status of 300 and more. The four exceptions of Skipper have errors of their own, which
// wrap it.
type HTTPError struct {
	Method, URL string
	Status      int
	Exception   string // class of the failure as the server names it, "" when it names none
	Message     string // of the server, "" when it gave none
	Body        string // the beginning of the answer
	RetryAfter  time.Duration
}

// Error gives status and message, such as "400 Bad Request: JSON parse error".
func (e *HTTPError) Error() string {
	text := fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	text = strings.TrimSuffix(text, " ")
	switch {
	case e.Message != "":
		return text + ": " + e.Message
	case e.Body != "":
		return text + ": " + e.Body
	}
	return text + ": [no body]"
}

// Is tells of a 401 that it is ErrUnauthorized.
func (e *HTTPError) Is(target error) bool {
	return target == ErrUnauthorized && e.Status == http.StatusUnauthorized
}

// ReleaseNotFoundError says that there is no such release, or no such version of it.
type ReleaseNotFoundError struct {
	Name    string
	Version int    // 0: none was named
	Message string // the server's own words, which name the version as well
	HTTP    *HTTPError
}

// Error gives the text that Skipper's client shows.
func (e *ReleaseNotFoundError) Error() string {
	return fmt.Sprintf("Release with the name [%s] doesn't exist", e.Name)
}

// Unwrap gives the answer.
func (e *ReleaseNotFoundError) Unwrap() error { return e.HTTP }

// PackageDeleteError says why a package cannot be deleted.
type PackageDeleteError struct {
	Message string
	HTTP    *HTTPError
}

// Error gives the server's text.
func (e *PackageDeleteError) Error() string { return textOr(e.Message, e.HTTP) }

// Unwrap gives the answer.
func (e *PackageDeleteError) Unwrap() error { return e.HTTP }

// ReleaseUpgradeError says why a release cannot be upgraded, mostly that nothing would change.
type ReleaseUpgradeError struct {
	Message string
	HTTP    *HTTPError
}

// Error gives the server's text.
func (e *ReleaseUpgradeError) Error() string { return textOr(e.Message, e.HTTP) }

// Unwrap gives the answer.
func (e *ReleaseUpgradeError) Unwrap() error { return e.HTTP }

// SkipperError is any other refusal that a person should understand.
type SkipperError struct {
	Message string
	HTTP    *HTTPError
}

// Error gives the server's text.
func (e *SkipperError) Error() string { return textOr(e.Message, e.HTTP) }

// Unwrap gives the answer.
func (e *SkipperError) Unwrap() error { return e.HTTP }

// textOr gives the message, or what the answer has to say when there is none.
func textOr(message string, answer *HTTPError) string {
	if message == "" && answer != nil {
		return answer.Error()
	}
	return message
}

// UnreachableError says that no answer came: nobody listens, the host is not known, or the connection was dropped. What
// ended because of the call's context is none; it is the context's error.
type UnreachableError struct {
	Method, URL string
	Err         error
}

// Error says which server did not answer, and why.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no answer to %s %s: %v", e.Method, e.URL, e.Err)
}

// Unwrap gives the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// TLSError says that the server's certificate is not trusted, or that it does not speak TLS.
type TLSError struct {
	URL string
	Err error
}

// Error says which server, and why.
func (e *TLSError) Error() string { return fmt.Sprintf("no secure connection to %s: %v", e.URL, e.Err) }

// Unwrap gives the cause.
func (e *TLSError) Unwrap() error { return e.Err }

// DecodeError says that an answer of a good status is not what was asked for: another server, or a proxy's page.
type DecodeError struct {
	Method, URL string
	ContentType string
	Err         error
}

// Error says which answer, and what is wrong with it.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("the answer to %s %s cannot be read: %v", e.Method, e.URL, e.Err)
}

// Unwrap gives the cause.
func (e *DecodeError) Unwrap() error { return e.Err }

// UnsupportedError says that the server does not have what was asked for, as Spring Cloud Skipper does not have the
// resources of Purser.
type UnsupportedError struct {
	Resource string // e.g. "operations"
	Server   string // address of its API
}

// Error says what is not there.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s: not supported by the server at %s", e.Resource, e.Server)
}
