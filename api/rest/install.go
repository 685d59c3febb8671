package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/body"
)

// install is POST /api/package/install (spec/rest.md §2.5). The repository in the identifier does not count.
func (h *Handler) install(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	properties := o.Object("installProperties")
	request := installRequest(properties)
	request.Package = identifier(o.Object("packageIdentifier"))
	if err := api.Readable(o); err != nil {
		return err
	}
	if properties.IsNull() {
		return purser.Errorf(purser.CodeInvalid, "Install properties must not be null")
	}
	return h.installed(w, r, request)
}

// installByID is POST /api/package/install/{id} (spec/rest.md §2.6).
func (h *Handler) installByID(w http.ResponseWriter, r *http.Request) error {
	id, err := pathNumber(chi.URLParam(r, "id"), kindLong)
	if err != nil {
		return err
	}
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	request := installRequest(o)
	if err := api.Readable(o); err != nil {
		return err
	}
	if id == 0 { // in a request 0 means that there is no id
		return purser.Errorf(purser.CodeNotFound, "Package with id='0' can not be found.")
	}
	request.PackageID = id
	return h.installed(w, r, request)
}

func (h *Handler) installed(w http.ResponseWriter, r *http.Request, request purser.InstallRequest) error {
	release, err := h.engine.Install(r.Context(), request)
	if err != nil {
		return err
	}
	return h.release(w, r, http.StatusCreated, release)
}

// installRequest reads the install properties.
func installRequest(properties *body.Object) purser.InstallRequest {
	return purser.InstallRequest{
		Key:      key(text(properties.Text("releaseName"))),
		Platform: text(properties.Text("platformName")),
		Values:   properties.Object("configValues").Text("raw"),
	}
}

// identifier reads a package identifier.
func identifier(o *body.Object) purser.PackageIdentifier {
	return purser.PackageIdentifier{Name: text(o.Text("packageName")), Version: text(o.Text("packageVersion"))}
}

// text gives "" for a text that is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
