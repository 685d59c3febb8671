package rest

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api/hal"
	"purser/api/skipper"
)

// list is GET /api/release/list and /list/{name}: each stored version that is DEPLOYED or FAILED, as it was polled last
// (spec/rest.md §2.19). An empty list is an empty object.
func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	filter := purser.ReleaseFilter{
		NameContains: chi.URLParam(r, "name"),
		Stages:       []purser.Stage{purser.StageDeployed, purser.StageFailed},
	}
	links := absolute(r, statusLink)
	return h.adapter.Stream(w, r, func(ctx context.Context, doc *hal.Writer) error {
		rows := 0
		doc.BeginObject()
		err := h.scan(ctx, filter, func(release purser.Release) error {
			if rows++; rows == 1 {
				doc.Key("_embedded")
				doc.BeginObject()
				doc.Key("releases")
				doc.BeginArray()
			}
			doc.BeginObject()
			skipper.Release(release).AppendFields(doc)
			doc.Links(links)
			doc.EndObject()
			return doc.Flush()
		})
		if err != nil {
			return err
		}
		if rows > 0 {
			doc.EndArray()
			doc.EndObject()
		}
		doc.Links(nil) // in the bare form an empty list
		doc.EndObject()
		return nil
	})
}

// scan tells visit of each version that fits: one at a time where the store can do that.
func (h *Handler) scan(ctx context.Context, filter purser.ReleaseFilter, visit func(purser.Release) error) error {
	if scanner, ok := h.store.(purser.ReleaseScanner); ok {
		return scanner.ScanReleases(ctx, filter, visit)
	}
	found, _, err := h.store.FindReleases(ctx, filter)
	if err != nil {
		return err
	}
	for _, release := range found {
		if err := visit(release); err != nil {
			return err
		}
	}
	return nil
}
