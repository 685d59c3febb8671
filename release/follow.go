package release

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"purser"
)

// FollowLogs gives what the applications of the latest version print: their last lines, and then what comes, instances and
// applications that come later included, until ctx ends, the engine closes, or the version has had its time and nothing of
// it is left. What a later version keeps running is that version's then.
//
// CodeReleaseNotFound, CodeNotFound for an application that the version does not have and for the platform, CodeConflict
// for a platform that cannot tell, CodeUnavailable once Close was called, CodePlatform.
func (e *Engine) FollowLogs(ctx context.Context, r purser.LogRequest) (purser.LogFeed, error) {
	v, apps, err := e.logsOf(ctx, r)
	if err != nil {
		return purser.LogFeed{}, err
	}
	platform, err := e.Platforms.Find(v.Platform)
	if err != nil {
		return purser.LogFeed{}, err
	}
	follower, ok := platform.(purser.LogFollower)
	if !ok {
		return purser.LogFeed{}, purser.Errorf(purser.CodeConflict, "The platform '%s' tells logs only as a whole; they cannot be followed", v.Platform)
	}
	f := &feed{
		e: e, key: r.Key, version: v.Version, lines: r.Lines, follower: follower,
		out: make(chan purser.LogLine), ended: make(chan string), apps: map[string]*followedApp{},
	}
	ids := make([]string, 0, len(apps))
	for _, a := range apps {
		ids = append(ids, a.DeploymentID)
		f.apps[a.DeploymentID] = &followedApp{name: a.Name}
	}
	e.accepting.RLock() // so that Close waits for what is started
	defer e.accepting.RUnlock()
	if e.closed {
		return purser.LogFeed{}, errShutdown()
	}
	f.ctx, f.stop = context.WithCancel(ctx)
	unhook := context.AfterFunc(e.drain, f.stop) //nolint:contextcheck // the engine's end is the feed's as well
	states, err := platform.Watch(f.ctx, ids...) //nolint:contextcheck // it is the request's, and ends with the engine as well
	if err != nil {
		f.stop()
		return purser.LogFeed{}, err
	}
	e.group.Go(func() {
		defer unhook()
		f.run(ctx, states)
	})
	return purser.LogFeed{Version: v.Version, Lines: f.out, Reason: func() string { return f.reason }}, nil
}

// feed is one stream of logs.
type feed struct {
	e        *Engine
	key      purser.ReleaseKey
	version  int
	lines    int
	follower purser.LogFollower

	ctx     context.Context
	stop    context.CancelFunc
	out     chan purser.LogLine
	ended   chan string // ids of deployments whose logs are over
	senders sync.WaitGroup
	apps    map[string]*followedApp // by deployment id
	reason  string
}

// followedApp is one application of the version.
type followedApp struct {
	name      string
	seen      bool // its state was told
	following bool
}

// recheck is how often a feed looks whether its version has had its time: this server's changes it is told of, those of
// others it finds out so.
const recheck = 15 * time.Second

// run follows each deployment that is there, until there is nothing more to come.
func (f *feed) run(request context.Context, states <-chan purser.AppStatus) {
	defer close(f.out)
	defer f.senders.Wait()
	defer f.stop()
	bell, hush := f.e.bells.listen(f.key)
	defer hush()
	look := time.NewTicker(recheck)
	defer look.Stop()
	for !f.over() {
		select {
		case s, ok := <-states:
			if !ok {
				f.broken(request)
				return
			}
			f.follow(s)
		case id := <-f.ended:
			f.apps[id].following = false
		case <-bell:
		case <-look.C:
		case <-f.ctx.Done():
			f.broken(request)
			return
		}
	}
}

// broken notes why a feed ends that has not come to its end.
func (f *feed) broken(request context.Context) {
	switch {
	case request.Err() != nil:
	case f.e.drain.Err() != nil:
		f.reason = "the server is shutting down"
	default:
		f.reason = "the platform does not tell any more"
	}
}

// follow begins to follow a deployment that is there.
func (f *feed) follow(s purser.AppStatus) {
	app := f.apps[s.DeploymentID]
	first := !app.seen
	app.seen = true
	if app.following || s.State == purser.StateUnknown && len(s.Instances) == 0 {
		return
	}
	lines := f.lines
	if !first { // it has come since: all that it says is new
		lines = math.MaxInt32
	}
	app.following = true
	f.senders.Go(func() {
		f.send(s.DeploymentID, app.name, lines)
		select {
		case f.ended <- s.DeploymentID:
		case <-f.ctx.Done():
		}
	})
}

// send passes on what one deployment prints.
func (f *feed) send(id, name string, lines int) {
	printed, err := f.follower.FollowLogs(f.ctx, id, lines)
	if err != nil {
		if f.ctx.Err() == nil {
			f.e.Log.WarnContext(f.ctx, "logs cannot be followed", "deployment", id, "error", err)
		}
		return
	}
	for l := range printed {
		l.Application = name
		select {
		case f.out <- l:
		case <-f.ctx.Done():
		}
	}
}

// over tells whether the version has had its time and nothing of it is left, and notes the reason.
func (f *feed) over() bool {
	for _, a := range f.apps {
		if !a.seen {
			return false
		}
	}
	v, err := findLight(f.ctx, f.e.Store, f.key, f.version)
	switch {
	case purser.ErrorCode(err) == purser.CodeReleaseNotFound:
		f.reason = fmt.Sprintf("version %d was given up", f.version)
		return true
	case err != nil || !v.Stage.IsDeleted() && v.Stage != purser.StageFailed:
		return false
	}
	others := purser.Release{}
	if current, err := findLatest(f.ctx, f.e.Store, f.key, purser.StageDeployed); err == nil {
		others = current
	} else if purser.ErrorCode(err) != purser.CodeReleaseNotFound {
		return false
	}
	for id, a := range f.apps {
		if a.following && others.Application(id) == "" {
			return false
		}
	}
	switch v.Stage {
	case purser.StageSuperseded:
		f.reason = fmt.Sprintf("version %d was replaced", v.Version)
	case purser.StageFailed:
		f.reason = fmt.Sprintf("version %d has failed: %s", v.Version, v.Description)
	default:
		f.reason = fmt.Sprintf("version %d was deleted", v.Version)
	}
	return true
}
