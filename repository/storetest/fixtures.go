package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
)

// noon is a time with a millisecond that is not 0.
var noon = time.Date(2026, time.March, 4, 12, 0, 0, 7*int(time.Millisecond), time.UTC)

func ptr[T any](v T) *T { return &v }

func key(name string) purser.ReleaseKey { return purser.ReleaseKey{Name: name} }

// ReleaseOf gives a version of a release with something in every field.
func ReleaseOf(name string, version int, stage purser.Stage) purser.Release {
	return purser.Release{
		Key: key(name), Version: version, Stage: stage, Revision: 3,
		Description: "Install complete", Platform: "default",
		Package:  PackageOf("log", "1.0.0"),
		Values:   ptr("log:\n  level: debug\n"),
		Manifest: fmt.Sprintf("apiVersion: x\nmetadata:\n  name: %s\n  version: %d\n", name, version),
		Applications: []purser.ReleaseApplication{
			{Name: "log", DeploymentID: fmt.Sprintf("%s.log-v%d", name, version)},
			{Name: "time", DeploymentID: fmt.Sprintf("%s.time-v%d", name, version)},
		},
		Statuses: []purser.AppStatus{{
			DeploymentID: fmt.Sprintf("%s.log-v%d", name, version), State: purser.StateDeployed,
			Instances: []purser.Instance{
				{ID: "log-0", State: purser.StateDeployed, Attributes: map[string]string{"guid": "20001", "url": "http://127.0.0.1:20001"}},
				{ID: "log-1", State: purser.StateFailed, Final: true, Attributes: map[string]string{}},
			},
		}},
		CreatedAt: noon, UpdatedAt: noon.Add(time.Minute),
	}
}

// PackageOf gives a package with something in every field.
func PackageOf(name, version string) purser.Package {
	return purser.Package{
		Metadata:  MetadataOf(name, version, 1),
		Templates: []purser.Template{{Name: "app.yml", Text: "spec:\n  version: {{version}}\n"}, {Name: "empty.yml"}},
		Values:    ptr("version: 1\n"),
		Files:     []purser.File{{Name: "manifest.yml", Bytes: []byte{0, 1, 0xff, '\n'}}},
		Dependencies: []purser.Package{
			{Metadata: purser.PackageMetadata{Name: "part", Version: version}, Templates: []purser.Template{{Name: "part.yml", Text: "x"}}},
		},
	}
}

// MetadataOf gives package metadata with something in every field but the ids.
func MetadataOf(name, version string, repositoryID int64) purser.PackageMetadata {
	return purser.PackageMetadata{
		APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: name, Version: version,
		RepositoryID: repositoryID, RepositoryName: "local",
		Origin: ptr("origin"), DisplayName: ptr("display name"), PackageSourceURL: ptr("https://example.org/source"),
		PackageHomeURL: ptr("https://example.org/home"), Tags: ptr("a, b"), Maintainer: ptr("somebody"),
		Description: ptr("The " + name + " package"), SHA256: ptr("abc"), IconURL: ptr("https://example.org/icon"),
	}
}

// OperationOf gives an open operation with something in every field, owned by nobody.
func OperationOf(name string) purser.Operation {
	return purser.Operation{
		Key: key(name), Kind: purser.OperationUpgrade, Phase: purser.PhaseWait, From: 1, To: 2,
		Deploy: []string{"log", "time"}, Remove: []string{name + ".log-v1"},
		Scale:   []purser.ScaleRequest{{DeploymentID: name + ".log-v2", Count: 3, Properties: map[string]string{"a": "b"}}},
		Timeout: 90*time.Second + 5*time.Microsecond, Deadline: noon.Add(time.Hour), CancelRequested: noon.Add(time.Minute),
		RequestedBy: "somebody", FailureReason: "none yet", Message: "waiting", StartedAt: noon,
	}
}

// MustUpdate runs f in a write transaction.
func MustUpdate(tb testing.TB, s purser.Store, f func(ctx context.Context, tx purser.Tx) error) {
	tb.Helper()
	if err := s.Update(tb.Context(), func(tx purser.Tx) error { return f(tb.Context(), tx) }); err != nil {
		tb.Fatalf("Update: %v", err)
	}
}

// MustCreateReleases stores release versions and gives them with their ids.
func MustCreateReleases(tb testing.TB, s purser.Store, releases ...purser.Release) []purser.Release {
	tb.Helper()
	MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) error {
		for i := range releases {
			if err := tx.CreateRelease(ctx, &releases[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return releases
}

// MustCreatePackage stores a package and gives its metadata with the id.
func MustCreatePackage(tb testing.TB, s purser.Store, m purser.PackageMetadata, archive []byte) purser.PackageMetadata {
	tb.Helper()
	MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreatePackage(ctx, &m, archive) })
	return m
}

// MustCreateOperation stores an operation and gives it with its id.
func MustCreateOperation(tb testing.TB, s purser.Store, o purser.Operation) purser.Operation {
	tb.Helper()
	MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateOperation(ctx, &o) })
	return o
}

// update runs f in a write transaction and gives its error.
func update(t *testing.T, s purser.Store, f func(ctx context.Context, tx purser.Tx) error) error {
	t.Helper()
	return s.Update(t.Context(), func(tx purser.Tx) error { return f(t.Context(), tx) })
}

// mustFindRelease gives a version that has to be there.
func mustFindRelease(tb testing.TB, s purser.Reader, name string, version int) purser.Release {
	tb.Helper()
	r, err := s.FindRelease(tb.Context(), key(name), version)
	if err != nil {
		tb.Fatalf("FindRelease(%s, %d): %v", name, version, err)
	}
	return r
}

// same fails the test when two values differ, nil and empty included.
func same(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// refused fails the test unless err has that code.
func refused(tb testing.TB, err error, code purser.Code) {
	tb.Helper()
	if err == nil {
		tb.Errorf("no error, want one with code %s", code)
		return
	}
	if _, ok := errors.AsType[*purser.Error](err); !ok {
		tb.Errorf("error %v has no code, want %s", err, code)
		return
	}
	if got := purser.ErrorCode(err); got != code {
		tb.Errorf("error %v has code %s, want %s", err, got, code)
	}
}

// says fails the test unless the text of err that clients see is this one.
func says(tb testing.TB, err error, text string) {
	tb.Helper()
	if got := purser.ErrorMessage(err); got != text {
		tb.Errorf("message %q, want %q", got, text)
	}
}
