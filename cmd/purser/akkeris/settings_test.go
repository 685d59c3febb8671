package akkeris_test

import (
	"fmt"
	"strings"
	"testing"
)

// Without a key anybody may, and hooks are told with a token all the same.
func TestWithoutAKey(t *testing.T) {
	r := mustReceive(t)
	s := mustPrepareWith(t, theBuilt.purser, fmt.Sprintf(`purser.dialects.akkeris:
  hooks: [%s]
  apps: [{name: shop, space: dev, package: demo}]
`, r.hooks()))
	s.mustStart(t)
	s.mustUpload(t, "demo", "1.0.0", hello("1.0.0"))
	for _, header := range []string{"", "anything", "Bearer x"} {
		h, err := s.tell(t, "POST /apps/shop-dev/releases", `{"slug":"latest"}`, "Authorization", header)
		if err != nil || h.status != 201 {
			t.Fatalf("%q: %d %s, %v", header, h.status, h.text, err)
		}
	}
	release := s.app(t, "shop-dev").release("1.0.0")
	r.hears(t, release, "release", "released web")
	if token := r.find(release, "release", "").header.Get("X-Akkeris-Token"); strings.Count(token, ".") != 2 {
		t.Errorf("the token is %q", token)
	}
}

// Without apps there are none, and a dialect that is not enabled is not there at all.
func TestNoAppsAndNoDialect(t *testing.T) {
	s := mustPrepareWith(t, theBuilt.purser, "")
	s.mustStart(t)
	s.ask(t, "GET /apps", "").refuses(t, 200, "[]")
	s.ask(t, "GET /apps/shop-dev", "").refuses(t, 404, "The specified application shop-dev does not exist.")

	s = mustPrepareWith(t, theBuilt.purser, `purser.dialects.akkeris: {enabled: false, apps: [{name: shop, space: dev, package: demo}]}`)
	s.mustStart(t)
	for _, do := range []string{"GET /apps", "GET /apps/shop-dev/releases", "POST /events", "GET /apps/openapi.yaml", "GET /APPS"} {
		answer, err := s.raw(t, do)
		if err != nil || answer.status != 404 || answer.header.Get("RateLimit-Remaining") != "" || answer.at("error") != "Not Found" {
			t.Errorf("%s: %d %s, %v", do, answer.status, answer.text, err)
		}
	}
}

// The document is served to everybody, in both forms.
func TestDocument(t *testing.T) {
	s := mustPrepareWith(t, theBuilt.purser, "purser.dialects.akkeris: {key: s3cret}")
	s.mustStart(t)
	for path, label := range map[string]string{"/apps/openapi.yaml": "application/yaml", "/apps/openapi.json": "application/json"} {
		h, err := s.raw(t, "GET "+path)
		if err != nil || h.status != 200 || h.header.Get("Content-Type") != label || !strings.Contains(h.text, "Akkeris releases") {
			t.Errorf("%s: %d %v, %v", path, h.status, h.header, err)
		}
	}
}
