package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// theLease is how long operations outlive the last sign of life of their server in these tests; the shortest that a
// server accepts.
const theLease = time.Second

// mustTwoServers runs two servers on one data folder, with all packages uploaded.
func mustTwoServers(t *testing.T, args ...string) (first, second *site) {
	t.Helper()
	folder := t.TempDir()
	args = append([]string{"--purser.engine.lease=" + theLease.String()}, args...)
	first, second = mustServer(t, theBuilt.purser, folder, args...), mustServer(t, theBuilt.purser, folder, args...)
	first.mustStart(t)
	MustUpload(t, first.api, first.startsFile())
	second.mustStart(t)
	return first, second
}

// A server takes over what another one has left by dying, after the lease, and with the original deadline; what belongs
// to a living one it leaves alone.
func TestTakeover(t *testing.T) {
	t.Parallel()
	first, second := mustTwoServers(t)
	first.mustSend(t, change{kind: "install", name: "late", version: healthy, values: token("late")})
	deadline := 4 * time.Second
	begun := time.Now()
	never := change{kind: "upgrade", name: "late", version: deaf, timeout: int(deadline.Milliseconds())}
	if _, err := never.send(t.Context(), first.api); err != nil {
		t.Fatal(err)
	}
	<-time.After(2*theLease + theLease/2) // the lease would have ended twice without signs of life
	if n := first.logged(t, "operation continued"); n != 0 {
		t.Fatalf("%d operations of a living server were taken over", n)
	}
	for n := range 3 { // these end well, at the second server
		c := change{kind: "install", name: fmt.Sprintf("well%d", n), version: healthy, values: token("well")}
		if _, err := c.send(t.Context(), first.api); err != nil {
			t.Fatal(err)
		}
		c.kind, c.version = "upgrade", slow
		if _, err := c.send(t.Context(), first.api); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.server.Kill(); err != nil {
		t.Fatal(err)
	}
	killed := time.Now()
	second.mustSettle(t, "after the first server has died", func() error {
		for n := range 3 {
			if err := second.reads(fmt.Sprintf("well%d", n), "DELETED", "DEPLOYED"); err != nil {
				return err
			}
		}
		return nil
	})
	took := time.Since(killed)
	second.mustSettle(t, "after the deadline", func() error { return second.reads("late", "DEPLOYED", "FAILED") })
	if late := time.Since(begun); late < deadline || late > deadline+2*time.Second {
		t.Errorf("the upgrade without an end was given up after %s, its deadline was after %s", late, deadline)
	}
	if n := second.logged(t, "operation continued"); n != 4 {
		t.Errorf("%d operations were taken over, expected 4", n)
	}
	second.mustSettle(t, "in the end", func() error { return second.exactAll("late", "well0", "well1", "well2") })
	second.mustBeStartedOnce(t, "late", "well0", "well1", "well2")
	t.Logf("operations of a dead server were finished %d ms after its death, with a lease of %s", took.Milliseconds(), theLease)
}

// What a server leaves at any edge of an upgrade, the other one finishes.
func TestTakeoverAtEveryEdge(t *testing.T) {
	t.Parallel()
	upgrade := slices.IndexFunc(scenarios(""), func(c scenario) bool { return c.name == "upgrade" })
	points := scenarios("")[upgrade].edges(t, MustSite(t), upgrade)
	first, second := mustTwoServers(t)
	first.mustStop(t)
	for n, point := range points {
		c := scenarios(fmt.Sprintf("release%d", n))[upgrade]
		second.mustSend(t, c.prepare...)
		before := takeCensus(second.server.Folder).appPIDs()
		first.mustStartCrashing(t, point)
		c.provoke(first.api)
		first.mustDie(t)
		second.mustSettle(t, "the other one died at "+point, func() error { return c.ended(second, before) })
		second.mustForget(t, c)
	}
	t.Logf("%d edges, all taken over", len(points))
}

// Of many changes to one release at one time, spread over two servers, exactly one is accepted; it is performed once, and
// both servers tell the same about it. A cancel counts wherever it is asked for.
func TestTwoServersShareTheWork(t *testing.T) {
	t.Parallel()
	first, second := mustTwoServers(t)
	both := []*site{first, second}
	names := []string{"one", "two", "three", "four"}
	for n, name := range names {
		both[n%2].mustSend(t, change{kind: "install", name: name, version: healthy, values: token(name)})
	}
	accepted := storm(t, both, names, deaf)
	for _, name := range names {
		if accepted[name] != 1 {
			t.Errorf("%d upgrades of %s were accepted while one was open", accepted[name], name)
		}
	}
	for n, name := range names {
		if yes, err := cancel(t.Context(), both[n%2].api, name); !yes || err != nil {
			t.Errorf("cancel of %s: %v, %v", name, yes, err)
		}
	}
	for _, s := range both {
		s.mustSettle(t, "after the cancels", func() error {
			for _, name := range names {
				if err := s.reads(name, "DEPLOYED", "FAILED"); err != nil {
					return err
				}
			}
			return nil
		})
	}
	accepted = storm(t, both, names, parent)
	for _, s := range both {
		s.mustSettle(t, "after the upgrades", func() error {
			for _, name := range names {
				if err := s.readsUpgrades(name, accepted[name]); err != nil {
					return err
				}
			}
			return s.exactAll(names...)
		})
	}
	first.mustSettle(t, "as seen by both", func() error {
		for _, name := range names {
			one, err1 := first.api.Status(t.Context(), name, 0)
			other, err2 := second.api.Status(t.Context(), name, 0)
			if err := errors.Join(err1, err2); err != nil || !reflect.DeepEqual(one, other) {
				return fmt.Errorf("%+v\n%+v\n%w", one, other, err)
			}
		}
		return nil
	})
	first.mustBeStartedOnce(t, names...)
	if n := first.logged(t, "operation continued"); n != 0 {
		t.Errorf("%d operations of living servers were taken over", n)
	}
}

// A server that was halted for longer than its lease finds its operations finished by the other one, and does nothing of
// them a second time.
func TestHaltedServer(t *testing.T) {
	t.Parallel()
	first, second := mustTwoServers(t)
	names := []string{"one", "two", "three"}
	for _, name := range names {
		first.mustSend(t, change{kind: "install", name: name, version: healthy, values: token(name)})
		c := change{kind: "upgrade", name: name, version: deaf, timeout: 4000}
		if _, err := c.send(t.Context(), first.api); err != nil {
			t.Fatal(err)
		}
	}
	first.mustHalt(t, second)
	read := func(s *site, codes ...string) func() error {
		return func() error {
			for _, name := range names {
				if err := s.reads(name, codes...); err != nil {
					return err
				}
			}
			return s.exactAll(names...)
		}
	}
	second.mustSettle(t, "at the other server", read(second, "DEPLOYED", "FAILED"))
	if err := first.server.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	first.mustSettle(t, "at the server that was halted", read(first, "DEPLOYED", "FAILED"))
	for _, name := range names {
		first.mustSend(t, change{kind: "upgrade", name: name, version: parent, values: token("again")})
	}
	for _, s := range []*site{first, second} {
		s.mustSettle(t, "in the end", read(s, "DELETED", "FAILED", "DEPLOYED"))
	}
	first.mustBeStartedOnce(t, names...)
}

// mustHalt halts a server at a moment when it holds no lock of the store, which would halt the other one as well.
func (s *site) mustHalt(t *testing.T, other *site) {
	t.Helper()
	s.mustSettle(t, "halted", func() error {
		if err := s.server.Signal(syscall.SIGSTOP); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), theLease/4)
		defer cancel()
		_, err := change{kind: "delete", name: "nobody"}.send(ctx, other.api) // it needs the lock to be refused
		if _, refused := errors.AsType[*live.Refusal](err); refused {
			return nil
		}
		return errors.Join(err, s.server.Signal(syscall.SIGCONT))
	})
}

