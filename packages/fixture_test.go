package packages_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"purser"
	"purser/packages"
	"purser/repository/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// entry is one entry of an archive, written as no well-behaved tool would if need be.
type entry struct {
	name   string
	text   string
	mode   fs.FileMode
	flags  uint16
	stored bool
	raw    *zip.FileHeader // with it, text is written as it is, under this header
}

func MustZip(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		head := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Flags: e.flags}
		if e.stored {
			head.Method = zip.Store
		}
		if e.mode != 0 {
			head.SetMode(e.mode)
		}
		create := w.CreateHeader
		if e.raw != nil {
			head, create = e.raw, w.CreateRaw
			head.Name = e.name
		}
		f, err := create(head)
		if err != nil {
			tb.Fatal(err)
		}
		if !strings.HasSuffix(e.name, "/") {
			if _, err := f.Write([]byte(e.text)); err != nil {
				tb.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// MustZipFiles puts files below a top folder, in the order of their names; with no top they stay where they are.
func MustZipFiles(tb testing.TB, top string, files map[string]string) []byte {
	tb.Helper()
	if top != "" {
		top += "/"
	}
	var entries []entry
	for _, name := range slices.Sorted(maps.Keys(files)) {
		entries = append(entries, entry{name: top + name, text: files[name]})
	}
	return MustZip(tb, entries...)
}

// metadata is the text of a package.yml.
func metadata(name, version string, more ...string) string {
	return "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: " + name + "\nversion: " + version + "\n" + strings.Join(more, "")
}

// archive is a small whole package.
func archive(tb testing.TB, name, version string) []byte {
	tb.Helper()
	return MustZipFiles(tb, name+"-"+version, map[string]string{
		"package.yml": metadata(name, version), "values.yml": "greeting: hello\n", "templates/app.yml": "kind: SpringCloudDeployerApplication\n",
	})
}

// bench is a service on a store of its own.
type bench struct {
	*packages.Service
	store purser.Store
	log   *bytes.Buffer // guarded by the handler; read it when nothing runs
}

// arrival is when all packages come.
var arrival = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

type still struct{}

func (still) Now() time.Time { return arrival }

func MustService(tb testing.TB, change ...func(*packages.Options)) bench {
	tb.Helper()
	store, log := memory.New(), &bytes.Buffer{}
	options := packages.Options{Store: store, Log: slog.New(slog.NewTextHandler(log, nil)), Clock: still{}}
	for _, c := range change {
		c(&options)
	}
	b := bench{Service: packages.New(options), store: store, log: log}
	tb.Cleanup(func() {
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	})
	b.MustAdd(tb, purser.Repository{Name: "local", URL: "http://localhost:7577", Local: true, Order: 1})
	return b
}

// MustAdd stores repositories.
func (b bench) MustAdd(tb testing.TB, repositories ...purser.Repository) {
	tb.Helper()
	if err := b.AddRepositories(tb.Context(), repositories); err != nil {
		tb.Fatal(err)
	}
}

// MustRepository gives a stored repository.
func (b bench) MustRepository(tb testing.TB, name string) purser.Repository {
	tb.Helper()
	found, _, err := b.store.FindRepositories(context.Background(), purser.RepositoryFilter{Name: name})
	if err != nil || len(found) != 1 {
		tb.Fatalf("repository %s: %v, %v", name, found, err)
	}
	return found[0]
}

// MustUpload uploads a small package.
func (b bench) MustUpload(tb testing.TB, name, version string) purser.PackageMetadata {
	tb.Helper()
	m, err := b.Upload(tb.Context(), request(name, version, archive(tb, name, version)))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// MustCreate stores metadata as it is.
func (b bench) MustCreate(tb testing.TB, m purser.PackageMetadata, archive []byte) purser.PackageMetadata {
	tb.Helper()
	err := b.store.Update(tb.Context(), func(tx purser.Tx) error { return tx.CreatePackage(tb.Context(), &m, archive) })
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// MustRelease stores a version of a release that uses a package.
func (b bench) MustRelease(tb testing.TB, key purser.ReleaseKey, version int, stage purser.Stage, m purser.PackageMetadata) {
	tb.Helper()
	r := purser.Release{Key: key, Version: version, Stage: stage, Platform: "default", Package: purser.Package{Metadata: m}}
	err := b.store.Update(tb.Context(), func(tx purser.Tx) error { return tx.CreateRelease(tb.Context(), &r) })
	if err != nil {
		tb.Fatal(err)
	}
}

// request is an upload without any fault.
func request(name, version string, archive []byte) purser.UploadRequest {
	return purser.UploadRequest{Repository: new("local"), Name: &name, Version: &version, Extension: new("zip"), Archive: archive}
}

// wantError compares code and whole message.
func wantError(tb testing.TB, err error, code purser.Code, message string) {
	tb.Helper()
	if purser.ErrorCode(err) != code {
		tb.Errorf("got code %q (%v), want %q", purser.ErrorCode(err), err, code)
	}
	if err != nil && purser.ErrorMessage(err) != message {
		tb.Errorf("got message\n\t%s\nwant\n\t%s", purser.ErrorMessage(err), message)
	}
}
