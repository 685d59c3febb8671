package release_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
)

func state(s purser.CheckState) *purser.CheckState { return &s }

func TestChecks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		r := w.MustStage(t, "")
		made, err := w.CreateCheck(t.Context(), purser.CheckRequest{
			Release: r.UUID, Context: "ci/unit", State: state(purser.CheckPending), Name: text("Unit tests"), TargetURL: text("https://ci.example.org"),
		})
		if err != nil || made.UUID == "" || made.CreatedAt.IsZero() || made.Release != r.UUID {
			t.Fatalf("%+v, %v", made, err)
		}
		time.Sleep(time.Second)
		got, err := w.UpdateCheck(t.Context(), purser.CheckRequest{Release: r.UUID, UUID: made.UUID, State: state(purser.CheckSuccess), Context: "ignored"})
		want := made
		want.State, want.UpdatedAt = purser.CheckSuccess, made.UpdatedAt.Add(time.Second)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		all, err := w.store.FindChecks(t.Context(), r.UUID)
		if diff := cmp.Diff([]purser.Check{want}, all); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}

		valid := purser.CheckRequest{Release: r.UUID, Context: "ci/other", State: state(purser.CheckError), Name: text("Other tests")}
		for rule, row := range map[string]struct {
			change func(c *purser.CheckRequest)
			code   purser.Code
		}{
			"no version":       {func(c *purser.CheckRequest) { c.Release = "none" }, purser.CodeReleaseNotFound},
			"the same context": {func(c *purser.CheckRequest) { c.Context = "ci/unit" }, purser.CodeConflict},
			"no state":         {func(c *purser.CheckRequest) { c.State = nil }, purser.CodeInvalid},
		} {
			c := valid
			row.change(&c)
			if _, err := w.CreateCheck(t.Context(), c); purser.ErrorCode(err) != row.code {
				t.Errorf("%s: %v", rule, err)
			}
		}
		_, err = w.UpdateCheck(t.Context(), purser.CheckRequest{Release: r.UUID, UUID: made.UUID, State: state("fine")})
		wantCode(t, err, purser.CodeInvalid)
		_, err = w.UpdateCheck(t.Context(), purser.CheckRequest{Release: r.UUID, UUID: "none", State: state(purser.CheckError)})
		wantCode(t, err, purser.CodeNotFound)
	})
}

func TestReportHealthy(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Script(prefix+"pair.two-v1", deployertest.Hang)
		r, err := w.Submit(t.Context(), purser.SubmitRequest{StageRequest: stagePair(""), Timeout: seconds(5), Lenient: true})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if _, err := w.ReportHealthy(t.Context(), r.UUID); err != nil {
			t.Fatal(err)
		}
		if got := w.find(t, 1); got.Rollout(time.Now(), time.Second) != purser.RolloutSucceeded {
			t.Errorf("%+v", got)
		}
		_, err = w.ReportHealthy(t.Context(), "none")
		wantCode(t, err, purser.CodeReleaseNotFound)
	})
}

func TestKeyUUID(t *testing.T) {
	w := MustWorld(t)
	const many = 8
	ids := make(chan string, many)
	for range many {
		go func() {
			id, err := w.KeyUUID(w.ctx(), inTenant("pair"))
			if err != nil {
				t.Error(err)
			}
			ids <- id
		}()
	}
	first := <-ids
	for range many - 1 {
		if id := <-ids; id != first {
			t.Errorf("%s and %s", first, id)
		}
	}
	other, err := w.KeyUUID(t.Context(), inTenant("other"))
	if err != nil || other == first || other == "" {
		t.Errorf("%q, %v", other, err)
	}
	if k, err := w.store.FindKeyByUUID(t.Context(), first); err != nil || k.Key != inTenant("pair") {
		t.Errorf("%+v, %v", k, err)
	}
}