// storm sends 32 upgrades at once, and counts by release how many are accepted. The others must say that the release is
// busy.
func storm(t *testing.T, sites []*site, names []string, version string) map[string]int {
	t.Helper()
	var sending sync.WaitGroup
	var mu sync.Mutex
	accepted := map[string]int{}
	for n := range 32 {
		name, s := names[n%len(names)], sites[n/len(names)%len(sites)]
		c := change{kind: "upgrade", name: name, version: version, values: token(fmt.Sprintf("%s-%d", version, n))}
		sending.Go(func() {
			_, err := c.send(t.Context(), s.api)
			mu.Lock()
			defer mu.Unlock()
			refusal, answered := errors.AsType[*live.Refusal](err)
			switch {
			case err == nil:
				accepted[name]++
			case !answered || refusal.Status != http.StatusConflict || refusal.Message != "Statemachine is not in state ready to do UPGRADE":
				t.Errorf("%s: %v", c, err)
			}
		})
	}
	sending.Wait()
	return accepted
}

// reads tells whether the versions of a release have these codes, from the first on.
func (s *site) reads(name string, codes ...string) error {
	versions, err := s.versions(name)
	if err != nil {
		return err
	}
	var found []string
	for _, v := range versions {
		found = append(found, v.Status.StatusCode)
	}
	if !reflect.DeepEqual(found, codes) {
		return fmt.Errorf("%s is %v, expected %v: %+v", name, found, codes, versions)
	}
	return nil
}

// readsUpgrades tells whether so many upgrades have come after the cancelled one, and the last one counts.
func (s *site) readsUpgrades(name string, upgrades int) error {
	codes := []string{"DELETED", "FAILED"}
	for range upgrades - 1 {
		codes = append(codes, "DELETED")
	}
	return s.reads(name, append(codes, "DEPLOYED")...)
}

// exactAll tells whether exactly the instances of these releases run.
func (s *site) exactAll(names ...string) error {
	var running []live.Instance
	for _, name := range names {
		versions, err := s.versions(name)
		if err != nil {
			return err
		}
		for _, v := range versions {
			if v.Status.StatusCode != "DEPLOYED" {
				continue
			}
			instances, err := v.Instances()
			if err != nil {
				return err
			}
			running = append(running, instances...)
		}
	}
	return takeCensus(s.server.Folder).compare(running)
}

func (s *site) mustBeStartedOnce(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		starts, err := s.starts(name)
		if err != nil || len(starts) == 0 {
			t.Errorf("starts of %s: %v, %v", name, starts, err)
		}
		for guid, count := range starts {
			if count != 1 {
				t.Errorf("%s was started %d times", guid, count)
			}
		}
	}
}

// logged counts the lines of the site's log that hold a message.
func (s *site) logged(t *testing.T, message string) int {
	t.Helper()
	text, err := os.ReadFile(s.server.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(text), `"msg":"`+message+`"`)
}
