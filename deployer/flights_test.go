package deployer

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"purser"
)

func TestSingleFlight(t *testing.T) {
	o := MustOrigin(t)
	asked, release := make(chan struct{}, 10), make(chan struct{})
	o.Answer("/app.jar", func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-release
		_, _ = w.Write([]byte("text"))
	})
	r, _ := MustResources(t, Options{})
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			if path, err := r.Fetch(t.Context(), o.URL+"/app.jar"); err != nil || MustRead(t, path) != "text" {
				t.Errorf("got %s, %v", path, err)
			}
		})
	}
	<-asked
	for waiting := 0; waiting < 8; {
		r.flights.mu.Lock()
		for _, f := range r.flights.running {
			waiting = f.waiting
		}
		r.flights.mu.Unlock()
		runtime.Gosched()
	}
	close(release)
	callers.Wait()
	if got := o.Asked(); got != "/app.jar" {
		t.Errorf("asked %s", got)
	}
}

func TestFlights(t *testing.T) {
	untilCancelled := func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", context.Cause(ctx)
	}
	t.Run("the first caller may leave, the work goes on for the others", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var s flights
			s.open()
			result := make(chan string)
			work := func(ctx context.Context) (string, error) {
				select {
				case text := <-result:
					return text, nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			}
			ctx, leave := context.WithCancel(t.Context())
			var callers sync.WaitGroup
			callers.Go(func() {
				if _, err := s.do(ctx, "k", work); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
			synctest.Wait()
			callers.Go(func() {
				if got, err := s.do(t.Context(), "k", work); err != nil || got != "done" {
					t.Errorf("got %q, %v", got, err)
				}
			})
			synctest.Wait()
			leave()
			synctest.Wait()
			result <- "done"
			callers.Wait()
			s.close()
		})
	})
	t.Run("the work ends with the last caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var s flights
			s.open()
			ctx, leave := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := s.do(ctx, "k", func(ctx context.Context) (string, error) {
					_, err := untilCancelled(ctx)
					ended <- err
					return "", err
				})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			}()
			synctest.Wait()
			leave()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if got, err := s.do(t.Context(), "k", func(context.Context) (string, error) { return "anew", nil }); err != nil || got != "anew" {
				t.Errorf("got %q, %v", got, err)
			}
			s.close()
		})
	})
	t.Run("close ends the work and refuses more", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var s flights
			s.open()
			var callers sync.WaitGroup
			callers.Go(func() {
				if _, err := s.do(t.Context(), "k", untilCancelled); !errors.Is(err, errClosed) {
					t.Errorf("got %v", err)
				}
			})
			synctest.Wait()
			s.close()
			s.close()
			callers.Wait()
			if _, err := s.do(t.Context(), "k", untilCancelled); purser.ErrorCode(err) != purser.CodeUnavailable {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestCloseDuringDownload(t *testing.T) {
	o := MustOrigin(t)
	asked := make(chan struct{})
	o.Answer("/app.jar", func(w http.ResponseWriter, request *http.Request) {
		_, _ = w.Write([]byte("half"))
		_ = http.NewResponseController(w).Flush()
		close(asked)
		<-request.Context().Done()
	})
	r, _ := MustResources(t, Options{})
	failed := make(chan error, 1)
	go func() {
		_, err := r.Fetch(context.WithoutCancel(t.Context()), o.URL+"/app.jar")
		failed <- err
	}()
	<-asked
	MustDo(t, r.Close())
	if err := <-failed; purser.ErrorCode(err) != purser.CodeUnavailable {
		t.Errorf("got %v", err)
	}
	wantCacheFiles(t, r, partialDir, 0)
	wantCacheFiles(t, r, contentDir, 0)
}
