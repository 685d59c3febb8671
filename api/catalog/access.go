package catalog

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"purser"
)

// caller is who asks, and for which project.
type caller struct {
	purser.Principal
	project Project
}

// guarded makes a handler that asks who is calling, whether there is such a project, and whether he may, in this order.
func (h *Handler) guarded(roles []string, serve func(w http.ResponseWriter, r *http.Request, c caller) error) http.HandlerFunc {
	return h.Adapter.HandleWith(func(w http.ResponseWriter, r *http.Request) error {
		c, err := h.caller(r.Context(), r, roles)
		if err != nil {
			return err
		}
		return translated(serve(w, r, c))
	}, h.WriteFailure)
}

func (h *Handler) caller(ctx context.Context, r *http.Request, roles []string) (caller, error) {
	who, err := h.Callers.Authenticate(ctx, purser.Credentials{Bearer: bearer(r), ProjectToken: strings.TrimSpace(r.Header.Get("X-Project-Token"))})
	switch {
	case purser.ErrorCode(err) == purser.CodeUnauthenticated:
		return caller{}, unauthenticated(err)
	case err != nil:
		return caller{}, err
	}
	named := chi.URLParam(r, "projectIdentifier")
	p, ok := h.project(named)
	if !ok {
		return caller{}, notFound("Project not found: " + named)
	}
	if !who.Sees(p.Name) || roles != nil && who.Kind != purser.PrincipalProject && !who.Has(roles...) {
		return caller{}, refuse(http.StatusForbidden, "Not allowed in this project: "+named)
	}
	return caller{who, p}, nil
}

// bearer gives the token of the request; "" without one.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// project finds a project by what is in a path: digits are an id, all else is a name.
func (h *Handler) project(identifier string) (Project, bool) {
	numeric := identifier != "" && strings.Trim(identifier, "0123456789") == ""
	for _, p := range h.Projects {
		if numeric && strconv.Itoa(p.ID) == identifier || !numeric && p.Name == identifier {
			return p, true
		}
	}
	return Project{}, false
}

// catalogID is the id of a release of a project.
func (p Project) catalogID(version string) string {
	return strconv.Itoa(p.ID) + "." + p.Name + "@" + version
}

// dependency gives the release that an id stands for. Of one that is none nothing is known.
func (h *Handler) dependency(catalogID, name string) purser.PackageDependency {
	d := purser.PackageDependency{Reference: catalogID, Name: name}
	id, rest, _ := strings.Cut(catalogID, ".")
	for _, p := range h.Projects {
		if version, ok := strings.CutPrefix(rest, p.Name+"@"); ok && strconv.Itoa(p.ID) == id {
			d.Package, d.Version = p.Name, version
		}
	}
	return d
}
