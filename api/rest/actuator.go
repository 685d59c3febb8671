package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// actuatorGet is GET /api/release/actuator/{name}/{app}/{instance} (spec/rest.md §2.20): the application's text, under
// the label that is asked for.
func (h *Handler) actuatorGet(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	if !query.Has("endpoint") {
		return api.MissingParameter("endpoint", "String")
	}
	request := actuatorRequest(r)
	request.Endpoint = query.Get("endpoint")
	answer, err := h.pass(r, request)
	if err != nil {
		return err
	}
	return h.adapter.Verbatim(w, r, answer.Body, "text/plain", api.TypeJSON, api.TypeAnyJSON)
}

// actuatorPost is POST /api/release/actuator/{name}/{app}/{instance}: the application's JSON.
func (h *Handler) actuatorPost(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	request := actuatorRequest(r)
	request.Endpoint = text(o.Text("endpoint"))
	if !o.Object("body").IsNull() {
		request.Body = compact(o.Raw("body"))
	}
	if err := api.Readable(o); err != nil {
		return err
	}
	answer, err := h.pass(r, request)
	if err != nil {
		return err
	}
	switch {
	case len(bytes.TrimSpace(answer.Body)) == 0:
		return empty(w)
	case !json.Valid(answer.Body):
		return purser.Errorf(purser.CodePlatform, "The application answered %s, which is no JSON", excerpt(answer.Body))
	}
	return h.adapter.Verbatim(w, r, compact(answer.Body), api.PlainTypes()...)
}

func actuatorRequest(r *http.Request) purser.ActuatorRequest {
	return purser.ActuatorRequest{
		Key:           key(chi.URLParam(r, "name")),
		DeploymentID:  chi.URLParam(r, "app"),
		InstanceGUID:  chi.URLParam(r, "instance"),
		Method:        r.Method,
		Authorization: r.Header.Get("Authorization"),
	}
}

// pass passes a call on. What the application refuses is a failure that quotes its answer.
func (h *Handler) pass(r *http.Request, request purser.ActuatorRequest) (purser.ActuatorResponse, error) {
	answer, err := h.engine.Actuator(r.Context(), request)
	if err != nil {
		return purser.ActuatorResponse{}, err
	}
	if answer.Status >= http.StatusBadRequest {
		return purser.ActuatorResponse{}, purser.Errorf(purser.CodePlatform, "%d %s: %s",
			answer.Status, http.StatusText(answer.Status), excerpt(answer.Body))
	}
	return answer, nil
}

// maxExcerpt is how many bytes of an application's refusal are shown.
const maxExcerpt = 200

// excerpt gives the beginning of a body on one line, in quotes.
func excerpt(body []byte) string {
	if len(body) == 0 {
		return "[no body]"
	}
	more := ""
	if len(body) > maxExcerpt {
		more = "... (" + strconv.Itoa(len(body)) + " bytes)"
		body = body[:maxExcerpt]
		for len(body) > 0 && !utf8.Valid(body) && len(body) > maxExcerpt-utf8.UTFMax {
			body = body[:len(body)-1]
		}
	}
	text := strings.ToValidUTF8(string(body), "\ufffd")
	return `"` + strings.NewReplacer("\r\n", "<EOL>", "\n", "<EOL>", "\r", "<EOL>").Replace(text) + more + `"`
}

// compact gives JSON without white space between its parts; what is none stays as it is.
func compact(raw []byte) []byte {
	var out bytes.Buffer
	if err := json.Compact(&out, raw); err != nil {
		return raw
	}
	return out.Bytes()
}
