package data_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"purser"
	"purser/api/data"
)

// counted counts the questions that the store is asked.
type counted struct {
	data.Store
	asked int
}

func (c *counted) FindReleases(ctx context.Context, f purser.ReleaseFilter) ([]purser.Release, int, error) {
	c.asked++
	return c.Store.FindReleases(ctx, f)
}

func (c *counted) FindPackage(ctx context.Context, id int64) (purser.PackageMetadata, error) {
	c.asked++
	return c.Store.FindPackage(ctx, id)
}

func (c *counted) FindPackages(ctx context.Context, f purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	c.asked++
	return c.Store.FindPackages(ctx, f)
}

func (c *counted) FindRepositories(ctx context.Context, f purser.RepositoryFilter) ([]purser.Repository, int, error) {
	c.asked++
	return c.Store.FindRepositories(ctx, f)
}

func TestGetAsksTheStoreOnce(t *testing.T) {
	s := MustServer(t)
	for i := range 30 {
		s.MustRelease(t, purser.ReleaseKey{Name: fmt.Sprintf("r%d", i)}, 1, purser.StageDeployed)
		s.MustPackage(t, purser.PackageMetadata{Name: fmt.Sprintf("p%d", i), Version: "1.0.0"})
	}
	store := &counted{Store: s.store}
	s = s.with(t, store, nil)
	for target, most := range map[string]int{
		"/api/releases":           1,
		"/api/releases?page=1":    1,
		"/api/releases/1":         1,
		historySearch + "?name=r": 1,
		"/api/packageMetadata?size=1000&sort=name&sort=version,desc":        1,
		"/api/packageMetadata/1?projection=summary":                         1,
		"/api/packageMetadata/search/findByName?name=p1":                    1,
		"/api/packageMetadata/search/findByNameContainingIgnoreCase?name=P": 1,
		"/api/repositories":                              1,
		"/api/repositories/1":                            1,
		"/api/repositories/search/findByName?name=local": 1,
		historySearch:                                    0,
		"/api/releases/search":                           0,
		"/api/deployers":                                 0,
		"/api/profile":                                   0,
		"/api/profile/releases":                          0,
	} {
		store.asked = 0
		s.get(t, target)
		if store.asked > most {
			t.Errorf("GET %s asks the store %d times, want %d", target, store.asked, most)
		}
	}
	for _, target := range []string{"/api/releases", historySearch + "?name=r"} {
		store.asked = 0
		s.do(t, http.MethodHead, target, nil)
		if store.asked != 0 {
			t.Errorf("HEAD %s asks the store %d times", target, store.asked)
		}
	}
}

// scanning is a store that reads long lists one by one, and fails after some.
type scanning struct {
	data.Store
	scanned int
	failsAt int // 0: never
}

func (s *scanning) ScanReleases(ctx context.Context, f purser.ReleaseFilter, visit func(purser.Release) error) error {
	found, _, err := s.Store.FindReleases(ctx, f)
	for _, r := range found {
		if s.scanned++; s.scanned == s.failsAt {
			return errors.New("the disk is gone")
		}
		if err := visit(r); err != nil {
			return err
		}
	}
	return err
}

func TestHistoryIsReadWhileItGoesOut(t *testing.T) {
	s := MustServer(t)
	for i := range 300 {
		s.MustRelease(t, purser.ReleaseKey{Name: "web"}, i+1, purser.StageSuperseded)
	}
	const target = historySearch + "?name=WEB"
	whole := text(t, s.do(t, http.MethodGet, target, nil))

	store := &scanning{Store: s.store}
	got := text(t, s.with(t, store, nil).do(t, http.MethodGet, target, nil))
	if store.scanned != 300 || got != whole {
		t.Errorf("%d versions were scanned; the answer is the same: %t", store.scanned, got == whole)
	}

	t.Run("a fault at the start is answered", func(t *testing.T) {
		answer := s.with(t, &scanning{Store: s.store, failsAt: 2}, nil).do(t, http.MethodGet, target, nil)
		if body := text(t, answer); answer.StatusCode != http.StatusInternalServerError || strings.Contains(body, "disk") {
			t.Errorf("got %s %s", answer.Status, body)
		}
	})
	t.Run("a fault later cuts the connection", func(t *testing.T) {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // a panic's value is compared as it is
				t.Errorf("got %v", p)
			}
		}()
		s.with(t, &scanning{Store: s.store, failsAt: 250}, nil).do(t, http.MethodGet, target, nil)
	})
}

// broken is a store that fails.
type broken struct{ err error }

func (b broken) FindReleases(context.Context, purser.ReleaseFilter) ([]purser.Release, int, error) {
	return nil, 0, b.err
}

func (b broken) FindPackage(context.Context, int64) (purser.PackageMetadata, error) {
	return purser.PackageMetadata{}, b.err
}

func (b broken) FindPackages(context.Context, purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	return nil, 0, b.err
}

func (b broken) FindRepositories(context.Context, purser.RepositoryFilter) ([]purser.Repository, int, error) {
	return nil, 0, b.err
}

func (b broken) Update(context.Context, func(purser.Tx) error) error { return b.err }

func TestFaultsOfTheStoreStayInside(t *testing.T) {
	s := MustServer(t)
	s = s.with(t, broken{errors.New("disk /var/secret is full")}, nil)
	for _, do := range []string{
		"GET /api/releases", "GET /api/releases/1", "HEAD /api/releases/1", "PATCH /api/releases/1",
		"GET " + historySearch + "?name=x",
		"GET /api/packageMetadata", "GET /api/packageMetadata/1", "DELETE /api/packageMetadata/1",
		"GET /api/packageMetadata/search/findByName?name=x",
		"GET /api/packageMetadata/search/findByNameContainingIgnoreCase?name=x",
		"GET /api/repositories", "GET /api/repositories/1", "GET /api/repositories/search/findByName?name=x",
	} {
		t.Run(do, func(t *testing.T) {
			method, target, _ := strings.Cut(do, " ")
			answer := s.do(t, method, target, nil)
			if answer.StatusCode != http.StatusInternalServerError {
				t.Errorf("got %s", answer.Status)
			}
			if body := text(t, answer); strings.Contains(body, "secret") {
				t.Errorf("the body tells too much: %s", body)
			}
		})
	}
}

// cut is a client that goes away after some bytes.
type cut struct {
	*httptest.ResponseRecorder
	left int
}

func (c *cut) Write(p []byte) (int, error) {
	if c.left -= len(p); c.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return c.ResponseRecorder.Write(p)
}

func TestAClientThatGoesAwayEndsTheAnswer(t *testing.T) {
	s := MustServer(t)
	for i := range 200 {
		s.MustRelease(t, purser.ReleaseKey{Name: fmt.Sprintf("r%d", i)}, 1, purser.StageDeployed)
	}
	defer func() {
		if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // a panic's value is compared as it is
			t.Errorf("got %v, want the connection to be cut", p)
		}
	}()
	w := &cut{ResponseRecorder: httptest.NewRecorder(), left: 100_000}
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/releases?size=1000", nil))
}
