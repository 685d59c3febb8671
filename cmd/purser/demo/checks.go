package demo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"purser/cmd/purser/live"
)

// say prints what a request was answered.
func (s *story) say(request string, version int, i live.Info) {
	s.printf("   %-40s  v%d %s, %s\n", request, version, i.Status.StatusCode, i.Description)
}

// settled waits until a version reads that status code.
func (s *story) settled(ctx context.Context, version int, code string) error {
	begun := time.Now()
	var last live.Info
	err := live.Until(ctx, 30*time.Second, 5*time.Millisecond, fmt.Sprintf("v%d reads %s", version, code), func() (bool, error) {
		var err error
		last, err = s.api.Status(ctx, name, version)
		return last.Status.StatusCode == code, err
	})
	if err != nil {
		return fmt.Errorf("%w; it reads %s, %s", err, last.Status.StatusCode, last.Description)
	}
	s.printf("   GET /api/release/status/%s/%-12d   v%d %s, %s (after %d ms)\n",
		name, version, version, last.Status.StatusCode, last.Description, time.Since(begun).Milliseconds())
	return nil
}

// running waits until the one instance of a version is up (version 0: the latest) and tells where.
func (s *story) running(ctx context.Context, version int) (url, pid string, err error) {
	err = live.Until(ctx, 30*time.Second, 5*time.Millisecond, "the application is up", func() (bool, error) {
		i, err := s.api.Status(ctx, name, version)
		if err != nil {
			return false, err
		}
		all, err := i.Instances()
		if err != nil || len(all) != 1 || all[0].State != "deployed" {
			return false, err
		}
		url, pid = all[0].Attributes["url"], all[0].Attributes["pid"]
		return true, nil
	})
	return url, pid, err
}

// expectPage fetches the page and compares it.
func (s *story) expectPage(ctx context.Context, url, want string) error {
	got, err := s.api.Page(ctx, url)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%s answers %q, expected %q", url, got, want)
	}
	s.printf("   GET %-37s %s\n", url+"/", got)
	return nil
}

// gone waits until nobody answers any more.
func (s *story) gone(ctx context.Context, url string) error {
	return live.Until(ctx, 30*time.Second, 20*time.Millisecond, url+" is gone", func() (bool, error) {
		_, err := s.api.Page(ctx, url)
		return err != nil, nil
	})
}

// gapWatch asks for the page all the time.
type gapWatch struct {
	first, second int // answers of the old and of the new version
	gaps          []time.Time
	stop          context.CancelFunc
	done          sync.WaitGroup
}

// watchGaps starts asking. Whenever the old version does not answer, the new one must, at the place that the server
// tells.
func (s *story) watchGaps(ctx context.Context, old string) *gapWatch {
	ctx, stop := context.WithCancel(ctx)
	w := &gapWatch{stop: stop}
	w.done.Go(func() {
		for ctx.Err() == nil {
			if _, err := s.api.Page(ctx, old); err == nil {
				w.first++
				continue
			}
			if s.newAnswers(ctx) {
				w.second++
				continue
			}
			if ctx.Err() == nil {
				w.gaps = append(w.gaps, time.Now())
			}
		}
	})
	return w
}

func (s *story) newAnswers(ctx context.Context) bool {
	i, err := s.api.Status(ctx, name, 2)
	if err != nil {
		return false
	}
	all, err := i.Instances()
	if err != nil || len(all) == 0 {
		return false
	}
	_, err = s.api.Page(ctx, all[0].Attributes["url"])
	return err == nil
}

// end stops asking and tells whether nobody answered at some moment.
func (w *gapWatch) end() error {
	w.stop()
	w.done.Wait()
	if len(w.gaps) > 0 {
		return fmt.Errorf("nobody answered at %d moments, first at %s", len(w.gaps), w.gaps[0].Format(time.StampMilli))
	}
	return nil
}
