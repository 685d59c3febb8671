package apps_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
)

// The client that was generated from the document goes through a story: create, activate, roll back, clean up.
func TestGeneratedClient(t *testing.T) {
	s := MustShop(t)
	a := s.app(t, "shop") // for its path only
	c, err := NewClientWithResponses(s.server.Base(), WithHTTPClient(s.client), WithRequestEditorFn(
		func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer t-admin")
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	const org, workspace, shop = "acme", "main", "shop"
	ctx := t.Context()
	create := func(tag, description string) *Release {
		t.Helper()
		answer, err := c.CreateReleaseWithResponse(ctx, org, workspace, shop, ReleaseCreate{ReleaseTag: tag, Description: &description})
		if err != nil || answer.JSON201 == nil {
			t.Fatalf("%v %+v", err, answer)
		}
		return answer.JSON201
	}
	first, second := create("1.0", "the first"), create("1.1", "the second")
	if first.Status != Draft || second.ReleaseNumber != 2 || *second.PreviousReleaseId != first.ReleaseId || *first.Description != "the first" || first.ActivatedAt != nil {
		t.Errorf("%+v\n%+v", first, second)
	}
	taken, err := c.CreateReleaseWithResponse(ctx, org, workspace, shop, ReleaseCreate{ReleaseTag: "1.0"})
	if err != nil || taken.JSON409 == nil || taken.JSON409.Details["resource_id"] != first.ReleaseId {
		t.Errorf("%v %+v", err, taken)
	}
	long, err := c.CreateReleaseWithResponse(ctx, org, workspace, shop, ReleaseCreate{ReleaseTag: strings.Repeat("x", 129)})
	if err != nil || long.JSON422 == nil || long.JSON422.Detail[0].Type != "string_too_long" {
		t.Errorf("%v %+v", err, long)
	}
	for n, id := range []string{first.ReleaseId, second.ReleaseId} {
		answer, err := c.ActivateReleaseWithResponse(ctx, org, workspace, shop, id)
		if err != nil || answer.JSON200 == nil || answer.JSON200.Release.Status != Active || (answer.JSON200.PreviousActiveReleaseId == nil) != (n == 0) {
			t.Fatalf("%v %+v", err, answer)
		}
	}
	back, err := c.RollbackReleaseWithResponse(ctx, org, workspace, shop, first.ReleaseId)
	if err != nil || back.JSON200 == nil || *back.JSON200.PreviousActiveReleaseId != second.ReleaseId || back.JSON200.Release.ReleaseNumber != 1 {
		t.Fatalf("%v %+v", err, back)
	}
	active, err := c.GetActiveReleaseWithResponse(ctx, org, workspace, shop)
	if err != nil || active.JSON200 == nil || active.JSON200.ReleaseId != first.ReleaseId || len(active.JSON200.Augmentations) != 1 {
		t.Fatalf("%v %+v", err, active)
	}
	archived, limit := true, 1
	params := ListReleasesParams{IncludeArchived: &archived, Limit: &limit}
	var seen []int
	for {
		page, err := c.ListReleasesWithResponse(ctx, org, workspace, shop, &params)
		if err != nil || page.JSON200 == nil || page.JSON200.Total != 2 {
			t.Fatalf("%v %+v", err, page)
		}
		for _, r := range page.JSON200.Releases {
			seen = append(seen, r.ReleaseNumber)
		}
		if params.Cursor = page.JSON200.NextCursor; params.Cursor == nil {
			break
		}
	}
	if len(seen) != 2 || seen[0] != 2 || seen[1] != 1 {
		t.Error(seen)
	}
	refused, err := c.DeleteReleaseWithResponse(ctx, org, workspace, shop, first.ReleaseId)
	if err != nil || refused.JSON409 == nil || refused.JSON409.Error != "RESOURCE_CONFLICT" {
		t.Errorf("%v %+v", err, refused)
	}
	put, err := c.ArchiveReleaseWithResponse(ctx, org, workspace, shop, second.ReleaseId)
	if err != nil || put.JSON200 == nil || put.JSON200.Status != Archived {
		t.Errorf("%v %+v", err, put)
	}
	gone, err := c.DeleteReleaseWithResponse(ctx, org, workspace, shop, second.ReleaseId)
	if err != nil || gone.JSON200 == nil {
		t.Errorf("%v %+v", err, gone)
	}
	none, err := c.GetReleaseWithResponse(ctx, org, workspace, shop, second.ReleaseId)
	if err != nil || none.JSON404 == nil || none.JSON404.Details["resource_type"] != "release" {
		t.Errorf("%v %+v", err, none)
	}
	a.want(200, "GET ", "").is(t, "total", 1)
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
