package artifacts

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"purser"
)

// wait is a request that waits for an artifact, until one of the two has had enough. A nil wait waits for nothing.
type wait struct{ state atomic.Int32 }

const (
	settled int32 = 1
	left    int32 = 2
)

// settle tells whether the request still waits; it will not leave any more then.
func (w *wait) settle() bool { return w != nil && w.state.CompareAndSwap(0, settled) }

// leave tells whether the request may go without the outcome.
func (w *wait) leave() bool { return w.state.CompareAndSwap(0, left) }

// inline chooses the artifacts that an import waits for: as many as fit, in their order.
func (s *Service) inline(list []purser.Artifact) map[int]bool {
	chosen := map[int]bool{}
	room := s.InlineBytes
	for i, a := range list {
		if a.Size <= room {
			chosen[i] = true
			room -= a.Size
		}
	}
	return chosen
}

// reserve begins artifacts that an import is about to wait for.
func (s *Service) reserve(list []purser.Artifact) []*job {
	var jobs []*job
	for _, a := range list {
		if t := s.begin(a.ID, false); t != nil {
			jobs = append(jobs, &job{artifact: a, task: t, done: make(chan purser.Artifact, 1)})
		}
	}
	return jobs
}

// job is an artifact that an import waits for.
type job struct {
	wait
	artifact purser.Artifact
	task     *task
	done     chan purser.Artifact
}

// fetchNow fetches what is reserved and waits until it is here or has failed, for which one attempt is enough; but not for
// longer than an import waits. What is under way then goes on, and what has not begun is left to Run.
func (s *Service) fetchNow(ctx context.Context, jobs []*job) {
	ctx, cancel := context.WithTimeout(ctx, s.InlineTimeout)
	defer cancel()
	defer context.AfterFunc(s.stay, cancel)() //nolint:contextcheck // the end of the server counts as well
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(s.Parallel, len(jobs)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(jobs) {
					return
				}
				if ctx.Err() != nil {
					s.release(context.WithoutCancel(ctx), jobs[i])
					continue
				}
				s.await(ctx, jobs[i])
			}
		})
	}
	workers.Wait()
}

// await fetches an artifact until the request leaves it alone.
func (s *Service) await(ctx context.Context, j *job) {
	go func() { j.done <- s.attempt(j.task.life, j.artifact, &j.wait) }()
	select {
	case j.artifact = <-j.done:
	case <-ctx.Done():
		if !j.leave() {
			j.artifact = <-j.done
		}
	}
}

// release gives an artifact that was not begun to whoever comes first.
func (s *Service) release(ctx context.Context, j *job) {
	a := j.artifact
	a.Owner, a.LeaseUntil = "", time.Time{}
	if err := s.put(ctx, a); err != nil && purser.ErrorCode(err) != purser.CodeNotFound {
		s.Log.ErrorContext(ctx, "an artifact waits for the end of its lease", "artifact", a.ID, "error", err)
	}
	s.finish(a)
}
