package release_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"purser"
)

// Who has read DEPLOYED may go on, although what was replaced is still being removed.
func TestChangeBehindTheTidying(t *testing.T) {
	change := func(t *testing.T, during func(w *world, release func(), deleted <-chan error)) {
		synctest.Test(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "web", demo("1.0.0"))
			reached, release := w.platform.Block("undeploy/before")
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			<-reached
			if r, err := w.Status(t.Context(), key("web"), 2); err != nil || r.Stage != purser.StageDeployed {
				t.Fatalf("version 2 is %s, %v", r.Stage, err)
			}
			deleted := make(chan error, 1)
			go func() {
				_, err := w.Delete(context.WithoutCancel(t.Context()), purser.DeleteRequest{Key: key("web")})
				deleted <- err
			}()
			synctest.Wait()
			during(w, release, deleted)
		})
	}
	t.Run("it waits for the end", func(t *testing.T) {
		change(t, func(_ *world, release func(), deleted <-chan error) {
			select {
			case err := <-deleted:
				t.Fatalf("answered while the old version was being removed: %v", err)
			default:
			}
			release()
			if err := <-deleted; err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("but not for ever", func(t *testing.T) {
		change(t, func(w *world, release func(), deleted <-chan error) {
			began := time.Now()
			if err := <-deleted; purser.ErrorCode(err) != purser.CodeBusy || time.Since(began) > 3*time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
			release()
			w.settle(t, "web")
		})
	})
}
