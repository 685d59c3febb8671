package chaos_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"purser/cmd/purser/live"
)

// outcome is what a client knows of its request.
type outcome int

const (
	unknown  outcome = iota // the server died before it had answered
	accepted                // acknowledged: it must be there from now on
	refused
)

// entry is one request of a client.
type entry struct {
	change
	token   string // of the values, "" for none
	begun   time.Time
	ended   time.Time
	outcome outcome
	answer  release
}

// makesVersion tells whether the request is answered with a version of its own.
func (e *entry) makesVersion() bool {
	return e.kind == "install" || e.kind == "upgrade" || e.kind == "rollback"
}

// ledger is all that clients have asked for of one release.
type ledger struct {
	name string

	mu       sync.Mutex
	entries  []*entry // in the order in which they were answered
	cancels  []entry
	answered map[int]*entry // by the version that a change made

	settled []live.Info // the versions as they were read last
	checked int         // so many entries have been checked for good
	base    int         // so many versions were there when the present round began
}

func newLedger(name string) *ledger { return &ledger{name: name, answered: map[int]*entry{}} }

// add notes a request. It gives an error when a version was given to two requests.
func (l *ledger) add(e *entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
	if e.outcome != accepted || !e.makesVersion() {
		return nil
	}
	if other := l.answered[e.answer.Version]; other != nil {
		return fmt.Errorf("%s and %s were both answered with version %d", other, e, e.answer.Version)
	}
	l.answered[e.answer.Version] = e
	return nil
}

func (l *ledger) addCancel(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cancels = append(l.cancels, e)
}

// pick gives a version that was acknowledged once, 1 when there is none.
func (l *ledger) pick(r *rand.Rand) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	highest := 0
	for v := range l.answered {
		highest = max(highest, v)
	}
	return 1 + r.IntN(max(highest, 1))
}

// check compares what was acknowledged since the last check with the versions of the release.
func (l *ledger) check(versions []live.Info) []error {
	var errs []error
	for _, e := range l.entries[l.checked:] {
		if e.outcome != accepted {
			continue
		}
		if e.answer.Name != l.name || e.answer.Version < 1 || e.answer.Version > len(versions) {
			errs = append(errs, fmt.Errorf("%s: acknowledged as version %d, there are %d", e, e.answer.Version, len(versions)))
			continue
		}
		if err := l.ended(e, versions[e.answer.Version-1]); err != nil {
			errs = append(errs, fmt.Errorf("%s: acknowledged as version %d, %q: %w", e, e.answer.Version, e.answer.Info.Description, err))
		}
	}
	return append(errs, l.checkCancels(versions)...)
}

// ended tells whether an acknowledged change has come to its right end.
func (l *ledger) ended(e *entry, v live.Info) error {
	code, description := v.Status.StatusCode, v.Description
	runs := code == "DEPLOYED" || code == "DELETED"
	asUpgrade := strings.HasSuffix(e.answer.Info.Description, " install underway") && !strings.HasPrefix(e.answer.Info.Description, "Initial")
	switch {
	case e.kind == "delete":
		if code != "DELETED" {
			return fmt.Errorf("it is %s, %q", code, description)
		}
	case e.kind == "scale":
		return l.scaled(e, v)
	case e.kind == "install", !asUpgrade && e.answer.Info.Status.StatusCode == "DEPLOYED":
		if !runs {
			return fmt.Errorf("it is %s, %q", code, description)
		}
	case e.values == unacceptable, e.answer.Pkg.Metadata.Version == broken, e.answer.Pkg.Metadata.Version == deaf:
		if code != "FAILED" {
			return fmt.Errorf("it is %s, %q", code, description)
		}
	case !runs && !(strings.HasPrefix(description, "Cancelled after ") && l.maybeCancelled(e)):
		return fmt.Errorf("it is %s, %q", code, description)
	}
	return nil
}

// scaled tells whether the instances are as many as were asked for, if nobody may have changed that since.
func (l *ledger) scaled(e *entry, v live.Info) error {
	if v.Status.StatusCode != "DEPLOYED" {
		return nil
	}
	for _, other := range l.entries {
		if other != e && other.outcome != refused && !other.ended.Before(e.begun) {
			return nil
		}
	}
	all, err := v.Instances()
	if err == nil && len(all) != e.count {
		err = fmt.Errorf("it has %d instances: %+v", len(all), all)
	}
	return err
}

// maybeCancelled tells whether somebody may have cancelled a change.
func (l *ledger) maybeCancelled(e *entry) bool {
	for _, c := range l.cancels {
		if c.outcome != refused && !c.ended.Before(e.begun) {
			return true
		}
	}
	return false
}

// checkCancels tells whether a cancel that was accepted has had no effect.
func (l *ledger) checkCancels(versions []live.Info) []error {
	wanted := false
	for _, c := range l.cancels {
		wanted = wanted || c.outcome == accepted
	}
	for _, v := range versions[min(l.base, len(versions)):] {
		if strings.HasPrefix(v.Description, "Cancelled after ") {
			return nil
		}
	}
	if wanted {
		return []error{fmt.Errorf("a cancel of %s was accepted, and no version from %d on is cancelled", l.name, l.base+1)}
	}
	return nil
}

// scales counts the changes that may have scaled a version.
func (l *ledger) scales(version int) int {
	count := 0
	for _, e := range l.entries {
		if e.kind == "scale" && (e.outcome == unknown || e.outcome == accepted && e.answer.Version == version) {
			count++
		}
	}
	return count
}

// close ends a round in which everything was as it should be.
func (l *ledger) close(versions []live.Info) {
	l.settled, l.checked, l.base, l.cancels = versions, len(l.entries), len(versions), nil
}

// final gives how many versions, from the first on, cannot change any more.
func (l *ledger) final() int {
	for n, v := range l.settled {
		if v.Status.StatusCode == "DEPLOYED" || v.Status.StatusCode == "UNKNOWN" {
			return n
		}
	}
	return len(l.settled)
}
