package catalog_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The client that was generated from the document goes through a story: import, repair, release, export, clean up.
func TestGeneratedClient(t *testing.T) {
	s := MustSite(t)
	c, err := NewClientWithResponses(s.server.Base(), WithHTTPClient(s.client), WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer u-alice")
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	at := s.file("/f", hello)["downloadUrl"].(string)
	notes, created := "The first one", time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	r := ReleaseImport{
		Version: "1.0.0", CreatedAt: created.Format(time.RFC3339), Project: "demo", Author: "alice@example.org", ReleaseNotes: &notes,
		Artifacts:    []ArtifactImport{{Name: "f", Size: int64(len(hello)), Sha256: strings.Repeat("0", 64), DownloadUrl: at}},
		DockerImages: &[]DockerImage{{Name: "web", ImageUrl: "example.org/web:1"}},
	}
	bad, err := c.ImportReleaseWithResponse(ctx, "demo", r)
	if err != nil || bad.JSON201 == nil || bad.JSON201.Warnings == nil || *(*bad.JSON201.Warnings)[0].ActualSha256 != digest(hello) {
		t.Fatalf("%v %+v", err, bad)
	}
	early, err := c.ReleaseReleaseWithResponse(ctx, "demo", "1.0.0")
	if err != nil || early.JSON400 == nil || early.JSON400.Name != "BadRequestException" {
		t.Fatalf("%v %+v", err, early)
	}
	r.Artifacts[0].Sha256 = digest(hello)
	good, err := c.ImportReleaseWithResponse(ctx, "1", r)
	if err != nil || good.JSON201 == nil || good.JSON201.Warnings != nil || good.JSON201.CatalogId != "1.demo@1.0.0" || good.JSON201.Status != ReleaseStatusDraft {
		t.Fatalf("%v %+v", err, good)
	}
	needs := r
	needs.Version, needs.Dependencies = "1.1.0", &[]Dependency{{CatalogId: "1.demo@1.0.0", Name: "Demo", Version: "1.0.0"}}
	if h, err := c.ImportReleaseWithResponse(ctx, "demo", needs); err != nil || h.JSON201 == nil {
		t.Fatalf("%v %+v", err, h)
	}
	needed, err := c.DeleteReleaseWithResponse(ctx, "demo", "1.0.0")
	if err != nil || needed.JSON400 == nil || *needed.JSON400.ErrorCode != "RELEASE.hasDependents" || (*needed.JSON400.Data.DependentReleases)[0] != "1.demo@1.1.0" {
		t.Fatalf("%v %+v", err, needed)
	}
	none := ReleaseImport{Artifacts: []ArtifactImport{}}
	invalid, err := c.ImportReleaseWithResponse(ctx, "demo", none)
	if err != nil || invalid.JSON400 == nil {
		t.Fatalf("%v %+v", err, invalid)
	}
	messages, err := invalid.JSON400.Message.AsMessage1()
	if err != nil || len(messages) != 4 || messages[0] != "version should not be empty" {
		t.Errorf("%q, %v", messages, err)
	}
	released, err := c.ReleaseReleaseWithResponse(ctx, "demo", "1.0.0")
	if err != nil || released.JSON200 == nil || !released.JSON200.Readonly || !released.JSON200.Latest || len(released.JSON200.Artifacts) != 2 {
		t.Fatalf("%v %+v", err, released)
	}
	if a := released.JSON200.Artifacts[0]; a.Type != ArtifactTypeFile || a.Status != ArtifactStatusUploaded || a.Progress != 100 {
		t.Errorf("%+v", a)
	}
	exported, err := c.ExportReleaseWithResponse(ctx, "demo", "1.0.0")
	if err != nil || exported.JSON200 == nil {
		t.Fatalf("%v %+v", err, exported)
	}
	want := r
	name, status := "1.0.0", "released"
	want.Name, want.Status, want.CreatedAt = &name, &status, created.Format("2006-01-02T15:04:05.000Z")
	got := *exported.JSON200
	got.Artifacts[0].DownloadUrl = at
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if h, err := c.DeleteReleaseWithResponse(ctx, "demo", "1.1.0"); err != nil || h.StatusCode() != http.StatusNoContent {
		t.Errorf("%v %+v", err, h)
	}
	list, err := c.ListReleasesWithResponse(ctx, "demo")
	if err != nil || list.JSON200 == nil || len(*list.JSON200) != 1 || (*list.JSON200)[0].Version != "1.0.0" {
		t.Errorf("%v %+v", err, list)
	}
	gone, err := c.GetReleaseWithResponse(ctx, "demo", "1.1.0")
	if err != nil || gone.JSON404 == nil || gone.JSON404.Data.Error != "Not Found" {
		t.Errorf("%v %+v", err, gone)
	}
}

// The client was generated from the document as it is.
func TestGeneratedClientIsUpToDate(t *testing.T) {
	generated, err := os.ReadFile("client_gen_test.go")
	if err != nil {
		t.Fatal(err)
	}
	doc := mustDocument(t)
	for name, schema := range doc.Components.Schemas {
		if len(schema.Value.Properties) > 0 && !strings.Contains(string(generated), "type "+name+" struct {") {
			t.Errorf("it has no type %s: make clients", name)
		}
		for property := range schema.Value.Properties {
			if !strings.Contains(string(generated), `json:"`+property+`"`) && !strings.Contains(string(generated), `json:"`+property+`,omitempty"`) {
				t.Errorf("it has no %s of %s: make clients", property, name)
			}
		}
	}
	for _, o := range doc.Operations() {
		name := strings.ToUpper(o.OperationID[:1]) + o.OperationID[1:] + "WithResponse("
		if !strings.HasPrefix(o.OperationID, "getOpenAPI") && !strings.Contains(string(generated), name) {
			t.Errorf("it has no %s: make clients", name)
		}
	}
}
