package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
)

// corsVary are the Vary lines of Data REST answers and of paths that nothing serves (spec/rest.md §1.2).
var corsVary = []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"}

// Vary puts the Vary lines of Data REST on an answer.
func Vary(w http.ResponseWriter) { w.Header()["Vary"] = slices.Clone(corsVary) }

// methods are those that routes are registered for.
var methods = []string{
	http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPatch, http.MethodPost, http.MethodPut,
}

// has tells whether a route serves method and path.
func has(routes chi.Routes, method, path string) bool {
	return routes.Match(chi.NewRouteContext(), method, path)
}

// allowed lists the methods of a path, in alphabetical order. Where one path is served by two routes (a fixed one and
// one with a name), those of both.
func allowed(routes chi.Routes, path string) []string {
	var list []string
	for _, method := range methods {
		if has(routes, method, path) {
			list = append(list, method)
		}
	}
	return list
}

// wrongMethod answers for a path that has routes, none of which is for the method (spec/rest.md §1.3): OPTIONS lists the
// methods; anything else is 405. A route that answers OPTIONS itself has said all it knows: other methods of its path
// do not exist and are 404.
func (s *Server) wrongMethod(w http.ResponseWriter, r *http.Request) error {
	path := chi.RouteContext(r.Context()).RoutePath
	if path == "/" {
		return s.root(w, r)
	}
	list := allowed(s.mux, path)
	switch {
	case len(list) == 0 || slices.Contains(list, http.MethodOptions):
		return NotFound()
	case r.Method != http.MethodOptions:
		return methodNotAllowed(r.Method, list)
	}
	if slices.Contains(list, http.MethodGet) && !slices.Contains(list, http.MethodHead) {
		list = append(list, http.MethodHead)
	}
	list = append(list, http.MethodOptions)
	slices.Sort(list)
	w.Header()["Allow"] = []string{strings.Join(list, ",")}
	w.WriteHeader(http.StatusOK)
	return nil
}

// root leads to the API, whatever the method.
func (s *Server) root(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodOptions {
		w.Header()["Allow"] = []string{strings.Join(methods, ",")}
		w.WriteHeader(http.StatusOK)
		return nil
	}
	w.Header()["Location"] = []string{Base(r) + "/api"}
	w.WriteHeader(http.StatusFound)
	return nil
}

// isPreflight tells whether a browser asks if a page of another origin may send a request.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" &&
		r.Header.Get("Origin") != "" && r.Header.Get("Origin") != Base(r)
}

// refusePreflight answers that it may not: no origin but our own is served.
func refusePreflight(w http.ResponseWriter) {
	Vary(w)
	w.Header()["Content-Type"] = nil // none, and none guessed
	w.WriteHeader(http.StatusForbidden)
	_, _ = w.Write([]byte("Invalid CORS request")) // the caller is gone: nobody to tell
}
