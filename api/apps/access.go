package apps

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"purser"
)

// App is an app of the configuration: what its releases are made of.
type App struct {
	Org       string
	Workspace string
	ID        string
	Package   string  // the highest version of it at the moment
	Platform  string  // account
	Values    *string // YAML, laid over those of the package; nil for none
}

// key is where the releases of the app are kept (spec/setup.md).
func (a App) key() purser.ReleaseKey {
	return purser.ReleaseKey{Space: "orgs/" + a.Org + "/workspaces/" + a.Workspace, Name: a.ID}
}

// tenants are apps by organisation, workspace and id.
type tenants map[string]map[string]map[string]App

func tenantsOf(apps []App) tenants {
	all := tenants{}
	for _, a := range apps {
		if all[a.Org] == nil {
			all[a.Org] = map[string]map[string]App{}
		}
		if all[a.Org][a.Workspace] == nil {
			all[a.Org][a.Workspace] = map[string]App{}
		}
		all[a.Org][a.Workspace][a.ID] = a
	}
	return all
}

// caller is who asks, and for which app.
type caller struct {
	purser.Principal
	app App
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
func (t tenants) find(who purser.Principal, org, workspace, app string) (App, error) {
	workspaces, ok := t[org]
	if !ok || !who.Sees(org) {
		return App{}, notFound("organization", org)
	}
	list, ok := workspaces[workspace]
	if !ok {
		return App{}, notFound("workspace", workspace)
	}
	found, ok := list[app]
	if !ok {
		return App{}, notFound("app", app)
	}
	return found, nil
}
