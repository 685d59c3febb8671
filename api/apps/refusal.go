package apps

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"purser/api"
)

// The words for what is wrong (spec/dialects.md §3.2).
const (
	wordUnauthenticated = "AUTHENTICATION_FAILED"
	wordForbidden       = "FORBIDDEN"
	wordNotFound        = "RESOURCE_NOT_FOUND"
	wordConflict        = "RESOURCE_CONFLICT"
	wordInternal        = "INTERNAL_SERVER_ERROR"
	wordUnavailable     = "SERVICE_UNAVAILABLE"
)

// statuses is the one table from the words to statuses.
var statuses = map[string]int{
	wordUnauthenticated: http.StatusUnauthorized,
	wordForbidden:       http.StatusForbidden,
	wordNotFound:        http.StatusNotFound,
	wordConflict:        http.StatusConflict,
	wordInternal:        http.StatusInternalServerError,
	wordUnavailable:     http.StatusServiceUnavailable,
}

// details are what an envelope tells besides its message.
type details map[string]string

// refusal is a failure that has an envelope.
type refusal struct {
	word    string
	message string
	details details
	cause   error
}

// Error implements error.
func (e *refusal) Error() string {
	if e.cause != nil {
		return e.message + ": " + e.cause.Error()
	}
	return e.message
}

// Unwrap gives the cause.
func (e *refusal) Unwrap() error { return e.cause }

// failed makes a refusal what handlers return.
func failed(e *refusal) *api.Failure {
	return &api.Failure{Status: statuses[e.word], Message: e.message, Err: e}
}

func unauthenticated(cause error) error {
	f := failed(&refusal{word: wordUnauthenticated, message: "Authentication required", cause: cause})
	f.Header = http.Header{"Www-Authenticate": {"Bearer"}}
	return f
}

func forbidden(permission string) error {
	return failed(&refusal{
		word: wordForbidden, message: "You don't have permission to perform this action", details: details{"required_permission": permission},
	})
}

func notFound(kind, id string) error {
	return failed(&refusal{
		word: wordNotFound, message: "The requested resource was not found", details: details{"resource_type": kind, "resource_id": id},
	})
}

func conflict(message, id, status, action string, cause error) error {
	return failed(&refusal{
		word: wordConflict, message: message, cause: cause, details: details{"resource_id": id, "current_status": status, "action": action},
	})
}

// envelope is the form of all failures but 422 and those that concern no call.
type envelope struct {
	Error      string  `json:"error"`
	Message    string  `json:"message"`
	Details    details `json:"details"`
	Timestamp  string  `json:"timestamp"`
	StatusCode int     `json:"status_code"`
}

// detail is the form of failures that the framework of the original gives: for paths and methods that do not exist, for
// bodies that cannot be read, and with a list, for what is not valid.
type detail struct {
	Detail any `json:"detail"`
}

// WriteFailure implements api.Owner.
func (h *Handler) WriteFailure(w http.ResponseWriter, _ *http.Request, f *api.Failure) {
	if bad, ok := errors.AsType[*invalid](f.Err); ok {
		reply(w, f.Status, detail{bad.issues})
		return
	}
	e, ok := errors.AsType[*refusal](f.Err)
	switch {
	case ok:
	case f.Status == http.StatusServiceUnavailable:
		e = &refusal{word: wordUnavailable, message: f.Message}
	case f.Status >= http.StatusInternalServerError:
		e = &refusal{word: wordInternal, message: "An unexpected error occurred"}
	default:
		reply(w, f.Status, detail{plainText(f)})
		return
	}
	told := details{}
	for key, value := range e.details {
		told[key] = value
	}
	if f.ID != "" {
		told["error_id"] = f.ID
	}
	reply(w, f.Status, envelope{
		Error: e.word, Message: e.message, Details: told, StatusCode: f.Status,
		Timestamp: h.Clock.Now().UTC().Format("2006-01-02T15:04:05.000000"),
	})
}

// plainText is a failure in a few words.
func plainText(f *api.Failure) string {
	switch f.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return http.StatusText(f.Status)
	}
	return f.Message
}

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, body any) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil { // the types of this package always have a JSON form
		panic(err)
	}
	text.Truncate(text.Len() - 1) // the end of the line
	header := w.Header()
	header["Content-Type"], header["Content-Length"] = []string{api.TypeJSON}, []string{strconv.Itoa(text.Len())}
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // the caller is gone: nobody to tell
}

// moment is a date on the wire: in UTC, with microseconds. The zero time is null.
type moment time.Time

// MarshalJSON implements json.Marshaler.
func (m moment) MarshalJSON() ([]byte, error) {
	if t := time.Time(m); !t.IsZero() {
		return []byte(t.UTC().Format(`"2006-01-02T15:04:05.000000Z"`)), nil
	}
	return []byte("null"), nil
}
