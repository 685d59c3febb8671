package data_test

import (
	"net/http"
	"strings"
	"testing"
)

// The bare form of links is the same here as on the other paths, of lists that are written in parts as well.
func TestBareLinks(t *testing.T) {
	s := MustServer(t)
	for _, target := range []string{"/api/repositories", "/api/repositories/1", "/api/repositories/search"} {
		for accept, want := range map[string]string{"application/json": `"_links" : {`, `application/json;profile="bare"`: `"links" : [`} {
			answer := s.do(t, http.MethodGet, target, nil, "Accept", accept)
			if body := text(t, answer); answer.StatusCode != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("%s as %s: %d %s", target, accept, answer.StatusCode, body)
			}
		}
	}
}
