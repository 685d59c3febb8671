package akkeris

import (
	"net/http"
)

// eventReleased is what a platform says when an application of a release is live.
const eventReleased = "released"

// taken is the answer to an event.
type taken struct {
	Status string `json:"status"`
}

// takeEvent takes in what a platform reports of an app (spec/dialects.md §4.3): that a release is live. Other events change
// nothing here.
func (h *Handler) takeEvent(v *visit) error {
	body, err := readFields(v)
	if err != nil {
		return err
	}
	if !body.given("action") || !body.given("key") {
		return refuse(http.StatusBadRequest, textNoEvent)
	}
	app, err := h.findApp(v.ctx(), body.shown("key"))
	if err != nil {
		return err
	}
	if body.shown("action") == eventReleased {
		if err := h.reportLive(v, app, body.object("release")); err != nil {
			return err
		}
	}
	return reply(v, http.StatusOK, taken{"ok"})
}

// reportLive passes on that the platform says that a release is live.
func (h *Handler) reportLive(v *visit, app *App, release fields) error {
	shown := release.shown("id")
	id, err := mustUUID(shown)
	if err != nil {
		return err
	}
	r, err := h.findRelease(v.ctx(), app, id, shown)
	if err != nil {
		return err
	}
	_, err = h.Engine.ReportHealthy(v.ctx(), r.UUID)
	return err
}
