package apps

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"purser"
)

// Org is an organisation of the configuration.
type Org struct {
	ID         string
	Workspaces []Workspace
}

// Workspace is a part of an organisation.
type Workspace struct {
	ID   string
	Apps []App
}

// App is what releases are made of.
type App struct {
	ID       string
	Package  string  // the highest version of it at the moment
	Platform string  // account
	Values   *string // YAML, laid over those of the package; nil for none
}

// tenant is an app in its place.
type tenant struct {
	App
	org, workspace string
}

// key is where the releases of the app are kept (spec/setup.md).
func (t tenant) key() purser.ReleaseKey {
	return purser.ReleaseKey{Space: "orgs/" + t.org + "/workspaces/" + t.workspace, Name: t.ID}
}

// tenants are apps by organisation, workspace and id.
type tenants map[string]map[string]map[string]tenant

func tenantsOf(orgs []Org) tenants {
	all := tenants{}
	for _, org := range orgs {
		workspaces := map[string]map[string]tenant{}
		for _, workspace := range org.Workspaces {
			apps := map[string]tenant{}
			for _, app := range workspace.Apps {
				apps[app.ID] = tenant{app, org.ID, workspace.ID}
			}
			workspaces[workspace.ID] = apps
		}
		all[org.ID] = workspaces
	}
	return all
}

// caller is who asks, and for which app.
type caller struct {
	purser.Principal
	app tenant
	key purser.ReleaseKey
}

// guarded makes a handler that asks in the order of spec/dialects.md §3.3 who is calling, whether there is such an app for
// him, and whether he may. What else may be wrong is the call's own affair.
func (h *Handler) guarded(permission string, serve func(w http.ResponseWriter, r *http.Request, c caller) error) http.HandlerFunc {
	return h.Adapter.HandleWith(func(w http.ResponseWriter, r *http.Request) error {
		who, err := h.Callers.Authenticate(r.Context(), purser.Credentials{Bearer: bearer(r)})
		switch {
		case purser.ErrorCode(err) == purser.CodeUnauthenticated:
			return unauthenticated(err)
		case err != nil:
			return err
		}
		app, err := h.tenants.find(who, chi.URLParam(r, "org_id"), chi.URLParam(r, "workspace_id"), chi.URLParam(r, "app_id"))
		if err != nil {
			return err
		}
		if !who.May(permission) {
			return forbidden(permission)
		}
		return serve(w, r, caller{Principal: who, app: app, key: app.key()})
	}, h.WriteFailure)
}

// bearer gives the token of the request; "" without one.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// find gives an app that the caller sees.
func (t tenants) find(who purser.Principal, org, workspace, app string) (tenant, error) {
	workspaces, ok := t[org]
	if !ok || !who.Sees(org) {
		return tenant{}, notFound("organization", org)
	}
	list, ok := workspaces[workspace]
	if !ok {
		return tenant{}, notFound("workspace", workspace)
	}
	found, ok := list[app]
	if !ok {
		return tenant{}, notFound("app", app)
	}
	return found, nil
}
