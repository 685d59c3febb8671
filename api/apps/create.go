package apps

import (
	"context"
	"fmt"
	"net/http"

	"purser"
)

// create is POST .../releases: a draft of the app's package as it is now.
func (h *Handler) create(w http.ResponseWriter, r *http.Request, c caller) error {
	d, err := readDraft(r)
	if err != nil {
		return err
	}
	request := purser.StageRequest{
		Key: c.key, Package: purser.PackageIdentifier{Name: c.app.Package}, Platform: c.app.Platform, Values: c.app.Values,
		Tag: d.tag, RequestedBy: c.Subject,
		Describe: func(staged *purser.Release, apps []purser.AppSpec) (err error) {
			facts := take(apps, staged.Manifest)
			facts.Described = d.description != nil && *d.description == ""
			staged.Facts, err = facts.text()
			return err
		},
	}
	if d.description != nil {
		request.Notes = *d.description
	}
	made, err := h.Engine.Stage(r.Context(), request)
	if err != nil {
		return h.notStaged(r.Context(), c, d.tag, err)
	}
	body, err := c.app.detail(made)
	if err != nil {
		return err
	}
	reply(w, http.StatusCreated, body)
	return nil
}

// notStaged tells why a release was not made.
func (h *Handler) notStaged(ctx context.Context, c caller, tag string, err error) error {
	const action = "create"
	switch purser.ErrorCode(err) {
	case purser.CodeNotFound:
		return h.missing(ctx, c, err)
	case purser.CodeConflict:
		found, _, lost := h.Store.FindReleases(ctx, purser.ReleaseFilter{
			Space: c.key.Space, Names: []string{c.key.Name}, Tag: tag, Stages: purser.Stages, Light: true,
		})
		if lost != nil {
			return lost
		}
		if len(found) == 0 { // it was deleted just now
			return conflict(purser.ErrorMessage(err), c.app.ID, "changing", action, err)
		}
		return conflict(fmt.Sprintf("A release with the tag '%s' exists already", tag), found[0].UUID, statusOf(found[0]), action, err)
	case purser.CodeBusy:
		return conflict(purser.ErrorMessage(err), c.app.ID, "changing", action, err)
	case purser.CodeInvalid, purser.CodeTooLarge:
		message := fmt.Sprintf("The package '%s' cannot be released: %s", c.app.Package, purser.ErrorMessage(err))
		return conflict(message, c.app.Package, "invalid", action, err)
	}
	return err
}

// missing tells what the configuration names and is not there: the package, or the platform.
func (h *Handler) missing(ctx context.Context, c caller, err error) error {
	found, _, lost := h.Store.FindPackages(ctx, purser.PackageFilter{Name: c.app.Package, Page: purser.Page{Limit: 1}})
	if lost != nil {
		return lost
	}
	kind, id := "package", c.app.Package
	if len(found) > 0 {
		kind, id = "platform", c.app.Platform
	}
	return failed(&refusal{
		word: wordNotFound, message: fmt.Sprintf("The %s '%s' of the app was not found", kind, id), cause: err,
		details: details{"resource_type": kind, "resource_id": id},
	})
}
