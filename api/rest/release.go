package rest

import (
	"net/http"

	"purser"
	"purser/api/hal"
	"purser/api/skipper"
)

var statusLink = rel{"status", "/api/release/status/{name}"}

// release answers with a release and the link to its status, whose placeholder stays (spec/rest.md §1.2).
func (h *Handler) release(w http.ResponseWriter, r *http.Request, status int, release purser.Release) error {
	return h.adapter.HAL(w, r, status, hal.Resource{Fields: skipper.Release(release), Links: absolute(r, statusLink)})
}
