package data

import (
	"context"
	"strconv"
	"strings"

	"purser"
	"purser/api/skipper"
)

// releaseResource describes /api/releases: each stored version of each release but drafts (spec/rest.md §2.22).
func (h *Handler) releaseResource() resource {
	return resource{
		name: "releases",
		item: "release",
		properties: []property{
			{name: "name", kind: kindText, sortable: true},
			{name: "version", kind: kindNumber, sortable: true},
			{name: "info", kind: kindObject},
			{name: "pkg", kind: kindObject},
			{name: "configValues", kind: kindObject},
			{name: "manifest", kind: kindObject},
			{name: "platformName", kind: kindText, sortable: true},
		},
		searches: []search{
			{name: "findByNameIgnoreCaseContainingOrderByNameAscVersionDesc", find: h.releasesContaining},
		},
		list: func(ctx context.Context, p pageRequest) (elements, int, error) {
			found, total, err := h.store.FindReleases(ctx, purser.ReleaseFilter{Order: p.order(), Page: p.page()})
			return mapped(found, releaseElement), total, err
		},
		find: byNumber(func(ctx context.Context, id int64) (elements, error) {
			found, _, err := h.store.FindReleases(ctx, purser.ReleaseFilter{ID: id})
			return mapped(found, releaseElement), err
		}),
	}
}

// releasesContaining is the history search: all versions of all releases whose name holds the text in any case. A store
// that can is read while the answer goes out.
func (h *Handler) releasesContaining(ctx context.Context, part string) (elements, error) {
	filter := purser.ReleaseFilter{
		NameContains: part,
		Order:        []purser.Order{{Field: purser.OrderName}, {Field: purser.OrderVersion, Descending: true}},
	}
	if scanner, ok := h.store.(purser.ReleaseScanner); ok {
		return func(visit func(e element) error) error {
			return scanner.ScanReleases(ctx, filter, func(r purser.Release) error { return visit(releaseElement(r)) })
		}, nil
	}
	found, _, err := h.store.FindReleases(ctx, filter)
	return mapped(found, releaseElement), err
}

// releaseElement shows a stored version. Values without text are read back as none: the reference answers the install
// itself with what was sent, and later reads with null.
func releaseElement(r purser.Release) element {
	if r.Values != nil && strings.TrimSpace(*r.Values) == "" {
		r.Values = nil
	}
	return element{id: strconv.FormatInt(r.ID, 10), tag: entityTag(r.Revision), full: skipper.Release(r)}
}
