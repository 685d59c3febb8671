package release

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"purser"
)

// tracker keeps the stored statuses of what is deployed true without polling: it watches every version that has
// applications on a platform, and stores what changed, several changes in one transaction. Between changes it costs a
// waiting goroutine for each version. It follows what this server has changed or found at its start; reads store what
// they find for the rest (spec/rest.md §5.9).
type tracker struct {
	e *Engine

	mu       sync.Mutex
	followed map[int64]*followed // by release id
	changed  map[int64]bool
	wake     chan struct{}

	storing sync.Mutex // one look at the platform and its storing at a time, so that no older look overwrites a newer one
}

// followed is a version under watch.
type followed struct {
	release  int64
	platform purser.Deployer
	ids      []string
	ctx      context.Context // of the watch
	stop     context.CancelFunc
}

// coalesce is how long the tracker gathers changes before it stores them.
const coalesce = 100 * time.Millisecond

func newTracker(e *Engine) *tracker {
	return &tracker{e: e, followed: map[int64]*followed{}, changed: map[int64]bool{}, wake: make(chan struct{}, 1)}
}

// load follows the versions of the store that may have applications.
func (t *tracker) load(ctx context.Context) error {
	found, _, err := t.e.Store.FindReleases(ctx, purser.ReleaseFilter{
		AllSpaces: true, Stages: []purser.Stage{purser.StageDeploying, purser.StageDeployed, purser.StageFailed}, Light: true,
	})
	for _, r := range found {
		t.follow(r)
	}
	return err
}

// follow watches a version from now on, or lets it go when it is deleted. The zero Release is passed over.
func (t *tracker) follow(r purser.Release) {
	if r.ID == 0 || t.e.Lazy {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.Stage.IsDeleted() || r.Stage == purser.StageDraft || len(r.Applications) == 0 {
		t.forget(r.ID)
		return
	}
	if t.followed[r.ID] != nil || t.e.drain.Err() != nil {
		return
	}
	platform, err := t.e.Platforms.Find(r.Platform)
	if err != nil {
		return
	}
	f := &followed{release: r.ID, platform: platform, ids: r.DeploymentIDs()}
	f.ctx, f.stop = context.WithCancel(t.e.drain)
	t.followed[r.ID] = f
	t.e.group.Go(func() { t.watch(f) })
}

// forget ends a watch; mu is held.
func (t *tracker) forget(id int64) {
	if f := t.followed[id]; f != nil {
		f.stop()
	}
	delete(t.followed, id)
	delete(t.changed, id)
}

// watch marks the version as changed with every status that comes.
func (t *tracker) watch(f *followed) {
	for delay := firstRewatch; f.ctx.Err() == nil; delay = min(2*delay, time.Minute) {
		changes, err := f.platform.Watch(f.ctx, f.ids...)
		if err == nil {
			for range changes {
				t.mark(f.release)
				delay = firstRewatch
			}
		}
		if sleep(f.ctx, delay) != nil {
			return
		}
	}
}

func (t *tracker) mark(release int64) {
	t.mu.Lock()
	if t.followed[release] != nil {
		t.changed[release] = true
	}
	t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// run stores what has changed, until the engine closes.
func (t *tracker) run() {
	for {
		select {
		case <-t.wake:
		case <-t.e.drain.Done():
			return
		}
		if sleep(t.e.drain, coalesce) != nil {
			return
		}
		t.mu.Lock()
		var ids []int64
		for id := range t.changed {
			ids = append(ids, id)
		}
		clear(t.changed)
		t.mu.Unlock()
		if err := t.store(t.e.ctx, ids...); err != nil {
			t.e.Log.ErrorContext(t.e.ctx, "statuses cannot be stored, will be tried again", "error", err)
			if sleep(t.e.drain, lastRetry) != nil {
				return
			}
			for _, id := range ids {
				t.mark(id)
			}
		}
	}
}

// store looks at the platform and stores the statuses of the versions that differ from the stored ones.
func (t *tracker) store(ctx context.Context, releases ...int64) error {
	t.storing.Lock()
	defer t.storing.Unlock()
	live := make(map[int64][]purser.AppStatus, len(releases))
	for _, id := range releases {
		r, ok, err := t.find(ctx, t.e.Store, id)
		if err != nil {
			return err
		}
		if !ok {
			t.mu.Lock()
			t.forget(id)
			t.mu.Unlock()
			continue
		}
		platform, err := t.e.Platforms.Find(r.Platform)
		if err != nil {
			continue
		}
		statuses, err := liveStatuses(ctx, platform, r)
		if err != nil { // its watch tells when it answers again
			t.e.Log.WarnContext(ctx, "a platform gives no status", "platform", r.Platform, "error", err)
			continue
		}
		if !sameStatuses(statuses, r.Statuses) {
			live[id] = statuses
		}
		if r.Stage == purser.StageFailed && gone(statuses) {
			t.mu.Lock()
			t.forget(id)
			t.mu.Unlock()
		}
	}
	if len(live) == 0 {
		return nil
	}
	var events []purser.Event
	err := t.e.Store.Update(ctx, func(tx purser.Tx) error {
		events = nil
		for _, id := range slices.Sorted(maps.Keys(live)) {
			r, ok, err := t.find(ctx, tx, id)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			before := r.Statuses
			r.Statuses = live[id]
			now, healthyAt := t.e.Clock.Now(), time.Time{}
			if allDeployed(r.Statuses) {
				healthyAt = now
			}
			if err := tx.UpdateStatuses(ctx, id, r.Statuses, healthyAt); err != nil {
				return err
			}
			events = append(events, applicationEvents(r, before, 0, now)...)
		}
		var err error
		events, err = t.e.log(ctx, tx, events)
		return err
	})
	if err == nil && len(events) > 0 {
		t.e.Publisher.Publish(ctx, events...)
	}
	return err
}

// find gives a version whose statuses are kept; false for a deleted one, or none at all.
func (t *tracker) find(ctx context.Context, q purser.Reader, id int64) (purser.Release, bool, error) {
	found, _, err := q.FindReleases(ctx, purser.ReleaseFilter{AllSpaces: true, ID: id, Light: true})
	if err != nil || len(found) == 0 || found[0].Stage.IsDeleted() {
		return purser.Release{}, false, err
	}
	return found[0], true, nil
}

// gone tells whether nothing of a version is left on its platform.
func gone(statuses []purser.AppStatus) bool {
	for _, s := range statuses {
		if s.State != purser.StateUnknown {
			return false
		}
	}
	return true
}
