package data

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser/api"
	"purser/api/hal"
)

// Labels of the profiles.
const (
	typeALPS   = "application/alps+json"
	typeSchema = "application/schema+json"
)

// profileRoot answers /api/profile with the addresses of the profiles (spec/rest.md §2.26).
func (h *Handler) profileRoot(resources []resource) methods {
	show := func(w http.ResponseWriter, r *http.Request) error {
		index := base(r) + "/profile"
		links := hal.Links{hal.To("self", index)}
		for _, x := range resources {
			links = append(links, hal.To(x.name, index+"/"+x.name))
		}
		return h.adapter.HAL(w, r, http.StatusOK, hal.Resource{Links: links})
	}
	return methods{http.MethodGet: show, http.MethodHead: show, http.MethodOptions: onlyGet}
}

// profileOf answers /api/profile/{resource}: an ALPS document, or a JSON schema for those who ask for one by name.
func (h *Handler) profileOf(resources []resource) methods {
	show := func(w http.ResponseWriter, r *http.Request) error {
		x, ok := named(resources, chi.URLParam(r, "resource"))
		if !ok {
			return unknownProfile(chi.URLParam(r, "resource"))
		}
		label, ok := api.Negotiate(r.Header["Accept"], typeALPS, typeSchema, api.TypeJSON, api.TypeHAL)
		if !ok {
			return api.NotAcceptable()
		}
		doc := x.alps(base(r) + "/profile/" + x.name)
		if label == typeSchema {
			doc = x.schema()
		}
		return h.adapter.As(w, r, http.StatusOK, doc, hal.Pretty, label)
	}
	return methods{http.MethodGet: show, http.MethodHead: show, http.MethodOptions: onlyGet}
}

// unknownProfile says that there is no resource of that name: 404 in the shape of Data REST (spec/rest.md §10).
func unknownProfile(name string) error {
	message := "Could not resolve repository metadata for " + name + "."
	return &api.Failure{Status: http.StatusNotFound, Message: message, Err: &causedError{message: message}}
}

// named finds a resource by its name.
func named(resources []resource, name string) (resource, bool) {
	for _, x := range resources {
		if x.name == name {
			return x, true
		}
	}
	return resource{}, false
}
