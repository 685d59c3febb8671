package release_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"purser"
	"purser/deployer/deployertest"
)

func TestArchive(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustStage(t, "")
		w.MustStage(t, "two.a=1")
		w.MustActivate(t, 2)
		synctest.Wait()
		archive := func(version int) (purser.Release, error) {
			return w.Archive(t.Context(), purser.ArchiveRequest{Key: inTenant("pair"), Version: version, RequestedBy: "carol"})
		}
		got, err := archive(1)
		if err != nil || !got.Archived || got.ArchivedBy != "carol" || got.ArchivedAt.IsZero() || got.Stage != purser.StageDraft || got.Manifest == "" {
			t.Errorf("%+v, %v", got, err)
		}
		time.Sleep(time.Second)
		again, err := w.Archive(t.Context(), purser.ArchiveRequest{Key: inTenant("pair"), Version: 1, RequestedBy: "dave"})
		if err != nil || !again.ArchivedAt.Equal(got.ArchivedAt) || again.ArchivedBy != "carol" {
			t.Errorf("again: %+v, %v", again, err)
		}
		_, err = archive(2)
		wantCode(t, err, purser.CodeConflict)
		_, err = archive(3)
		wantCode(t, err, purser.CodeReleaseNotFound)
		w.wantPair(t, "1 draft archived", "2 deployed", prefix+"pair.one-v2", prefix+"pair.two-v2")
	})
}

func TestDiscard(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		for _, values := range []string{"", "two.a=1", "two.a=2"} {
			w.MustStage(t, values)
		}
		w.MustActivate(t, 1)
		w.MustActivate(t, 2)
		discard := func(version int) error {
			return w.Discard(t.Context(), purser.DiscardRequest{Key: inTenant("pair"), Version: version})
		}
		wantCode(t, discard(2), purser.CodeConflict)
		wantCode(t, discard(9), purser.CodeReleaseNotFound)
		wantCode(t, discard(3), "")
		wantCode(t, discard(3), purser.CodeReleaseNotFound)
		wantCode(t, discard(1), "")
		synctest.Wait()
		w.wantPair(t, "2 deployed", prefix+"pair.one-v1", prefix+"pair.two-v2")
		if r := w.MustStage(t, ""); r.Version != 4 {
			t.Errorf("version %d after 3 was discarded", r.Version)
		}
		w.wantPair(t, "2 deployed", "4 draft", prefix+"pair.one-v1", prefix+"pair.two-v2")
	})
}

// A version that was replaced a moment ago goes when what belonged to it has gone.
func TestDiscardWaitsForWhatIsBeingRemoved(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustStage(t, "")
		w.MustStage(t, "two.a=1")
		w.MustActivate(t, 1)
		synctest.Wait()
		_, release := w.platform.Block(deployertest.Before(deployertest.OpUndeploy))
		w.MustActivate(t, 2)
		done := make(chan error, 1)
		go func() {
			done <- w.Discard(context.WithoutCancel(t.Context()), purser.DiscardRequest{Key: inTenant("pair"), Version: 1})
		}()
		synctest.Wait()
		time.Sleep(3 * time.Second)
		select {
		case err := <-done:
			t.Fatalf("discarded while its application goes: %v", err)
		default:
		}
		release()
		if err := <-done; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		w.wantPair(t, "2 deployed", prefix+"pair.one-v1", prefix+"pair.two-v2")
	})
}

func TestWhatIsAboutToBeDeployedStays(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Script(prefix+"pair.two-v1", deployertest.Hang)
		for _, values := range []string{"", "two.a=1"} {
			if _, err := w.Submit(t.Context(), purser.SubmitRequest{StageRequest: stagePair(values), Timeout: seconds(10)}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		for _, version := range []int{1, 2} {
			_, err := w.Archive(t.Context(), purser.ArchiveRequest{Key: inTenant("pair"), Version: version})
			wantCode(t, err, purser.CodeConflict)
			wantCode(t, w.Discard(t.Context(), purser.DiscardRequest{Key: inTenant("pair"), Version: version}), purser.CodeConflict)
		}
	})
}

func TestAfterCloseNothingIsChanged(t *testing.T) {
	w := MustWorld(t)
	r := w.MustStage(t, "")
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := w.Stage(t.Context(), stagePair(""))
	wantCode(t, err, purser.CodeUnavailable)
	_, err = w.Activate(t.Context(), activatePair(1))
	wantCode(t, err, purser.CodeUnavailable)
	_, err = w.Archive(t.Context(), purser.ArchiveRequest{Key: r.Key, Version: 1})
	wantCode(t, err, purser.CodeUnavailable)
	wantCode(t, w.Discard(t.Context(), purser.DiscardRequest{Key: r.Key, Version: 1}), purser.CodeUnavailable)
	_, err = w.CreateCheck(t.Context(), purser.CheckRequest{Release: r.UUID})
	wantCode(t, err, purser.CodeUnavailable)
	w.wantPair(t, "1 draft")
}
