package release_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
	"purser/repository/storetest"
)

func operation(t *testing.T, w *world) purser.Operation {
	t.Helper()
	op, err := w.store.FindOperation(t.Context(), key("web"))
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// second starts another server on the same store.
func second(t *testing.T, w *world) *release.Engine {
	t.Helper()
	o := w.options
	o.Owner = "second"
	return MustStart(t, o)
}

func TestLeaseIsRenewedAndNobodyElseTakesIt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Delay("", time.Hour)
		other := second(t, w)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(7200)})
		for range 30 {
			time.Sleep(time.Minute)
			op := operation(t, w)
			if left := time.Until(op.LeaseUntil); op.Owner != "server" || left < 10*time.Second {
				t.Fatalf("the lease of %s has %v left", op.Owner, left)
			}
		}
		if _, err := other.Delete(t.Context(), purser.DeleteRequest{Key: key("web")}); purser.ErrorCode(err) != purser.CodeBusy {
			t.Errorf("another server: %v", err)
		}
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
	})
}

func TestCancelAtAnotherServer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("", deployertest.Hang)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(7200)})
		if ok, err := second(t, w).Cancel(t.Context(), key("web")); !ok || err != nil {
			t.Fatal(ok, err)
		}
		time.Sleep(release.DefaultLeaseTTL)
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete", "failed Cancelled after 0 ms.")
	})
}

func TestExpiredLeaseIsTakenOver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("web.app-v2", deployertest.Hang)
		dead := w.options
		c := &crash{at: "upgrade/deploy/recorded"}
		dead.Owner, dead.Hook = "dead", c.hook
		first := release.New(dead) // never started: it gives no sign of life
		if _, err := first.Upgrade(t.Context(), purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(600)}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		time.Sleep(release.DefaultLeaseTTL - time.Second)
		if op := operation(t, w); op.Owner != "dead" {
			t.Fatalf("taken over by %s while the lease runs", op.Owner)
		}
		time.Sleep(release.DefaultLeaseTTL)
		if op := operation(t, w); op.Owner != "server" {
			t.Fatalf("nobody has taken it from %s", op.Owner)
		}
		w.platform.Become("web.app-v2", purser.StateDeployed, false)
		synctest.Wait()
		w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
		if err := first.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A server that was away for longer than its lease finds its operation in other hands, and keeps its own off the platform.
func TestServerThatLostItsLeaseStops(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Script("", deployertest.Hang)
		slow := w.options
		slow.Owner = "slow"
		first := release.New(slow) // never started: it renews nothing
		reached, release1 := w.platform.Block("deploy/after")
		done := make(chan error, 1)
		go func() {
			_, err := first.Install(t.Context(), purser.InstallRequest{Key: key("pair"), Package: duo("1.0.0"), Platform: "default"})
			done <- err
		}()
		<-reached
		time.Sleep(release.DefaultLeaseTTL + time.Second) // now the other server comes to the same point
		<-reached
		release1()
		if err := <-done; purser.ErrorCode(err) != purser.CodeUnavailable {
			t.Errorf("the request: %v", err)
		}
		synctest.Wait()
		w.expect(t, "pair", "deployed Install complete")
		if n := w.platform.Calls(deployertest.OpDeploy); n != 3 { // one and two, and one again by the server that took over
			t.Errorf("%d calls: %v", n, w.platform.History())
		}
		if err := first.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// The server that lost its operation records nothing of it.
func TestServerThatLostItsLeaseRecordsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		slow := w.options
		slow.Owner = "slow"
		first := release.New(slow) // never started: it renews nothing
		calls, goOn := make(chan int, 2), []chan struct{}{make(chan struct{}), make(chan struct{})}
		last := sync.OnceFunc(func() { close(goOn[1]) })
		defer last()
		var n atomic.Int32
		w.platform.Hook("deploy/after", func(context.Context, string) error {
			call := int(n.Add(1)) - 1
			calls <- call
			<-goOn[call]
			return nil
		})
		go func() {
			_, _ = first.Install(t.Context(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
		}()
		<-calls
		time.Sleep(release.DefaultLeaseTTL + time.Second)
		<-calls // the other server is at the same point
		close(goOn[0])
		synctest.Wait()
		if op := operation(t, w); op.Owner != "server" || op.Phase != purser.PhaseDeploy {
			t.Errorf("the operation is in phase %s of %s", op.Phase, op.Owner)
		}
		last()
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete")
		if err := first.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// An operation that is closed between its claim and its start is not performed again.
func TestClaimThatIsOutdated(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		reached, goOn := w.platform.Block("deploy/after")
		go func() {
			_, _ = w.Install(t.Context(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
		}()
		<-reached
		o := w.options // the same name: the claim gives it what runs elsewhere
		once := sync.OnceFunc(func() {
			goOn()
			synctest.Wait()
		})
		o.Store = &storetest.Faulty{Store: w.store, Hook: func(p storetest.Point) error {
			if p == storetest.AfterCommit {
				once() // the claim is known to its server only when the operation has been closed
			}
			return nil
		}}
		MustStart(t, o)
		synctest.Wait()
		if n := w.platform.Calls(deployertest.OpDeploy); n != 1 {
			t.Errorf("deployed %d times", n)
		}
		w.expect(t, "web", "deployed Install complete")
	})
}

func TestClosedServerHandsItsOperationsOver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Delay("", time.Minute)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(7200)})
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if op := operation(t, w); op.Owner != "" || !op.LeaseUntil.IsZero() {
			t.Errorf("the lease of a closed server: %q until %v", op.Owner, op.LeaseUntil)
		}
		second(t, w)
		if op := operation(t, w); op.Owner != "second" {
			t.Errorf("owner %q", op.Owner)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
	})
}

func TestStoreThatFailsForAWhile(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var down atomic.Bool
		w := MustWorld(t, func(o *release.Options) {
			o.Store = downAt(o.Store, storetest.BeforeUpdate, &down)
		})
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Delay("", time.Second)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		down.Store(true)
		time.Sleep(15 * time.Second)
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete", "deploying Upgrade install underway")
		if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: key("web")}); err == nil {
			t.Error("a change was accepted that is not stored")
		}
		down.Store(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := w.stored(t, "web", 2); got != purser.StateDeployed {
			t.Errorf("stored as %s", got)
		}
		w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
	})
}
