package artifacts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"purser"
)

var (
	errClosed = errors.New("the server is shutting down")
	errGone   = errors.New("the artifact is not wanted any more")
)

// lease is how long an artifact belongs to a server that has given no sign of life.
func (s *Service) lease() time.Duration { return 2*(s.Stall+answerTimeout) + 10*time.Second }

// tell is how often the store is told of progress.
const tell = time.Second

// begin marks an artifact as being fetched; nil when it is already, or nothing more is to begin.
func (s *Service) begin(id int64, background bool) *task {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.running[id] != nil {
		return nil
	}
	t := &task{background: background}
	t.life, t.stop = context.WithCancelCause(s.life)
	s.running[id] = t
	s.tasks.Add(1)
	return t
}

// finish undoes begin.
func (s *Service) finish(a purser.Artifact) {
	s.mu.Lock()
	s.running[a.ID].stop(nil)
	delete(s.running, a.ID)
	if a.State.Open() && !a.NextAt.IsZero() && (s.retryAt.IsZero() || a.NextAt.Before(s.retryAt)) {
		s.retryAt = a.NextAt
	}
	s.mu.Unlock()
	s.tasks.Done()
	s.ring()
}

// attempt fetches an artifact once, after begin, and gives it as it is then. Who waits for it says in the end whether
// there will be another attempt.
func (s *Service) attempt(ctx context.Context, a purser.Artifact, waiting *wait) purser.Artifact {
	defer func() { s.finish(a) }()
	to, err := s.contents.create(ctx)
	if err == nil {
		err = s.bring(ctx, &a, to)
	}
	stored := context.WithoutCancel(ctx)
	switch {
	case err == nil:
		err = s.keep(stored, &a, to)
	case to != nil:
		to.discard()
	}
	cause := context.Cause(ctx)
	switch {
	case err == nil:
		waiting.settle()
		s.Log.InfoContext(ctx, "artifact fetched", "artifact", a.ID, "name", a.Name, "bytes", a.Received, "sha256", a.Actual)
		return a
	case errors.Is(cause, errGone) || purser.ErrorCode(err) == purser.CodeNotFound:
		a.State, a.Error = purser.ArtifactError, errGone.Error()
		waiting.settle()
		return a
	case cause != nil: // not an attempt: the server ends
		a.State, a.Owner, a.LeaseUntil, a.Received = purser.ArtifactPending, "", time.Time{}, 0
	default:
		s.conclude(&a, err, waiting.settle())
		s.Log.WarnContext(ctx, "artifact not fetched", "artifact", a.ID, "name", a.Name, "attempts", a.Attempts, "state", string(a.State), "error", err)
	}
	if err := s.put(stored, a); err != nil && purser.ErrorCode(err) != purser.CodeNotFound {
		s.Log.ErrorContext(ctx, "the state of an artifact cannot be stored, it will be fetched again", "artifact", a.ID, "error", err)
	}
	return a
}

// bring fetches the bytes and checks them. a.Actual is set when all of them have come.
func (s *Service) bring(ctx context.Context, a *purser.Artifact, to *partial) error {
	told := time.Now()
	a.Received, a.Actual = 0, ""
	progress := func(received int64) error {
		a.Received = received
		if time.Since(told) < tell {
			return nil
		}
		told = time.Now()
		a.State, a.LeaseUntil = purser.ArtifactUploading, s.Clock.Now().Add(s.lease())
		return s.put(ctx, *a)
	}
	for {
		resumed, err := s.fetcher.fetch(ctx, a.Source, a.Size, to, progress)
		if err != nil {
			return err
		}
		a.Received, a.Actual = to.size, to.digest()
		err = check(*a)
		if err == nil || !resumed {
			return err
		}
		if err := to.reset(); err != nil { // its parts were of different files
			return err
		}
	}
}

// check compares what has come with what should have. A wrong length is told of what has the right checksum only: of
// the others it is no wonder.
func check(a purser.Artifact) error {
	switch {
	case a.Actual != a.SHA256:
		return final(fmt.Errorf("Checksum mismatch for artifact %s: expected %s, got %s", a.Name, a.SHA256, a.Actual))
	case a.Received != a.Size:
		return final(fmt.Errorf("Size mismatch for artifact %s: expected %d bytes, got %d", a.Name, a.Size, a.Received))
	}
	return nil
}

// keep puts the file in its place and stores the artifact as uploaded: nobody takes the one for without the other.
func (s *Service) keep(ctx context.Context, a *purser.Artifact, to *partial) error {
	defer to.discard() // does nothing to a file that has its place
	if err := to.flush(); err != nil {
		return err
	}
	unlock, err := s.contents.lock(ctx, false)
	if err != nil {
		return err
	}
	if err = to.keep(); err == nil {
		done := *a
		done.State, done.Error, done.Owner, done.NextAt, done.LeaseUntil = purser.ArtifactUploaded, "", "", time.Time{}, time.Time{}
		if err = s.put(ctx, done); err == nil {
			*a = done
		}
	}
	unlock()
	if err != nil {
		if failed := s.clean(ctx, to.digest()); failed != nil {
			s.Log.ErrorContext(ctx, "a file without an artifact cannot be removed, the next start will", "error", failed)
		}
	}
	return err
}

// put stores the state of an artifact, unless it belongs to another server by now: CodeNotFound then, as for one that was
// removed.
func (s *Service) put(ctx context.Context, a purser.Artifact) error {
	return s.Store.Update(ctx, func(tx purser.Tx) error {
		found, err := tx.FindArtifacts(ctx, purser.ArtifactFilter{ID: a.ID})
		if err != nil {
			return err
		}
		if len(found) == 0 || found[0].Owner != s.Owner {
			return purser.Errorf(purser.CodeNotFound, "artifact %d is not this server's", a.ID)
		}
		return tx.UpdateArtifact(ctx, a)
	})
}

// conclude says what becomes of an artifact after an attempt that has failed; last: there is no other one.
func (s *Service) conclude(a *purser.Artifact, err error, last bool) {
	a.Attempts++
	a.Error, a.Owner, a.LeaseUntil = text(err), "", time.Time{}
	if last || !mayComeAgain(err) || a.Attempts >= s.Attempts {
		a.State, a.NextAt = purser.ArtifactError, time.Time{}
		return
	}
	a.State, a.NextAt = purser.ArtifactPending, s.Clock.Now().Add(s.delay(a.Attempts))
}

// text is an error for people.
func text(err error) string {
	if isFailure(err) {
		return err.Error()
	}
	return purser.ErrorMessage(err)
}

func isFailure(err error) bool {
	_, ok := errors.AsType[*failure](err)
	return ok
}

// delay is the pause after so many attempts.
func (s *Service) delay(attempts int) time.Duration {
	return purser.Backoff{First: s.FirstDelay, Last: s.LastDelay, Jitter: s.Jitter}.After(attempts)
}
