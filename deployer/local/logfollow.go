package local

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"purser"
)

var _ purser.LogFollower = (*Deployer)(nil)

const (
	logLook  = 250 * time.Millisecond // between two looks at files that nobody tells of
	logAgain = 20 * time.Millisecond  // before another look at a file that is being cut
)

// output is one log file of an instance.
type output struct {
	slot   slot
	stream purser.LogStream
}

// outputsOf lists the log files of instances, the error output first.
func outputsOf(slots []slot) []output {
	var all []output
	for _, s := range slots {
		if !s.Inherit {
			all = append(all, output{s, purser.LogStderr}, output{s, purser.LogStdout})
		}
	}
	return all
}

func (o output) file() string { return o.slot.logFile(string(o.stream)) }

// line is a piece of it for the wire.
func (o output) line(id, text string, more bool) purser.LogLine {
	return purser.LogLine{DeploymentID: id, Instance: instanceID(id, o.slot.Index), Stream: o.stream, Text: text, More: more}
}

// share is how many bytes of the end of each log file are given when there are so many of them.
func share(files int) int64 { return max(logTail/int64(max(files, 1)), purser.MaxLogText) }

// TailLogs implements purser.LogFollower.
func (d *Deployer) TailLogs(ctx context.Context, id string, lines int) ([]purser.LogLine, error) {
	slots, _, err := d.logSlots(ctx, id)
	if err != nil {
		return nil, err
	}
	outputs := outputsOf(slots)
	var all []purser.LogLine
	for _, o := range outputs {
		text, err := tailOf(o.file(), lines, share(len(outputs)))
		if err != nil {
			return nil, platformError("reading a log", err)
		}
		if text != "" {
			all = append(all, o.line(id, text, false))
		}
	}
	return all, nil
}

