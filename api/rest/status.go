package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser/api"
	"purser/api/hal"
	"purser/api/skipper"
)

// status is GET /api/release/status/{name} and /status/{name}/{version} (spec/rest.md §2.11).
func (h *Handler) status(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "name")
	version, err := pathVersion(r, name)
	if err != nil {
		return err
	}
	release, err := h.engine.Status(r.Context(), key(name), version)
	if err != nil {
		return err
	}
	return h.adapter.HAL(w, r, http.StatusOK, hal.Resource{
		Fields: skipper.Info(release), Links: absolute(r, rel{"manifest", "/api/release/manifest/{name}"}),
	})
}

// statuses is GET /api/release/statuses (spec/rest.md §2.9).
func (h *Handler) statuses(w http.ResponseWriter, r *http.Request) error {
	names, err := namesOf(r)
	if err != nil {
		return err
	}
	found, err := h.engine.Statuses(r.Context(), "", names)
	if err != nil {
		return err
	}
	return h.adapter.Plain(w, r, http.StatusOK, skipper.Infos(found))
}

// states is GET /api/release/states (spec/rest.md §2.10). Without any known name the answer is empty.
func (h *Handler) states(w http.ResponseWriter, r *http.Request) error {
	names, err := namesOf(r)
	if err != nil {
		return err
	}
	found, err := h.engine.States(r.Context(), "", names)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return empty(w)
	}
	return h.adapter.Plain(w, r, http.StatusOK, skipper.States(found))
}

// manifest is GET /api/release/manifest/{name} and /manifest/{name}/{version} (spec/rest.md §2.13).
func (h *Handler) manifest(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "name")
	version, err := pathVersion(r, name)
	if err != nil {
		return err
	}
	release, err := h.store.FindRelease(r.Context(), key(name), version)
	if err != nil {
		return err
	}
	return h.adapter.HAL(w, r, http.StatusOK, hal.Resource{Fields: skipper.Manifest(release.Manifest), Links: absolute(r, statusLink)})
}

// logs is GET /api/release/logs/{name} and /logs/{name}/{app}, where app is a deployment id (spec/rest.md §2.12).
func (h *Handler) logs(w http.ResponseWriter, r *http.Request) error {
	logs, err := h.engine.Logs(r.Context(), key(chi.URLParam(r, "name")), chi.URLParam(r, "app"))
	if err != nil {
		return err
	}
	if logs == nil {
		logs = map[string]string{}
	}
	return h.adapter.HAL(w, r, http.StatusOK, hal.Members{{Key: "logs", Value: logs}})
}

// namesOf gives the releases that a query asks for.
func namesOf(r *http.Request) ([]string, error) {
	values, ok := r.URL.Query()["names"]
	if !ok {
		return nil, api.MissingParameter("names", "String[]")
	}
	return textList(values), nil
}
