package packages_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"purser"
)

// TestStoreErrorsComeOut proves that failures of the store stay what they are in every use case.
func TestStoreErrorsComeOut(t *testing.T) {
	prepare := func(t *testing.T) (bench, purser.PackageMetadata) {
		b, _ := MustServe(t, func(http.ResponseWriter, *http.Request) {})
		m := b.MustUpload(t, "p", "1.0.0")
		if err := b.store.Close(); err != nil {
			t.Fatal(err)
		}
		return b, m
	}
	cases := map[string]func(ctx context.Context, b bench, m purser.PackageMetadata) error{
		"upload": func(ctx context.Context, b bench, _ purser.PackageMetadata) error {
			_, err := b.Upload(ctx, request("q", "1.0.0", []byte("x")))
			return err
		},
		"choose": func(ctx context.Context, b bench, _ purser.PackageMetadata) error {
			_, err := b.Choose(ctx, b.store, purser.PackageIdentifier{Name: "p"})
			return err
		},
		"read": func(ctx context.Context, b bench, m purser.PackageMetadata) error {
			_, err := b.Read(ctx, m)
			return err
		},
		"delete": func(ctx context.Context, b bench, _ purser.PackageMetadata) error { return b.Delete(ctx, "p") },
		"publish": func(ctx context.Context, b bench, m purser.PackageMetadata) error {
			_, err := b.PublishMetadata(ctx, m)
			return err
		},
		"add repositories": func(ctx context.Context, b bench, _ purser.PackageMetadata) error {
			return b.AddRepositories(ctx, []purser.Repository{{Name: "x"}})
		},
		"indexes": func(ctx context.Context, b bench, _ purser.PackageMetadata) error { return b.SyncIndexes(ctx) },
	}
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			b, m := prepare(t)
			if err := run(t.Context(), b, m); purser.ErrorCode(err) != purser.CodeUnavailable {
				t.Errorf("got %v", err)
			}
		})
		t.Run(name+", called off", func(t *testing.T) {
			b := MustService(t)
			m := b.MustUpload(t, "p", "1.0.0")
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := run(ctx, b, m); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a refresh logs it", func(t *testing.T) {
		b, _ := prepare(t)
		b.Refresh(t.Context(), 0)
		if !strings.Contains(b.log.String(), "level=ERROR") {
			t.Errorf("log: %s", b.log)
		}
	})
}

// TestStoreErrorsWhileFetching proves the same for the second half of use cases, when the store goes away in between.
func TestStoreErrorsWhileFetching(t *testing.T) {
	var b bench
	b, _ = MustServe(t, func(w http.ResponseWriter, r *http.Request) {
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
		if strings.HasSuffix(r.URL.Path, ".zip") {
			_, _ = w.Write(archive(t, "p", "1.0.0"))
			return
		}
		_, _ = w.Write([]byte(metadata("q", "1.0.0")))
	})
	m := b.MustIndexed(t, "p", "1.0.0", nil)
	if _, err := b.Read(t.Context(), m); purser.ErrorCode(err) != purser.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}
