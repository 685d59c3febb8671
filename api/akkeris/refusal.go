package akkeris

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"purser"
	"purser/api"
)

// The texts of refusals (spec/dialects.md §4.2). Clients look for them.
const (
	textNeither     = `The specified "slug" (or) "release" field was not provided.`
	textBoth        = `The specified request may only contain either a "slug" field for the build to deploy or the "release" field for the release to roll back to, not both.`
	textNoBuild     = "The specified build %s was not found."
	textNoPackage   = "The specified build latest was not found: the package %s of the application %s does not exist."
	textUnfinished  = "The slug %s does not exist or is still in process of building"
	textNotBuilt    = "A release cannot be created on this as the build has not yet completed, does not exist or was not successful."
	textNoUUID      = "The specified uuid was invalid."
	textNoRelease   = "The specified release %s was not found."
	textNoApp       = "The specified application %s does not exist."
	textDownstream  = "The application %s is downstream in a pipeline: its releases come by promotion, and cannot be created."
	textNoStatus    = "The specified release status %s was not found."
	textSameContext = "The release %s already has a status with the context %s."
	textKeptContext = "The context of a release status cannot be changed."
	textNotText     = "The specified %s was invalid: it must be a text."
	textNoEvent     = "The specified event was invalid: it has no action or no key."
	textTooLarge    = "The request body is larger than %d bytes."
	textInternal    = "Internal Server Error"
)

// refusal is a failure in the words of this dialect.
type refusal struct{ text string }

// Error implements error.
func (e *refusal) Error() string { return e.text }

func refuse(status int, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return &api.Failure{Status: status, Message: text, Err: &refusal{text}}
}

// statuses is the one table from the domain's codes to statuses. A code that is not here is a fault of the server.
var statuses = map[purser.Code]int{
	purser.CodeUnauthenticated: http.StatusUnauthorized,
	purser.CodeForbidden:       http.StatusForbidden,
	purser.CodeReleaseNotFound: http.StatusNotFound,
	purser.CodeNotFound:        http.StatusNotFound,
	purser.CodeConflict:        http.StatusConflict,
	purser.CodeBusy:            http.StatusConflict,
	purser.CodeInvalid:         http.StatusUnprocessableEntity,
	purser.CodeTooLarge:        http.StatusRequestEntityTooLarge,
	purser.CodeUnavailable:     http.StatusServiceUnavailable,
}

// asFault makes a platform's refusal a fault of the server: nothing that the caller has sent can change it.
func asFault(err error) error {
	if purser.ErrorCode(err) == purser.CodePlatform {
		return &api.Failure{Status: http.StatusInternalServerError, Message: textInternal, Err: err}
	}
	return err
}

// WriteFailure implements api.Owner: a failure is its bare text. That somebody is unknown, or that there is no such path or
// method, is told by the status alone.
func (h *Handler) WriteFailure(w http.ResponseWriter, r *http.Request, f *api.Failure) {
	status, text := f.Status, f.Message
	if _, ours := errors.AsType[*refusal](f.Err); !ours {
		if known, ok := errors.AsType[*purser.Error](f.Err); ok && statuses[known.Code] != 0 {
			status = statuses[known.Code]
		} else if status == http.StatusMethodNotAllowed || status == http.StatusNotFound {
			status, text = http.StatusNotFound, ""
		}
	}
	switch {
	case status == http.StatusUnauthorized:
		text = ""
	case status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable:
		status, text = http.StatusInternalServerError, textInternal
	}
	w.Header().Del("Allow")
	w.Header().Del("Vary")
	write(w, r, status, []byte(text))
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// uuidOf gives a UUID in the form in which it is stored. False: it is none.
func uuidOf(text string) (string, bool) {
	text = strings.ToLower(text)
	return text, uuidForm.MatchString(text)
}

// mustUUID is uuidOf for ids in paths, where anything else is refused.
func mustUUID(text string) (string, error) {
	id, ok := uuidOf(text)
	if !ok {
		return "", refuse(http.StatusUnprocessableEntity, textNoUUID)
	}
	return id, nil
}
