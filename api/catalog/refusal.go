package catalog

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"purser"
	"purser/api"
)

// refusal is a failure with what only this dialect tells of it.
type refusal struct {
	text       string
	messages   []string // in place of the text
	code       string
	dependents []string
	cause      error
}

// Error implements error.
func (e *refusal) Error() string {
	if e.cause != nil {
		return e.text + ": " + e.cause.Error()
	}
	return e.text
}

// Unwrap gives the cause.
func (e *refusal) Unwrap() error { return e.cause }

func refuse(status int, text string) *api.Failure {
	return &api.Failure{Status: status, Message: text, Err: &refusal{text: text}}
}

func notFound(text string) error { return refuse(http.StatusNotFound, text) }

func conflict(text string) error { return refuse(http.StatusConflict, text) }

// invalid is a request that is not valid; each message names a member.
func invalid(messages []string) error {
	if len(messages) == 0 {
		return nil
	}
	return &api.Failure{Status: http.StatusBadRequest, Message: messages[0], Err: &refusal{text: messages[0], messages: messages}}
}

func unauthenticated(cause error) error {
	f := refuse(http.StatusUnauthorized, purser.ErrorMessage(cause))
	f.Header = http.Header{"Www-Authenticate": {"Bearer"}}
	return f
}

// codeDependents is the error code of a release that others depend on.
const codeDependents = "RELEASE.hasDependents"

// statuses is the one table from the codes of the domain to statuses. What is not here is as for all dialects.
var statuses = map[purser.Code]int{
	purser.CodeNotFound:     http.StatusNotFound,
	purser.CodeInvalid:      http.StatusBadRequest,
	purser.CodeTooLarge:     http.StatusBadRequest,
	purser.CodeConflict:     http.StatusConflict,
	purser.CodePackageInUse: http.StatusBadRequest,
}

// translated gives an error of the domain its status in this dialect.
func translated(err error) error {
	if _, ok := errors.AsType[*api.Failure](err); ok || err == nil {
		return err
	}
	status, ok := statuses[purser.ErrorCode(err)]
	if !ok {
		return err
	}
	text := purser.ErrorMessage(err)
	return &api.Failure{Status: status, Message: text, Err: &refusal{text: text, cause: err}}
}

// envelope is the form of all failures (spec/dialects.md §2.2).
type envelope struct {
	Name       string `json:"name"`
	StatusCode int    `json:"statusCode"`
	Message    any    `json:"message"`
	ErrorCode  string `json:"errorCode,omitempty"`
	Data       detail `json:"data"`
	Timestamp  moment `json:"timestamp"`
	Path       string `json:"path"`
}

type detail struct {
	StatusCode        int      `json:"statusCode"`
	Message           any      `json:"message"`
	Error             string   `json:"error"`
	DependentReleases []string `json:"dependentReleases,omitempty"`
	ErrorID           string   `json:"errorId,omitempty"`
}

// exceptions are the names of statuses.
var exceptions = map[int]string{
	http.StatusBadRequest:            "BadRequestException",
	http.StatusUnauthorized:          "UnauthorizedException",
	http.StatusForbidden:             "ForbiddenException",
	http.StatusNotFound:              "NotFoundException",
	http.StatusMethodNotAllowed:      "MethodNotAllowedException",
	http.StatusNotAcceptable:         "NotAcceptableException",
	http.StatusConflict:              "ConflictException",
	http.StatusRequestEntityTooLarge: "PayloadTooLargeException",
	http.StatusUnsupportedMediaType:  "UnsupportedMediaTypeException",
	http.StatusInternalServerError:   "InternalServerErrorException",
	http.StatusServiceUnavailable:    "ServiceUnavailableException",
}

// WriteFailure implements api.Owner.
func (h *Handler) WriteFailure(w http.ResponseWriter, r *http.Request, f *api.Failure) {
	name, known := exceptions[f.Status]
	if !known {
		name = "HttpException"
	}
	path := api.RawPath(r)
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	e := envelope{Name: name, StatusCode: f.Status, Message: f.Message, Timestamp: moment(h.Clock.Now()), Path: path}
	e.Data = detail{StatusCode: f.Status, Error: http.StatusText(f.Status), ErrorID: f.ID}
	if f.Status == http.StatusRequestEntityTooLarge {
		e.Data.Error = "Payload Too Large"
	}
	if own, ok := errors.AsType[*refusal](f.Err); ok {
		e.ErrorCode, e.Data.DependentReleases = own.code, own.dependents
		if own.messages != nil {
			e.Message = own.messages
		}
	} else if f.Status == http.StatusNotFound || f.Status == http.StatusMethodNotAllowed {
		e.Message = "Cannot " + r.Method + " " + path
	}
	e.Data.Message = e.Message
	reply(w, f.Status, e)
}

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header()["Content-Type"] = []string{api.TypeJSON}
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // the caller is gone: nobody to tell
}

// moment is a time on the wire: in UTC, with milliseconds. The zero time is null.
type moment time.Time

// MarshalJSON implements json.Marshaler.
func (m moment) MarshalJSON() ([]byte, error) {
	if t := time.Time(m); !t.IsZero() {
		return []byte(t.UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
	}
	return []byte("null"), nil
}
