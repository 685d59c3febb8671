package deployertest

import (
	"context"
	"strings"

	"purser"
)

var _ purser.LogFollower = (*Fake)(nil)

// printed is one line that an instance has printed.
type printed struct {
	stream purser.LogStream
	text   string
}

// Print makes an instance print a line, if it is there. What it printed first is its own id.
func (f *Fake) Print(id string, index int, stream purser.LogStream, line string) {
	f.lock.Lock()
	defer f.lock.Unlock()
	d := f.deployments[id]
	if d == nil || index >= len(d.instances) {
		return
	}
	d.instances[index].printed = append(d.instances[index].printed, printed{stream, line})
	f.ringFollowers(id)
}

// TailLogs implements purser.LogFollower.
func (f *Fake) TailLogs(ctx context.Context, id string, lines int) ([]purser.LogLine, error) {
	if err := f.enter(ctx, OpTail, id); err != nil {
		return nil, err
	}
	f.lock.Lock()
	var all []purser.LogLine
	if d := f.deployments[id]; d != nil {
		for _, i := range d.instances {
			for _, stream := range []purser.LogStream{purser.LogStderr, purser.LogStdout} {
				var texts []string
				for _, n := range i.last(stream, lines) {
					texts = append(texts, i.printed[n].text)
				}
				if len(texts) > 0 {
					all = append(all, purser.LogLine{DeploymentID: id, Instance: i.ID, Stream: stream, Text: strings.Join(texts, "\n")})
				}
			}
		}
	}
	f.lock.Unlock()
	return all, f.step(ctx, After(OpTail), id)
}

// last gives the places of the last lines of one output.
func (i *instance) last(stream purser.LogStream, lines int) []int {
	var places []int
	for n, p := range i.printed {
		if p.stream == stream {
			places = append(places, n)
		}
	}
	return places[max(len(places)-lines, 0):]
}

// logFollower is one call of FollowLogs.
type logFollower struct {
	id     string
	ring   chan struct{}
	ending context.CancelFunc
	known  map[*instance]map[int]bool // the lines that were sent, or are too old
	order  []*instance
}

// FollowLogs implements purser.LogFollower.
func (f *Fake) FollowLogs(ctx context.Context, id string, lines int) (<-chan purser.LogLine, error) {
	if err := f.enter(ctx, OpFollow, id); err != nil {
		return nil, err
	}
	following, cancel := context.WithCancel(ctx)
	l := &logFollower{id: id, ring: make(chan struct{}, 1), ending: cancel, known: map[*instance]map[int]bool{}}
	f.lock.Lock()
	d := f.deployments[id]
	if d != nil {
		for _, i := range d.instances {
			l.meet(i)
			for n := range i.printed {
				l.known[i][n] = true
			}
			for _, stream := range []purser.LogStream{purser.LogStderr, purser.LogStdout} {
				for _, n := range i.last(stream, lines) {
					delete(l.known[i], n)
				}
			}
		}
	}
	f.lock.Unlock()
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		cancel()
		return nil, purser.Errorf(purser.CodeUnavailable, "the platform account '%s' is closed", f.name)
	}
	f.followers[l] = struct{}{}
	f.running.Add(1)
	f.mu.Unlock()
	out := make(chan purser.LogLine)
	go f.follow(following, l, d, out)
	if err := f.step(ctx, After(OpFollow), id); err != nil {
		cancel()
		return nil, err
	}
	return out, nil
}

func (l *logFollower) meet(i *instance) {
	if l.known[i] == nil {
		l.known[i] = map[int]bool{}
		l.order = append(l.order, i)
	}
}

// follow sends lines until ctx ends or the deployment is no more.
func (f *Fake) follow(ctx context.Context, l *logFollower, d *deployment, out chan<- purser.LogLine) {
	defer f.running.Done()
	defer close(out)
	defer l.ending()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.followers, l)
	}()
	for {
		f.lock.Lock()
		gone := d == nil || f.deployments[l.id] != d
		lines := l.fresh(d)
		f.lock.Unlock()
		for _, line := range lines {
			select {
			case out <- line:
			case <-ctx.Done():
				return
			}
		}
		if gone {
			return
		}
		select {
		case <-l.ring:
		case <-ctx.Done():
			return
		}
	}
}

// fresh gives the lines that were not sent; the world's lock is held.
func (l *logFollower) fresh(d *deployment) []purser.LogLine {
	if d == nil {
		return nil
	}
	for _, i := range d.instances {
		l.meet(i)
	}
	var lines []purser.LogLine
	for _, i := range l.order {
		for n, p := range i.printed {
			if !l.known[i][n] {
				l.known[i][n] = true
				lines = append(lines, purser.LogLine{DeploymentID: l.id, Instance: i.ID, Stream: p.stream, Text: p.text})
			}
		}
	}
	return lines
}

// ringFollowers wakes those who follow a deployment; the world's lock is held.
func (w *world) ringFollowers(id string) {
	for f := range w.fakes {
		f.mu.Lock()
		for l := range f.followers {
			if l.id != id {
				continue
			}
			select {
			case l.ring <- struct{}{}:
			default:
			}
		}
		f.mu.Unlock()
	}
}
