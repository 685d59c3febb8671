package browse_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The phases of an operation, each as far as it has come.
func TestPhases(t *testing.T) {
	for _, row := range []struct {
		rule                 string
		kind, phase, outcome string
		want                 string
	}{
		{"an install begins", "install", "deploy", "", "now deploy, next done"},
		{"an upgrade waits", "upgrade", "wait", "", "done deploy, now wait, next remove, next done"},
		{"an upgrade cleans up", "upgrade", "remove", "", "done deploy, done wait, now remove, next done"},
		{"an upgrade is undone", "upgrade", "abort", "", "done deploy, now abort, next done"},
		{"an upgrade has failed", "upgrade", "done", "failed", "done deploy, done abort, ended done"},
		{"an upgrade was cancelled", "upgrade", "done", "cancelled", "done deploy, done abort, ended done"},
		{"a scale", "scale", "scale", "", "now scale, next done"},
		{"a delete", "delete", "remove", "", "now remove, next done"},
		{"a delete that has failed", "delete", "done", "failed", "done remove, ended done"},
		{"a phase that nobody knows", "upgrade", "dance", "", "now dance"},
		{"a success needs no phases", "upgrade", "done", "succeeded", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var outcome any
			if row.outcome != "" {
				outcome = row.outcome
			}
			s := MustServe(t, map[string]string{"GET /api/purser/operations": text(map[string]any{"_embedded": map[string]any{"operations": []any{
				map[string]any{"id": 1, "name": "r", "kind": row.kind, "phase": row.phase, "outcome": outcome, "from": 1, "to": 2},
			}}})})
			_, page := s.open("/api/purser/operations")
			var got []string
			for _, found := range regexp.MustCompile(`<li class="(\w+)"[^>]*><b>(\w+)</b>`).FindAllStringSubmatch(page, -1) {
				got = append(got, found[1]+" "+found[2])
			}
			if diff := cmp.Diff(row.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// In the list of releases those under way say so, and only those.
func TestReleasesUnderWay(t *testing.T) {
	release := func(name, code string, version int) any {
		return map[string]any{"name": name, "version": version, "info": map[string]any{"status": map[string]any{"statusCode": code}}}
	}
	s := MustServe(t, map[string]string{
		"GET /api/release/list": text(map[string]any{"_embedded": map[string]any{"releases": []any{
			release("busy", "DEPLOYED", 1), release("calm", "DEPLOYED", 3), release("calm", "FAILED", 4),
		}}}),
		"GET /api/purser/operations": text(map[string]any{"_embedded": map[string]any{"operations": []any{
			map[string]any{"id": 1, "name": "busy", "kind": "upgrade", "phase": "wait", "rollback": true},
		}}}),
	})
	_, page := s.open("/api/release/list")
	var got []string
	for _, found := range regexp.MustCompile(`<th scope="row"><a href="/api/release/status/(\w+)">.*?<span class="badge (\w+)">([^<]*)<`).FindAllStringSubmatch(page, -1) {
		got = append(got, strings.Join(found[1:], " "))
	}
	if diff := cmp.Diff([]string{"busy busy rollback: wait", "calm bad Failed"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Whatever an answer of the API or an archive holds, there is a page.
func FuzzDocuments(f *testing.F) {
	for _, doc := range world("<x>") {
		f.Add(doc)
	}
	f.Add(`{"_links":{"a":[{"href":1}],"b":{"href":"http://purser.example/api/{x"}}}`)
	f.Add(`{"_embedded":{"releases":[{"name":"r","info":{"status":{"platformStatus":"[{\"instances\":null}]"}}}]}}`)
	paths := []string{"/api/about", "/api/packageMetadata", "/api/packageMetadata/1", "/api/release/list", "/api/release/status/r", "/api/purser/operations", "/api/deployers", "/api/purser/releases/r/logs"}
	s := MustServe(f, nil)
	f.Fuzz(func(t *testing.T, doc string) {
		if strings.HasPrefix(doc, "event: ") {
			return // the API of these tests takes it for a stream
		}
		answers := map[string]string{"GET /api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc": doc}
		for _, path := range paths {
			answers["GET "+path] = doc
		}
		s.tb, s.answers, s.asked = t, answers, nil
		for _, path := range paths {
			r, page := s.open(path)
			if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusInternalServerError && r.StatusCode != http.StatusConflict || strings.Contains(page, "<x>") {
				t.Errorf("%s: %d %s", path, r.StatusCode, page)
			}
		}
	})
}
