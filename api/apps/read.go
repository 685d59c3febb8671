package apps

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
)

// typeRelease is what releases are called in refusals.
const typeRelease = "release"

// list is GET .../releases: a page, the newest first.
func (h *Handler) list(w http.ResponseWriter, r *http.Request, c caller) error {
	p, err := readPage(r.URL.RawQuery)
	if err != nil {
		return err
	}
	seen, err := h.look(r.Context(), c.key, p)
	if err != nil {
		return err
	}
	body := list{Total: seen.total, Releases: []summary{}, HasMore: seen.more, ActiveReleaseID: orNull(seen.active.UUID)}
	for _, found := range seen.releases {
		s, err := c.app.summarize(found)
		if err != nil {
			return err
		}
		body.Releases = append(body.Releases, s)
	}
	if seen.more {
		body.NextCursor = orNull(cursor{Last: seen.releases[p.limit-1].Version, Archived: p.archived}.String())
	}
	reply(w, http.StatusOK, body)
	return nil
}

// sight is what a list shows.
type sight struct {
	releases []purser.Release
	more     bool
	total    int
	active   purser.Release // without UUID: none
}

// looks is how often a list is read when something changes meanwhile.
const looks = 5

// look reads a page and what stands beside it. It looks again when they tell that something has changed in between; where
// something changes all the time they are as near to each other as may be.
func (h *Handler) look(ctx context.Context, key purser.ReleaseKey, p page) (s sight, err error) {
	for range looks {
		if s, err = h.glance(ctx, key, p); err != nil || s.fits(p) {
			break
		}
	}
	return s, err
}

// glance looks once.
func (h *Handler) glance(ctx context.Context, key purser.ReleaseKey, p page) (s sight, err error) {
	filter := purser.VersionFilter{Key: key, After: p.after, Archived: p.archived, Light: true, Limit: p.limit + 1}
	if s.releases, err = h.Store.FindVersions(ctx, filter); err != nil {
		return s, err
	}
	if s.more = len(s.releases) > p.limit; s.more {
		s.releases = s.releases[:p.limit]
	}
	if s.total, err = h.Store.CountVersions(ctx, filter); err != nil {
		return s, err
	}
	active, err := h.Store.FindVersions(ctx, deployed(key, true))
	if err == nil && len(active) > 0 {
		s.active = active[0]
	}
	return s, err
}

// fits tells whether the parts may be of one moment: the page shows the active release as such, and no other one, if it is
// one of the page, and no page has more than there is.
func (s sight) fits(p page) bool {
	here := s.active.UUID != "" && (p.after == 0 || s.active.Version < p.after) // or on a page behind this one
	if s.more {
		here = here && s.active.Version >= s.releases[len(s.releases)-1].Version
	}
	for _, r := range s.releases {
		switch {
		case r.UUID == s.active.UUID && r.Stage == purser.StageDeployed:
			here = false
		case r.Stage == purser.StageDeployed:
			return false
		}
	}
	if whole := p.after == 0 && !s.more; whole && s.total != len(s.releases) {
		return false
	}
	return !here && s.total >= len(s.releases)
}

// deployed asks for the active release.
func deployed(key purser.ReleaseKey, light bool) purser.VersionFilter {
	return purser.VersionFilter{Key: key, Stages: []purser.Stage{purser.StageDeployed}, Archived: true, Light: light, Limit: 1}
}

// active is GET .../releases/active.
func (h *Handler) active(w http.ResponseWriter, r *http.Request, c caller) error {
	found, err := h.Store.FindVersions(r.Context(), deployed(c.key, false))
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		return notFound(typeRelease, "active")
	}
	return show(w, c, found[0])
}

// read is GET .../releases/{release_id}.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, c caller) error {
	found, err := h.find(r, c)
	if err != nil {
		return err
	}
	return show(w, c, found)
}

func show(w http.ResponseWriter, c caller, r purser.Release) error {
	body, err := c.app.detail(r)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, body)
	return nil
}

// find gives the release that the path names, if it is the app's.
func (h *Handler) find(r *http.Request, c caller) (purser.Release, error) {
	id := chi.URLParam(r, "release_id")
	found, err := h.Store.FindVersion(r.Context(), id)
	if purser.ErrorCode(err) == purser.CodeReleaseNotFound || err == nil && found.Key != c.key {
		return purser.Release{}, notFound(typeRelease, id)
	}
	return found, err
}
