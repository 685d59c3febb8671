package akkeris

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"purser"
)

// user is who has made a release, as far as the contract tells.
type user struct {
	ID    string `json:"id"`
	Email string `json:"email"` // always empty
}

// releaseAnswer is a release on the wire.
type releaseAnswer struct {
	App         named             `json:"app"`
	CreatedAt   moment            `json:"created_at"`
	Description string            `json:"description"`
	Slug        identified        `json:"slug"`
	ID          string            `json:"id"`
	Status      purser.Rollout    `json:"status"`
	State       purser.CheckState `json:"state"`
	User        user              `json:"user"`
	Version     int               `json:"version"`
	Current     bool              `json:"current"`
}

// view is what the answers about releases of an app have in common.
type view struct {
	app     named
	user    user
	now     time.Time
	silence time.Duration
	current int // version; 0: none
}

// viewOf looks at the releases of an app as they are now.
func (h *Handler) viewOf(ctx context.Context, app *App) (view, error) {
	ref, err := h.reference(ctx, app)
	if err != nil {
		return view{}, err
	}
	s := view{app: ref, now: h.Clock.Now(), silence: h.Silence}
	s.user.ID = purser.SubjectUUID(app.key().Space) // a space belongs to one organisation
	s.current, err = h.current(ctx, app.key(), s.now)
	return s, err
}

// answer shows a release with its checks.
func (s view) answer(r purser.Release, checks []purser.Check) releaseAnswer {
	return releaseAnswer{
		App: s.app, CreatedAt: moment(r.CreatedAt), Description: r.Notes, Slug: identified{r.Package.Metadata.UUID()}, ID: r.UUID,
		Status: r.Rollout(s.now, s.silence), State: purser.WorstCheck(checks), User: s.user, Version: r.Version,
		Current: r.Version == s.current,
	}
}

const pageSize = 200

// current gives the version that counts: the newest of those that have succeeded, or that nobody knows of
// (spec/dialects.md §4.3). What is on its way, or has failed, does not count. 0: there is none.
func (h *Handler) current(ctx context.Context, key purser.ReleaseKey, now time.Time) (int, error) {
	f := purser.VersionFilter{
		Key: key, Archived: true, Light: true, Limit: 8,
		Stages: []purser.Stage{purser.StageDraft, purser.StageDeploying, purser.StageDeployed, purser.StageSuperseded},
	}
	for {
		found, err := h.Store.FindVersions(ctx, f)
		if err != nil {
			return 0, err
		}
		for _, r := range found {
			switch r.Rollout(now, h.Silence) {
			case purser.RolloutSucceeded, purser.RolloutUnknown:
				return r.Version, nil
			case purser.RolloutQueued, purser.RolloutPending, purser.RolloutFailed:
			}
			f.After = r.Version
		}
		if len(found) < f.Limit {
			return 0, nil
		}
		f.Limit = pageSize
	}
}

// findRelease gives a release of an app. The text for one that is not there has the id as it was sent.
func (h *Handler) findRelease(ctx context.Context, app *App, id, shown string) (purser.Release, error) {
	r, err := h.Store.FindVersion(ctx, id)
	switch {
	case err == nil && r.Key == app.key():
		return r, nil
	case err == nil || purser.ErrorCode(err) == purser.CodeReleaseNotFound:
		return purser.Release{}, refuse(http.StatusNotFound, textNoRelease, shown)
	}
	return purser.Release{}, err
}

// releaseOf gives the release of the path.
func (h *Handler) releaseOf(v *visit) (purser.Release, error) {
	shown := chi.URLParam(v.r, "release")
	id, err := mustUUID(shown)
	if err != nil {
		return purser.Release{}, err
	}
	return h.findRelease(v.ctx(), v.app, id, shown)
}

// answerOf shows a release as it is now.
func (h *Handler) answerOf(ctx context.Context, app *App, r purser.Release) (releaseAnswer, []purser.Check, error) {
	s, err := h.viewOf(ctx, app)
	if err != nil {
		return releaseAnswer{}, nil, err
	}
	checks, err := h.Store.FindChecks(ctx, r.UUID)
	return s.answer(r, checks), checks, err
}

func (h *Handler) readRelease(v *visit) error {
	r, err := h.releaseOf(v)
	if err != nil {
		return err
	}
	answer, _, err := h.answerOf(v.ctx(), v.app, r)
	if err != nil {
		return err
	}
	return reply(v, http.StatusOK, answer)
}

// listReleases tells all releases, the oldest first. The contract has no pages, so that the list is read and sent in parts.
func (h *Handler) listReleases(v *visit) error {
	s, err := h.viewOf(v.ctx(), v.app)
	if err != nil {
		return err
	}
	out := stream{v: v}
	f := purser.VersionFilter{Key: v.app.key(), Ascending: true, Archived: true, Light: true, Limit: pageSize}
	for {
		found, err := h.Store.FindVersions(v.ctx(), f)
		if err != nil {
			return err
		}
		if err := h.addReleases(v.ctx(), &out, s, found); err != nil {
			return err
		}
		if len(found) < f.Limit {
			out.end()
			return nil
		}
		f.After = found[len(found)-1].Version
	}
}

func (h *Handler) addReleases(ctx context.Context, out *stream, s view, found []purser.Release) error {
	ids := make([]string, 0, len(found))
	for _, r := range found {
		ids = append(ids, r.UUID)
	}
	checks := map[string][]purser.Check{}
	all, err := h.Store.FindChecks(ctx, ids...)
	if err != nil {
		return err
	}
	for _, c := range all {
		checks[c.Release] = append(checks[c.Release], c)
	}
	for _, r := range found {
		if err := out.add(s.answer(r, checks[r.UUID])); err != nil {
			return err
		}
	}
	return nil
}
