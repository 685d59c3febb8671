package packages_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/packages"
)

// MustServe starts a remote repository called "far", and a service that knows it.
func MustServe(tb testing.TB, handler http.HandlerFunc, change ...func(*packages.Options)) (bench, *httptest.Server) {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	b := MustService(tb, append([]func(*packages.Options){func(o *packages.Options) { o.Client = server.Client() }}, change...)...)
	b.MustAdd(tb, purser.Repository{Name: "far", URL: server.URL + "/repo/"})
	return b, server
}

// MustIndexed stores metadata of a package of the repository "far", as its index would.
func (b bench) MustIndexed(tb testing.TB, name, version string, sum *string) purser.PackageMetadata {
	tb.Helper()
	m := purser.PackageMetadata{
		APIVersion: "v1", Kind: "k", Name: name, Version: version, RepositoryID: b.MustRepository(tb, "far").ID, RepositoryName: "far",
		Description: new("from the index"), SHA256: sum,
	}
	return b.MustCreate(tb, m, nil)
}

func TestReadRemote(t *testing.T) {
	data := archive(t, "p", "1.0.0")
	digest := fmt.Sprintf("%x", sha256.Sum256(data))
	var asked atomic.Int32
	serve := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/repo/p/p-1.0.0.zip" {
			http.NotFound(w, r)
			return
		}
		asked.Add(1)
		_, _ = w.Write(data)
	}
	for _, row := range []struct {
		rule string
		sum  *string
	}{
		{"no digest", nil},
		{"an empty digest", new("")},
		{"the digest", &digest},
		{"the digest in capitals", new(strings.ToUpper(digest))},
		{"the digest with its name", new("sha256:" + digest)},
	} {
		t.Run(row.rule, func(t *testing.T) {
			asked.Store(0)
			b, server := MustServe(t, serve)
			m := b.MustIndexed(t, "p", "1.0.0", row.sum)
			for range 2 {
				got, err := b.Read(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(m, got.Metadata); diff != "" {
					t.Errorf("the metadata is not the index's (-want +got):\n%s", diff)
				}
				if got.Values == nil || len(got.Templates) != 1 {
					t.Errorf("got %+v", got)
				}
				server.Close() // the second time it comes from the store
			}
			if asked.Load() != 1 {
				t.Errorf("fetched %d times", asked.Load())
			}
			if kept, err := b.store.FindArchive(t.Context(), m.ID); err != nil || string(kept) != string(data) {
				t.Errorf("the archive is not stored as it is: %v", err)
			}
		})
	}
	t.Run("the version inside may differ", func(t *testing.T) {
		other := MustZipFiles(t, "p-1.0.0", map[string]string{"package.yml": "name: q\nversion: 2.0.0\n"})
		b, _ := MustServe(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(other) })
		m := b.MustIndexed(t, "p", "1.0.0", nil)
		if got, err := b.Read(t.Context(), m); err != nil || got.Metadata.Name != "p" || got.Metadata.Version != "1.0.0" {
			t.Errorf("got %+v, %v", got.Metadata, err)
		}
	})
	t.Run("signs in names are escaped", func(t *testing.T) {
		b, _ := MustServe(t, func(w http.ResponseWriter, r *http.Request) {
			if r.RequestURI != "/repo/a%20b%3F/a%20b%3F-1.0.0+1.zip" {
				t.Errorf("asked for %s", r.RequestURI)
			}
			_, _ = w.Write(archive(t, "a b?", "1.0.0+1"))
		})
		if _, err := b.Read(t.Context(), b.MustIndexed(t, "a b?", "1.0.0+1", nil)); err != nil {
			t.Error(err)
		}
	})
	t.Run("redirects are followed", func(t *testing.T) {
		b, _ := MustServe(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/elsewhere" {
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
				return
			}
			_, _ = w.Write(data)
		})
		if _, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", &digest)); err != nil {
			t.Error(err)
		}
	})
	t.Run("readers at the same moment share one download", func(t *testing.T) {
		asked.Store(0)
		arrived, answer := make(chan struct{}, 1), make(chan struct{})
		b, _ := MustServe(t, func(w http.ResponseWriter, r *http.Request) {
			arrived <- struct{}{}
			<-answer
			serve(w, r)
		})
		m := b.MustIndexed(t, "p", "1.0.0", nil)
		var readers sync.WaitGroup
		for range 8 {
			readers.Go(func() {
				if _, err := b.Read(t.Context(), m); err != nil {
					t.Error(err)
				}
			})
		}
		<-arrived
		close(answer)
		readers.Wait()
		if asked.Load() != 1 {
			t.Errorf("fetched %d times", asked.Load())
		}
	})
	t.Run("a reader that leaves does not take the download along", func(t *testing.T) {
		arrived, answer := make(chan struct{}), make(chan struct{})
		b, _ := MustServe(t, func(w http.ResponseWriter, _ *http.Request) {
			close(arrived) // a second request would panic
			<-answer
			_, _ = w.Write(data)
		})
		m := b.MustIndexed(t, "p", "1.0.0", nil)
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := b.Read(ctx, m)
			left <- err
		}()
		<-arrived
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		stayed := make(chan error)
		go func() {
			_, err := b.Read(t.Context(), m)
			stayed <- err
		}()
		close(answer)
		if err := <-stayed; err != nil {
			t.Error(err)
		}
	})
	t.Run("file", func(t *testing.T) {
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, "my repo", "p"), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "my repo", "p", "p-1.0.0.zip"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"file:" + root + "/my%20repo", "file://" + root + "/my%20repo/", "FILE://localhost" + root + "/my repo"} {
			b := MustService(t)
			b.MustAdd(t, purser.Repository{Name: "far", URL: address})
			if _, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", &digest)); err != nil {
				t.Errorf("%s: %v", address, err)
			}
		}
	})
}

