package api

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// RawPath gives the path of a request as it was sent, escapes and all, without the query.
func RawPath(r *http.Request) string {
	raw := r.RequestURI
	if raw == "" || raw[0] != '/' {
		// A proxy's form with scheme and host, or a request that did not come over the wire.
		return r.URL.EscapedPath()
	}
	raw, _, _ = strings.Cut(raw, "?")
	return raw
}

// verdict is what the form of a path alone decides.
type verdict int

const (
	pathFine    verdict = iota
	pathUnknown         // 404: nothing can be there
	pathBroken          // 400: it cannot be meant
)

// readPath gives the path that routes are matched with: decoded, without parameters (;a=b) and without a slash at the
// end (spec/rest.md §1.3). It never redirects and never cleans: double slashes and dots find nothing, a path that
// leaves the root, and encoded slashes, backslashes and zero bytes are broken.
func readPath(raw string) (string, verdict) {
	if strings.IndexByte(raw, '%') < 0 && strings.IndexByte(raw, ';') < 0 && plainPath(raw) {
		return trimSlash(raw), pathFine
	}
	found := pathFine
	depth := 0
	segments := strings.Split(strings.TrimPrefix(raw, "/"), "/")
	for i, segment := range segments {
		segment, _, _ = strings.Cut(segment, ";")
		decoded, err := url.PathUnescape(segment)
		if err != nil || strings.ContainsAny(decoded, "/\\\x00") || !utf8.ValidString(decoded) {
			return "", pathBroken
		}
		last := i == len(segments)-1
		switch {
		case decoded == "..":
			if depth--; depth < 0 {
				return "", pathBroken
			}
			found = pathUnknown
		case decoded == "." || decoded == "" && !last:
			found = pathUnknown
		default:
			depth++
		}
		segments[i] = decoded
	}
	if found != pathFine {
		return "", found
	}
	return trimSlash("/" + strings.Join(segments, "/")), pathFine
}

// plainPath tells whether a path without escapes and parameters has neither double slashes nor dots to look at, nor
// bytes outside of ASCII.
func plainPath(raw string) bool {
	if raw == "" || raw[0] != '/' || strings.Contains(raw, "//") || strings.Contains(raw, "/.") {
		return false
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] >= utf8.RuneSelf || raw[i] == '\\' {
			return false
		}
	}
	return true
}

func trimSlash(path string) string {
	if len(path) > 1 {
		return strings.TrimSuffix(path, "/")
	}
	return path
}
