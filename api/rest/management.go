package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser/api"
	"purser/api/hal"
)

// Build says what runs, for /actuator/info (spec/rest.md §2.27). Empty texts are left out.
type Build struct {
	Artifact string
	Name     string
	Time     string // in the form of ISO 8601
	Version  string
	Group    string
}

// managementTypes are the labels of the management endpoints, the preferred one first.
func managementTypes() []string {
	return []string{"application/vnd.spring-boot.actuator.v3+json", "application/vnd.spring-boot.actuator.v2+json", api.TypeJSON}
}

// management is GET /actuator: the endpoints there are.
func (h *Handler) management(w http.ResponseWriter, r *http.Request) error {
	base := api.Base(r)
	link := func(path string, templated bool) hal.Members {
		return hal.Members{{Key: "href", Value: base + path}, {Key: "templated", Value: templated}}
	}
	return h.manage(w, r, http.StatusOK, hal.Members{{Key: "_links", Value: hal.Members{
		{Key: "self", Value: link("/actuator", false)},
		{Key: "health-path", Value: link("/actuator/health/{*path}", true)},
		{Key: "health", Value: link("/actuator/health", false)},
		{Key: "info", Value: link("/actuator/info", false)},
	}}})
}

func (h *Handler) manage(w http.ResponseWriter, r *http.Request, status int, f hal.Fields) error {
	return h.adapter.As(w, r, status, f, hal.Compact, managementTypes()...)
}

// health is GET /actuator/health.
func (h *Handler) health(w http.ResponseWriter, r *http.Request) error {
	status, word := h.condition(r)
	document := hal.Members{{Key: "status", Value: word}}
	if h.probes {
		document = append(document, hal.Member{Key: "groups", Value: []string{"liveness", "readiness"}})
	}
	return h.manage(w, r, status, document)
}

// healthGroup is GET /actuator/health/*: liveness is the answer itself, readiness is the health. Without probes
// there are no groups.
func (h *Handler) healthGroup(w http.ResponseWriter, r *http.Request) error {
	status, word := http.StatusOK, "UP"
	switch group := chi.URLParam(r, "*"); {
	case h.probes && group == "readiness":
		status, word = h.condition(r)
	case h.probes && group == "liveness":
	default:
		return api.Empty(http.StatusNotFound)
	}
	return h.manage(w, r, status, hal.Members{{Key: "status", Value: word}})
}

func (h *Handler) condition(r *http.Request) (status int, word string) {
	if err := h.ready(r.Context()); err != nil {
		h.adapter.Note(r, "not ready", err)
		return http.StatusServiceUnavailable, "DOWN"
	}
	return http.StatusOK, "UP"
}

// info is GET /actuator/info.
func (h *Handler) info(w http.ResponseWriter, r *http.Request) error {
	return h.manage(w, r, http.StatusOK, h.build)
}

// AppendFields implements hal.Fields.
func (b Build) AppendFields(w *hal.Writer) {
	w.Key("build")
	w.BeginObject()
	optional(w, "artifact", b.Artifact)
	optional(w, "name", b.Name)
	optional(w, "time", b.Time)
	optional(w, "version", b.Version)
	optional(w, "group", b.Group)
	w.EndObject()
}

var _ hal.Fields = Build{}
