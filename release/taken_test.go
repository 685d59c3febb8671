package release_test

import (
	"testing"
	"testing/synctest"

	"purser"
)

// A name is taken by an install that failed and is kept, for those who keep theirs; by an upgrade that failed it is not
// longer than by what it was for.
func TestFailedInstallsKeepTheName(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.failAlways("deploy/before", prefix+"pair.two-v1")
		r := purser.InstallRequest{Key: inTenant("pair"), Package: duo("1.0.0"), Platform: "default", KeepFailed: true, Facts: `{"a":1}`}
		if _, err := w.Install(t.Context(), r); purser.ErrorCode(err) != purser.CodePlatform {
			t.Fatalf("the install gives %v", err)
		}
		synctest.Wait()
		kept, err := w.store.FindRelease(t.Context(), r.Key, 0)
		if err != nil || kept.Stage != purser.StageFailed || kept.Facts != r.Facts {
			t.Fatalf("%+v, %v", kept, err)
		}
		if _, err := w.Install(t.Context(), r); purser.ErrorCode(err) != purser.CodeConflict {
			t.Errorf("the name is free: %v", err)
		}
		if err := w.Discard(t.Context(), purser.DiscardRequest{Key: r.Key, Version: 1}); err != nil {
			t.Fatal(err)
		}
		made, err := w.Install(t.Context(), r)
		if err != nil || made.Version != 2 {
			t.Fatalf("after it was discarded: %+v, %v", made, err)
		}
		synctest.Wait()

		w.failAlways("deploy/before", prefix+"pair.two-v3")
		up := purser.UpgradeRequest{Key: r.Key, Package: duo("1.0.0"), Values: text("two.a=1"), Timeout: seconds(10), Facts: `{"a":2}`}
		if failed, err := w.Upgrade(t.Context(), up); err != nil || failed.Facts != up.Facts {
			t.Fatalf("%+v, %v", failed, err)
		}
		synctest.Wait()
		if _, err := w.Install(t.Context(), r); purser.ErrorCode(err) != purser.CodeConflict {
			t.Errorf("the name of a release that runs is free: %v", err)
		}
		if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: r.Key}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if made, err = w.Install(t.Context(), r); err != nil || made.Version != 4 {
			t.Errorf("after the end of what a failed upgrade was for: %+v, %v", made, err)
		}
	})
}

// A version that comes of a rollback has the facts of the one that it brings back.
func TestRollbackBringsFactsBack(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		k := inTenant("pair")
		if _, err := w.Install(t.Context(), purser.InstallRequest{Key: k, Package: duo("1.0.0"), Platform: "default", Facts: "one"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := w.Upgrade(t.Context(), purser.UpgradeRequest{Key: k, Package: duo("1.0.0"), Values: text("two.a=1"), Timeout: seconds(10), Facts: "two"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		back, err := w.Rollback(t.Context(), purser.RollbackRequest{Key: k, Timeout: seconds(10)})
		if err != nil || back.Facts != "one" {
			t.Errorf("the facts are %q, %v", back.Facts, err)
		}
		synctest.Wait()
		if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: k}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if back, err = w.Rollback(t.Context(), purser.RollbackRequest{Key: k, Version: 2}); err != nil || back.Facts != "two" {
			t.Errorf("of a deleted release the facts are %q, %v", back.Facts, err)
		}
		synctest.Wait()
	})
}