// logSlots gives the instances whose logs can be asked for; known is false for an id that is not deployed.
func (d *Deployer) logSlots(ctx context.Context, id string) (slots []slot, known bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	if err := d.refresh(ctx, id); err != nil {
		return nil, false, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	dep := d.deployments[id]
	if dep == nil || dep.record.Removed {
		return nil, false, nil
	}
	return slices.Clone(dep.record.Instances), true, nil
}

// tailOf gives the last lines of a log file as one text.
func tailOf(name string, lines int, most int64) (string, error) {
	l, err := openLog(name, lines, most)
	defer l.close()
	if err != nil {
		return "", err
	}
	var all []byte
	for parted := true; ; {
		p, err := l.next(true)
		if err != nil || !p.ok {
			return string(all), err
		}
		if !parted {
			all = append(all, '\n')
		}
		all, parted = append(all, p.text...), p.more
		if int64(len(all)) > 2*most { // it grows faster than it is read
			return string(all), nil
		}
	}
}

// FollowLogs implements purser.LogFollower.
func (d *Deployer) FollowLogs(ctx context.Context, id string, lines int) (<-chan purser.LogLine, error) {
	_, known, err := d.logSlots(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make(chan purser.LogLine)
	if !known {
		close(out)
		return out, nil
	}
	f := &logFollower{
		d: d, id: id, lines: lines, out: out, bell: make(chan struct{}, 1), files: map[string]*followedLog{},
		watcher: &watcher{ids: map[string]bool{id: true}, dirty: map[string]bool{}, ring: make(chan struct{}, 1)},
	}
	d.mu.Lock()
	d.watchers[f.watcher] = struct{}{}
	d.mu.Unlock()
	f.meet() // now, so that nothing is missed that is printed after this returns
	d.mu.Lock()
	closed := d.closed
	if !closed {
		d.background(func(closing context.Context) { f.run(ctx, closing) })
	}
	d.mu.Unlock()
	if closed {
		f.leave()
		return nil, d.errClosed()
	}
	return out, nil
}

// logFollower sends what the instances of one deployment print. One goroutine reads all of their files in turn.
type logFollower struct {
	d       *Deployer
	id      string
	lines   int
	out     chan<- purser.LogLine
	bell    chan struct{} // a file has changed
	watcher *watcher      // of the deployment
	files   map[string]*followedLog
	later   bool // instances that come now are followed from their first line
}

// followedLog is one file that is followed.
type followedLog struct {
	output
	log     *logFile // nil: it cannot be read
	unwatch func()   // nil: nobody tells of its changes (yet)
	blind   bool     // nobody ever will
	over    bool     // its instance is no more
}

var errFollowEnd = errors.New("nobody follows any more")

// run sends until ctx ends, the deployer closes, or the deployment is no more.
func (f *logFollower) run(ctx, closing context.Context) {
	defer close(f.out)
	defer f.leave()
	for {
		gone := f.meet()
		again, err := f.drain(ctx, closing)
		if err != nil || gone && len(f.files) == 0 {
			return
		}
		var look <-chan time.Time
		if pause := f.pause(again); pause > 0 {
			look = time.After(pause)
		}
		select {
		case <-f.bell:
		case <-f.watcher.ring:
		case <-look:
		case <-ctx.Done():
			return
		case <-closing.Done():
			return
		}
	}
}

// leave takes everything back.
func (f *logFollower) leave() {
	for name := range f.files {
		f.drop(name)
	}
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	delete(f.d.watchers, f.watcher)
}

func (f *logFollower) drop(name string) {
	l := f.files[name]
	if l.unwatch != nil {
		l.unwatch()
	}
	if l.log != nil {
		l.log.close()
	}
	delete(f.files, name)
}

// meet finds the instances that have come and those that are over, and tells whether the deployment is no more.
func (f *logFollower) meet() (gone bool) {
	f.d.mu.Lock()
	f.watcher.clean(f.id)
	var live, dying []slot
	gone = true
	if dep := f.d.deployments[f.id]; dep != nil {
		for _, i := range dep.dying {
			dying = append(dying, i.slot)
		}
		if !dep.record.Removed {
			gone, live = false, dep.record.Instances
		}
	}
	f.d.mu.Unlock()
	there := map[string]bool{}
	for _, o := range outputsOf(dying) { // followed to their end, but not taken up any more
		there[o.file()] = true
	}
	outputs := outputsOf(live)
	for _, o := range outputs {
		there[o.file()] = true
		if f.files[o.file()] == nil {
			f.follow(o, share(len(outputs)))
		}
	}
	f.later = true
	for name, l := range f.files {
		l.over = !there[name]
	}
	return gone
}

// follow takes up one file: of an instance that was there before with its last lines, of one that came later as a whole.
func (f *logFollower) follow(o output, most int64) {
	l := &followedLog{output: o, log: &logFile{name: o.file()}}
	f.files[o.file()] = l
	if f.later {
		return
	}
	var err error
	if l.log, err = openLog(o.file(), f.lines, most); err != nil {
		f.lose(l, err)
	}
}

// lose goes on without a file.
func (f *logFollower) lose(l *followedLog, err error) {
	f.d.options.Log.WarnContext(f.d.ctx, "a log cannot be read", "deployment", f.id, "stream", l.stream, "error", err)
	l.log.close()
	l.log = nil
}

// attend sees to it that somebody tells of the file's changes. A file that is not there yet comes with a change of the
// instance's state.
func (f *logFollower) attend(l *followedLog) {
	if l.unwatch != nil || l.blind {
		return
	}
	unwatch, err := f.d.logEvents.watch(l.file(), f.bell)
	if err == nil {
		l.unwatch = unwatch
	}
	l.blind = err != nil && !errors.Is(err, fs.ErrNotExist)
}

// drain sends all that is there, a piece of each file in turn, and lets the files go whose instances are over. again tells
// that a file has to be looked at soon.
func (f *logFollower) drain(ctx, closing context.Context) (again bool, err error) {
	for busy := true; busy; {
		busy, again = false, false
		for _, name := range f.names() {
			l := f.files[name]
			p, err := f.read(l)
			if err != nil {
				f.lose(l, err)
			}
			switch {
			case p.ok:
				busy = true
				select {
				case f.out <- l.line(f.id, p.text, p.more):
				case <-ctx.Done():
					return false, errFollowEnd
				case <-closing.Done():
					return false, errFollowEnd
				}
			case p.again:
				again = true
			case l.over:
				f.drop(name)
			}
		}
	}
	return again, nil
}

// read gives the next piece of a file.
func (f *logFollower) read(l *followedLog) (piece, error) {
	if l.log == nil {
		return piece{}, nil
	}
	f.attend(l)
	return l.log.next(l.over)
}

// names lists the files in the order of instances.
func (f *logFollower) names() []string {
	var names []string
	for name := range f.files {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		x, y := f.files[a], f.files[b]
		return cmp.Or(cmp.Compare(x.slot.Index, y.slot.Index), cmp.Compare(x.stream, y.stream), cmp.Compare(a, b))
	})
	return names
}

// pause gives the time until the next look when nobody rings; 0: somebody will.
func (f *logFollower) pause(again bool) time.Duration {
	if again {
		return logAgain
	}
	for _, l := range f.files {
		if l.blind {
			return logLook
		}
	}
	return 0
}
