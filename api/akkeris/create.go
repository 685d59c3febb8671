package akkeris

import (
	"context"
	"net/http"
	"time"

	"purser"
)

// createRelease deploys a build, or goes back to an earlier release, and answers before that is done: the release queues
// behind those of its app that are on their way (spec/dialects.md §4.2, §4.3).
func (h *Handler) createRelease(v *visit) error {
	body, err := readFields(v)
	if err != nil {
		return err
	}
	switch {
	case v.app.Downstream:
		return refuse(http.StatusUnprocessableEntity, textDownstream, v.app.fullName())
	case !body.given("slug") && !body.given("release"):
		return refuse(http.StatusUnprocessableEntity, textNeither)
	case body.given("slug") && body.given("release"):
		return refuse(http.StatusUnprocessableEntity, textBoth)
	}
	request, err := h.request(v, body)
	if err != nil {
		return err
	}
	ref, err := h.reference(v.ctx(), v.app) // its id is in what hooks are told
	if err != nil {
		return err
	}
	r, err := h.Engine.Submit(v.ctx(), request)
	if err != nil {
		return asFault(err)
	}
	answer := view{app: ref, user: user{ID: purser.SubjectUUID(v.app.key().Space)}}.answer(r, nil)
	answer.Status, answer.Current = purser.RolloutQueued, true // whatever has become of it meanwhile
	return reply(v, http.StatusCreated, answer)
}

// request is what the core is asked for.
func (h *Handler) request(v *visit, body fields) (purser.SubmitRequest, error) {
	request := purser.SubmitRequest{
		StageRequest: purser.StageRequest{Key: v.app.key(), Platform: v.app.Platform, Values: v.app.Values, RequestedBy: v.caller.Subject},
		Lenient:      true,
	}
	if h.Silence > 0 {
		patience := patienceOf(h.Silence)
		request.Timeout = &patience
	}
	description, err := body.text("description")
	if err != nil {
		return request, err
	}
	notes, err := body.text("trigger_notes")
	if err != nil {
		return request, err
	}
	if notes != nil {
		facts, err := marshal(facts{*notes})
		if err != nil {
			return request, err
		}
		request.Describe = func(draft *purser.Release, _ []purser.AppSpec) error {
			draft.Facts = string(facts)
			return nil
		}
	}
	if body.given("release") {
		return request, h.rollBack(v.ctx(), v.app, body.shown("release"), &request)
	}
	build, err := h.buildForSlug(v.ctx(), v.app, body.shown("slug"))
	if err != nil {
		return request, err
	}
	request.PackageID, request.Trigger, request.Notes = build.packageID, purser.TriggerNewBuild, "Deploy of "+build.id
	if body.given("description") {
		request.Notes = *description
	}
	return request, nil
}

// rollBack asks for the content of an earlier release, be it a failed one. Its description is not the caller's to choose.
func (h *Handler) rollBack(ctx context.Context, app *App, shown string, request *purser.SubmitRequest) error {
	id, ok := uuidOf(shown)
	if !ok {
		return refuse(http.StatusNotFound, textNoRelease, shown)
	}
	target, err := h.findRelease(ctx, app, id, shown)
	if err != nil {
		return err
	}
	request.Copy, request.Trigger, request.Notes = target.Version, purser.TriggerRollback, "Rollback to "+target.UUID
	return nil
}

// facts are kept with a release besides what is shown of it.
type facts struct {
	TriggerNotes string `json:"trigger_notes"`
}

// patienceOf is how long the platform may take to report health: a little less than until the release is unknown, so that
// what has failed by then reads failed and is not unknown before.
func patienceOf(silence time.Duration) time.Duration { return silence - silence/10 }
