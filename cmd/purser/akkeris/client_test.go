package akkeris_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// The client that was generated from the document goes through a story: find a build, release it, and another one, check it,
// roll back.
func TestGeneratedClient(t *testing.T) {
	s := MustShop(t, setup{})
	c, err := NewClientWithResponses(s.server.Base(), WithHTTPClient(s.client), WithRequestEditorFn(
		func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", theKey)
			return nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	apps, err := c.ListAppsWithResponse(ctx)
	if err != nil || apps.JSON200 == nil || apps.Headers200.RateLimitRemaining != "2400" {
		t.Fatalf("%v %+v", err, apps)
	}
	const shop = "shop-dev"
	found := map[string]string{} // ids of builds by version
	builds, err := c.ListBuildsWithResponse(ctx, shop)
	if err != nil || builds.JSON200 == nil {
		t.Fatalf("%v %+v", err, builds)
	}
	for _, b := range *builds.JSON200 {
		if b.Status != BuildStatusSucceeded || b.CreatedAt == nil || b.App.Name != shop {
			t.Errorf("%+v", b)
		}
		found[b.SourceBlob.Version] = b.Slug.Id.String()
	}
	create := func(body ReleaseCreate) *Release {
		t.Helper()
		answer, err := c.CreateReleaseWithResponse(ctx, shop, body)
		if err != nil || answer.JSON201 == nil || answer.JSON201.Status != RolloutQueued || !answer.JSON201.Current {
			t.Fatalf("%v %+v", err, answer)
		}
		return answer.JSON201
	}
	live := func(r *Release) {
		t.Helper()
		err := live.Until(ctx, time.Minute, 20*time.Millisecond, "the release is live", func() (bool, error) {
			answer, err := c.GetReleaseWithResponse(ctx, shop, r.Id.String())
			return err == nil && answer.JSON200 != nil && answer.JSON200.Status == RolloutSucceeded && answer.JSON200.Current, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	one, two := found["1.0.0"], found["1.0.1"]
	first := create(ReleaseCreate{Slug: &one})
	live(first)
	text := "the second"
	second := create(ReleaseCreate{Slug: &two, Description: &text})
	if second.Version != 2 || second.Description != text || second.Slug.Id.String() != two {
		t.Errorf("%+v", second)
	}
	live(second)

	checked, err := c.CreateReleaseStatusWithResponse(ctx, shop, second.Id.String(), ReleaseStatusCreate{State: StateFailure, Context: "ci/test", Name: "Tests"})
	if err != nil || checked.JSON201 == nil || checked.JSON201.Release.State != StateFailure {
		t.Fatalf("%v %+v", err, checked)
	}
	changed, err := c.UpdateReleaseStatusWithResponse(ctx, shop, second.Id.String(), checked.JSON201.Id.String(), ReleaseStatusUpdate{State: StateError})
	if err != nil || changed.JSON200 == nil || changed.JSON200.Name != "Tests" {
		t.Fatalf("%v %+v", err, changed)
	}
	all, err := c.ListReleaseStatusesWithResponse(ctx, shop, second.Id.String())
	if err != nil || all.JSON200 == nil || all.JSON200.State != StateError || len(all.JSON200.Statuses) != 1 || all.JSON200.Release.Id != second.Id {
		t.Fatalf("%v %+v", err, all)
	}

	id := first.Id.String()
	back := create(ReleaseCreate{Release: &id})
	if back.Version != 3 || back.Slug != first.Slug || back.Description != "Rollback to "+id {
		t.Errorf("%+v", back)
	}
	live(back)
	list, err := c.ListReleasesWithResponse(ctx, shop)
	if err != nil || list.JSON200 == nil || len(*list.JSON200) != 3 || (*list.JSON200)[2].Id != back.Id || (*list.JSON200)[1].Current {
		t.Fatalf("%v %+v", err, list)
	}
	refused, err := c.CreateReleaseWithResponse(ctx, shop, ReleaseCreate{})
	if err != nil || refused.StatusCode() != 422 || !strings.HasPrefix(string(refused.Body), "The specified ") {
		t.Errorf("%v %+v", err, refused)
	}
	told, err := c.ReportEventWithResponse(ctx, Event{Action: "released", Key: shop, Release: &Identified{Id: back.Id}})
	if err != nil || told.JSON200 == nil || told.JSON200.Status != Ok {
		t.Errorf("%v %+v", err, told)
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