func TestReadRemoteRefusals(t *testing.T) {
	data := archive(t, "p", "1.0.0")
	const prefix = "Could not copy package file for p-1.0.0 from package repository far: "
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for _, row := range []struct {
		rule    string
		serve   http.HandlerFunc
		sum     *string
		code    purser.Code
		message string
	}{
		{"not found", status(404), nil, purser.CodeNotFound, "Resource p-1.0.0 in package repository far does not exist."},
		{"gone", status(410), nil, purser.CodeNotFound, "Resource p-1.0.0 in package repository far does not exist."},
		{"forbidden", status(403), nil, purser.CodePlatform, prefix + "the repository answers with status 403"},
		{"broken", status(500), nil, purser.CodePlatform, prefix + "the repository answers with status 500"},
		{"nothing", status(204), nil, purser.CodePlatform, prefix + "the repository answers with status 204"},
		{"not modified, though nobody asked", status(304), nil, purser.CodePlatform, prefix + "the repository answers with status 304"},
		{
			"a wrong digest", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }, new("0123abc"), purser.CodeInvalid,
			fmt.Sprintf("The package file of p-1.0.0 in package repository far has the SHA-256 %x, its metadata says 0123abc", sha256.Sum256(data)),
		},
		{"too large, as it says", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "20000")
			_, _ = w.Write(make([]byte, 20000))
		}, nil, purser.CodeTooLarge, prefix + "it is larger than the limit"},
		{"too large, without saying so", func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			_, _ = w.Write(make([]byte, 20000))
		}, nil, purser.CodeTooLarge, prefix + "it is larger than the limit"},
		{"cut short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write(data[:100])
		}, nil, purser.CodePlatform, prefix + "the answer is cut short"},
		{
			"a redirect to itself", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, nil,
			purser.CodePlatform, prefix + "too many redirects",
		},
		{
			"a redirect to a file", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
			}, nil,
			purser.CodePlatform, prefix + "the repository does not answer as it should",
		},
		{
			"no zip", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, nil, purser.CodeInvalid,
			"The package file is not a readable zip archive",
		},
		{
			"another top folder", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive(t, "p", "2.0.0")) }, nil, purser.CodeInvalid,
			`Package is expected to be unpacked, but it doesn't exist: the package file has no folder "p-1.0.0"`,
		},
		{
			"a connection that breaks", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil, purser.CodePlatform,
			prefix + "the repository does not answer as it should",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			b, _ := MustServe(t, row.serve, func(o *packages.Options) { o.Limits.ArchiveBytes = 10_000 })
			m := b.MustIndexed(t, "p", "1.0.0", row.sum)
			_, err := b.Read(t.Context(), m)
			wantError(t, err, row.code, row.message)
			if kept, err := b.store.FindArchive(t.Context(), m.ID); kept != nil || err != nil {
				t.Errorf("%d bytes were stored, %v", len(kept), err)
			}
		})
	}
	t.Run("too slow", func(t *testing.T) {
		b, _ := MustServe(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			func(o *packages.Options) { o.FetchTimeout = 20 * time.Millisecond })
		_, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", nil))
		wantError(t, err, purser.CodePlatform, prefix+"it takes too long")
	})
	t.Run("too slow in the middle", func(t *testing.T) {
		b, _ := MustServe(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(data[:10])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, func(o *packages.Options) { o.FetchTimeout = 50 * time.Millisecond })
		_, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", nil))
		wantError(t, err, purser.CodePlatform, prefix+"it takes too long")
	})
	t.Run("a redirect from https to http", func(t *testing.T) {
		plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }))
		t.Cleanup(plain.Close)
		secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
		t.Cleanup(secure.Close)
		b := MustService(t, func(o *packages.Options) { o.Client = secure.Client() })
		b.MustAdd(t, purser.Repository{Name: "far", URL: secure.URL})
		_, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", nil))
		wantError(t, err, purser.CodePlatform, prefix+"a redirect leaves https")
	})
	t.Run("addresses and their secrets are not told", func(t *testing.T) {
		b := MustService(t)
		b.MustAdd(t, purser.Repository{Name: "far", URL: "http://user:secret@127.0.0.1:1/repo"})
		_, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", nil))
		wantError(t, err, purser.CodePlatform, prefix+"the repository does not answer as it should")
		if strings.Contains(b.log.String(), "secret") {
			t.Errorf("log: %s", b.log)
		}
	})
	for _, address := range []string{"ftp://example.org/repo", "classpath:/repo", "/repo", "", "http://[::1", "://x"} {
		t.Run("address "+address, func(t *testing.T) {
			b := MustService(t)
			b.MustAdd(t, purser.Repository{Name: "far", URL: address})
			_, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", nil))
			wantError(t, err, purser.CodeInvalid, prefix+"the address is neither http, https nor file")
		})
	}
	for _, row := range []struct{ name, version string }{{"../p", "1.0.0"}, {"p", "../../1.0.0"}, {"..", "1"}, {"a/b", "1"}, {`a\b`, "1"}, {"p", ""}} {
		t.Run("name "+row.name+" version "+row.version, func(t *testing.T) {
			b, _ := MustServe(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) })
			_, err := b.Read(t.Context(), b.MustIndexed(t, row.name, row.version, nil))
			wantError(t, err, purser.CodeInvalid, fmt.Sprintf("The package '%s', version '%s' cannot be fetched: its name or version is no file name", row.name, row.version))
		})
	}
	t.Run("a file that is a folder", func(t *testing.T) {
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, "p", "p-1.0.0.zip"), 0o750); err != nil {
			t.Fatal(err)
		}
		b := MustService(t)
		b.MustAdd(t, purser.Repository{Name: "far", URL: "file://" + root})
		_, err := b.Read(t.Context(), b.MustIndexed(t, "p", "1.0.0", nil))
		wantError(t, err, purser.CodeNotFound, "Resource p-1.0.0 in package repository far does not exist.")
	})
}
