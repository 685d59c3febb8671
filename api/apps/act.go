package apps

import (
	"context"
	"fmt"
	"net/http"

	"purser"
)

// The actions, as refusals name them.
const (
	actActivate = "activate"
	actRollback = "rollback"
	actArchive  = "archive"
	actDelete   = "delete"
)

// activate is POST .../releases/{release_id}/activate: a draft takes the place of the active release.
func (h *Handler) activate(w http.ResponseWriter, r *http.Request, c caller) error {
	return h.deploy(w, r, c, actActivate, purser.ActivateStaged)
}

// rollback is POST .../releases/{release_id}/rollback: a release that was active before is active again, in place.
func (h *Handler) rollback(w http.ResponseWriter, r *http.Request, c caller) error {
	return h.deploy(w, r, c, actRollback, purser.ActivateSuperseded)
}

func (h *Handler) deploy(w http.ResponseWriter, r *http.Request, c caller, action string, mode purser.ActivationMode) error {
	target, err := h.find(r, c)
	if err != nil {
		return err
	}
	result, err := h.Engine.Activate(r.Context(), purser.ActivateRequest{
		Key: c.key, Version: target.Version, Mode: mode, Archive: true, Timeout: &h.Timeout, Wait: true, RequestedBy: c.Subject,
	})
	if err != nil {
		return h.notDone(r.Context(), c, target, action, err)
	}
	body := done{Message: messageOf(action, result)}
	if result.Replaced != nil {
		body.PreviousActiveReleaseID = orNull(result.Replaced.UUID)
	}
	if body.Release, err = c.app.summarize(result.Release); err != nil {
		return err
	}
	reply(w, http.StatusOK, body)
	return nil
}

func messageOf(action string, result purser.ActivateResult) string {
	switch {
	case !result.Changed:
		return fmt.Sprintf("Release '%s' is active already", result.Release.Tag)
	case action == actRollback:
		return fmt.Sprintf("Rolled back to release '%s'", result.Release.Tag)
	default:
		return fmt.Sprintf("Release '%s' is active", result.Release.Tag)
	}
}

// archive is POST .../releases/{release_id}/archive.
func (h *Handler) archive(w http.ResponseWriter, r *http.Request, c caller) error {
	target, err := h.find(r, c)
	if err != nil {
		return err
	}
	archived, err := h.Engine.Archive(r.Context(), purser.ArchiveRequest{Key: c.key, Version: target.Version, RequestedBy: c.Subject})
	if err != nil {
		return h.notDone(r.Context(), c, target, actArchive, err)
	}
	body, err := c.app.summarize(archived)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, body)
	return nil
}

// discard is DELETE .../releases/{release_id}.
func (h *Handler) discard(w http.ResponseWriter, r *http.Request, c caller) error {
	target, err := h.find(r, c)
	if err != nil {
		return err
	}
	if err := h.Engine.Discard(r.Context(), purser.DiscardRequest{Key: c.key, Version: target.Version, RequestedBy: c.Subject}); err != nil {
		return h.notDone(r.Context(), c, target, actDelete, err)
	}
	reply(w, http.StatusOK, struct{}{})
	return nil
}

// notDone tells why an action on a release came to nothing.
func (h *Handler) notDone(ctx context.Context, c caller, target purser.Release, action string, err error) error {
	switch purser.ErrorCode(err) {
	case purser.CodeReleaseNotFound: // it was deleted meanwhile
		return notFound(typeRelease, target.UUID)
	case purser.CodeConflict, purser.CodeBusy:
		now, lost := h.Store.FindVersion(ctx, target.UUID)
		switch {
		case purser.ErrorCode(lost) == purser.CodeReleaseNotFound:
			return notFound(typeRelease, target.UUID)
		case lost != nil:
			return lost
		}
		return conflict(whyNot(action, now, err), now.UUID, statusOf(now), action, err)
	case purser.CodePlatform, purser.CodeNotFound, purser.CodeInvalid, purser.CodeTooLarge: // the platform is gone, or takes it no more
		return failed(&refusal{
			word: wordInternal, cause: err, details: details{"resource_id": target.UUID, "action": action},
			message: fmt.Sprintf("Release '%s' could not be deployed: %s", target.Tag, purser.ErrorMessage(err)),
		})
	}
	return err
}

// transition is an action on a release in a status.
type transition struct{ action, status string }

// forbiddenTransitions says why the ones that spec/dialects.md §3.3 forbids are, for the releases that it is about; one
// more reason is whether the release was active before.
var forbiddenTransitions = map[transition]string{
	{actActivate, statusArchived}: "it is archived",
	{actRollback, statusDraft}:    "it was never active; activate it",
	{actRollback, statusActive}:   "it is active already",
	{actRollback, statusArchived}: "it was never active",
	{actArchive, statusActive}:    "it is active; activate another release first",
	{actDelete, statusActive}:     "it is active; activate another release first",
}

// whyNot is the message of a conflict.
func whyNot(action string, r purser.Release, err error) string {
	why, known := forbiddenTransitions[transition{action, statusOf(r)}]
	switch {
	case action == actActivate && known && !r.ActivatedAt.IsZero():
		why += "; use rollback"
	case !known, action == actRollback && statusOf(r) == statusArchived && !r.ActivatedAt.IsZero():
		return purser.ErrorMessage(err) // something else is under way
	}
	verb := map[string]string{actActivate: "activated", actRollback: "rolled back to", actArchive: "archived", actDelete: "deleted"}[action]
	return fmt.Sprintf("Release '%s' cannot be %s: %s", r.Tag, verb, why)
}
