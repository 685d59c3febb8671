package akkeris

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// identified is something that has an id alone.
type identified struct {
	ID string `json:"id"`
}

// source is where a build comes from.
type source struct {
	Version string `json:"version"`
}

// buildAnswer is a build on the wire.
type buildAnswer struct {
	App       named       `json:"app"`
	CreatedAt moment      `json:"created_at"`
	UpdatedAt moment      `json:"updated_at"`
	ID        string      `json:"id"`
	Source    source      `json:"source_blob"`
	Slug      identified  `json:"slug"`
	Status    buildStatus `json:"status"`
}

// answer shows a build of an app. That it changes is another build.
func (b build) answer(app named) buildAnswer {
	return buildAnswer{
		App: app, CreatedAt: moment(b.createdAt), UpdatedAt: moment(b.createdAt), ID: b.id,
		Source: source{b.version}, Slug: identified{b.id}, Status: b.status,
	}
}

func (h *Handler) listBuilds(v *visit) error {
	ref, err := h.reference(v.ctx(), v.app)
	if err != nil {
		return err
	}
	builds, err := h.buildsOf(v.ctx(), v.app)
	if err != nil {
		return err
	}
	out := stream{v: v}
	for _, b := range builds {
		if err := out.add(b.answer(ref)); err != nil {
			return err
		}
	}
	out.end()
	return nil
}

func (h *Handler) readBuild(v *visit) error {
	shown := chi.URLParam(v.r, "build")
	id, err := mustUUID(shown)
	if err != nil {
		return err
	}
	b, err := h.findBuild(v.ctx(), id, shown)
	if err != nil {
		return err
	}
	if b.name != v.app.Package {
		return refuse(http.StatusNotFound, textNoBuild, shown)
	}
	ref, err := h.reference(v.ctx(), v.app)
	if err != nil {
		return err
	}
	return reply(v, http.StatusOK, b.answer(ref))
}
