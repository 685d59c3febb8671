package data

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"purser/api"
)

// The forms of paths below a resource (spec/rest.md §2.21).
const (
	pathCollection  = ""
	pathItem        = "/{id}"
	pathSearchIndex = "/search"
	pathSearch      = "/search/{search}"
	pathProperty    = "/{id}/{property}"
	pathReference   = "/{id}/{property}/{reference}"
)

// methods holds the handlers of one form of path. A method without one is unmapped: 404 with an error body.
type methods map[string]api.Handler

// routes gives the handlers of a resource by form of path.
func (h *Handler) routes(x resource) map[string]methods {
	collection := methods{http.MethodGet: h.collection(x), http.MethodHead: h.collectionHead(x)}
	item := methods{http.MethodGet: h.item(x), http.MethodHead: h.itemHead(x)}
	if x.writable() {
		collection[http.MethodPost] = x.create
		item[http.MethodPut] = x.replace
		item[http.MethodPatch] = h.ifThere(x, x.replace)
		item[http.MethodDelete] = x.remove
	}
	collection[http.MethodOptions] = options(collection, nil)
	item[http.MethodOptions] = options(item, patchTypes)
	if !x.writable() {
		refuse := notExported(item)
		collection[http.MethodPost] = notExported(collection)
		item[http.MethodPut], item[http.MethodDelete] = refuse, refuse
		item[http.MethodPatch] = h.ifThere(x, refuse)
	}
	return map[string]methods{
		pathCollection: collection,
		pathItem:       item,
		pathSearchIndex: {
			http.MethodGet: h.searchIndex(x), http.MethodHead: noContent, http.MethodOptions: onlyGet,
		},
		pathSearch: {
			http.MethodGet: h.search(x), http.MethodHead: h.ifSearch(x, noContent),
			http.MethodOptions: h.ifSearch(x, onlyGet),
			http.MethodPost:    missing, http.MethodPut: missing, http.MethodPatch: missing, http.MethodDelete: missing,
		},
		pathProperty: {
			http.MethodGet: missing, http.MethodHead: missing, http.MethodOptions: unmapped,
			http.MethodPost: missing, http.MethodPut: missing, http.MethodPatch: missing, http.MethodDelete: missing,
		},
		pathReference: {
			http.MethodGet: missing, http.MethodHead: missing, http.MethodOptions: unmapped, http.MethodDelete: missing,
		},
	}
}

// patchTypes are the types that Accept-Patch names, although nothing can be patched.
var patchTypes = []string{"application/merge-patch+json", "application/json-patch+json", "application/json"}

// names lists the methods in alphabetical order.
func (m methods) names() []string { return slices.Sorted(maps.Keys(m)) }

// options answers OPTIONS with the methods that are there when it is made, and OPTIONS itself. patch lists the types
// for Accept-Patch; nil for none.
func options(m methods, patch []string) api.Handler {
	with := maps.Clone(m)
	with[http.MethodOptions] = nil
	allow := strings.Join(with.names(), ",")
	return func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", allow)
		if patch != nil {
			w.Header().Set("Accept-Patch", strings.Join(patch, ", "))
		}
		return empty(w, http.StatusOK)
	}
}

// notExported refuses a method that the path knows and does not offer: 405 without a body, with the methods that are
// there when it is made.
func notExported(m methods) api.Handler {
	allow := m.names()
	return func(http.ResponseWriter, *http.Request) error {
		return api.Empty(http.StatusMethodNotAllowed, allow...)
	}
}

// unmapped answers like the server does for a path that nothing serves.
func unmapped(http.ResponseWriter, *http.Request) error { return api.NotFound() }
