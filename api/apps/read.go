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
	body := list{Total: seen.total, Releases: []summary{}, ActiveReleaseID: orNull(seen.active)}
	for _, found := range seen.releases[:min(p.limit, len(seen.releases))] {
		s, err := c.app.summarize(found)
		if err != nil {
			return err
		}
		body.Releases = append(body.Releases, s)
	}
	if len(seen.releases) > p.limit {
		body.HasMore = true
		body.NextCursor = orNull(cursor{Last: seen.releases[p.limit-1].Version, Archived: p.archived}.String())
	}
	reply(w, http.StatusOK, body)
	return nil
}

// sight is what a list shows, of one moment.
type sight struct {
	releases []purser.Release // one more than the page has, if there are more
	total    int
	active   string // UUID; "": none
}

// looks is how often a list is read when something changes meanwhile.
const looks = 5

// look reads a page and what stands beside it. It looks again when something has changed in between, so that they fit;
// where something changes all the time they are as near to each other as may be.
func (h *Handler) look(ctx context.Context, key purser.ReleaseKey, p page) (s sight, err error) {
	filter := purser.VersionFilter{Key: key, After: p.after, Archived: p.archived, Light: true, Limit: p.limit + 1}
	if s.total, s.active, err = h.surroundings(ctx, filter); err != nil {
		return s, err
	}
	for range looks {
		if s.releases, err = h.Store.FindVersions(ctx, filter); err != nil {
			return s, err
		}
		total, active, err := h.surroundings(ctx, filter)
		if err != nil || total == s.total && active == s.active {
			return s, err
		}
		s.total, s.active = total, active
	}
	return s, nil
}

// surroundings counts the releases of a list, of all its pages, and gives the active one.
func (h *Handler) surroundings(ctx context.Context, filter purser.VersionFilter) (total int, active string, err error) {
	if total, err = h.Store.CountVersions(ctx, filter); err != nil {
		return 0, "", err
	}
	found, err := h.Store.FindVersions(ctx, deployed(filter.Key, true))
	if err != nil || len(found) == 0 {
		return total, "", err
	}
	return total, found[0].UUID, nil
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
