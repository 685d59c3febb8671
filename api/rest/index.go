package rest

import (
	"net/http"

	"purser/api"
	"purser/api/hal"
)

// rel is a link of an index: its relation, and its path below the base.
type rel struct{ name, path string }

var apiLinks = []rel{
	{"repositories", "/api/repositories{?page,size,sort}"},
	{"packageMetadata", "/api/packageMetadata{?page,size,sort,projection}"},
	{"releases", "/api/releases{?page,size,sort}"},
	{"deployers", "/api/deployers{?page,size,sort}"},
	{"about", "/api/about"},
	{"release", "/api/release"},
	{"package", "/api/package"},
	{"profile", "/api/profile"},
}

var packageLinks = []rel{
	{"upload", "/api/package/upload"},
	{"install", "/api/package/install"},
	{"install/id", "/api/package/install/{id}"},
}

var releaseLinks = []rel{
	{"actuator/name/app/id", "/api/release/actuator/{name}/{app}/{id}?endpoint={endpoint}"},
	{"actuator/name/app/id", "/api/release/actuator/{name}/{app}/{id}"},
	{"logs/name", "/api/release/logs/{name}"},
	{"status/name", "/api/release/status/{name}"},
	{"status/name/version", "/api/release/status/{name}/{version}"},
	{"manifest", "/api/release/manifest/{name}"},
	{"manifest/name/version", "/api/release/manifest/{name}/{version}"},
	{"upgrade", "/api/release/upgrade"},
	{"rollback", "/api/release/rollback/{name}/123"},
	{"list", "/api/release/list"},
	{"list/name", "/api/release/list/{name}"},
}

// index is GET /api (spec/rest.md §2.1).
func (h *Handler) index(w http.ResponseWriter, r *http.Request) error {
	api.Vary(w)
	announce(w, r)
	return h.links(w, r, apiLinks)
}

// indexHead is HEAD /api: where it leads beyond Skipper's API, and nothing else.
func (h *Handler) indexHead(w http.ResponseWriter, r *http.Request) error {
	announce(w, r)
	return noContent(w, r)
}

// announce tells where the server's own resources are. The links in the document are Skipper's alone.
func announce(w http.ResponseWriter, r *http.Request) {
	w.Header()["Link"] = []string{"<" + api.Base(r) + "/api/purser>; rel=\"service\""}
}

// packageIndex is GET /api/package (spec/rest.md §2.3).
func (h *Handler) packageIndex(w http.ResponseWriter, r *http.Request) error {
	return h.links(w, r, packageLinks)
}

// releaseIndex is GET /api/release (spec/rest.md §2.8).
func (h *Handler) releaseIndex(w http.ResponseWriter, r *http.Request) error {
	return h.links(w, r, releaseLinks)
}

func (h *Handler) links(w http.ResponseWriter, r *http.Request, rels []rel) error {
	return h.adapter.HAL(w, r, http.StatusOK, hal.Resource{Links: absolute(r, rels...)})
}

// absolute gives the links with the base that the caller knows the server by.
func absolute(r *http.Request, rels ...rel) hal.Links {
	base := api.Base(r)
	links := make(hal.Links, 0, len(rels))
	for _, l := range rels {
		links = append(links, hal.To(l.name, base+l.path))
	}
	return links
}
