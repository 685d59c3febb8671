package skipper_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/api/hal"
	"purser/api/skipper"
)

var update = flag.Bool("update", false, "write the golden files anew")

func text(s string) *string { return &s }

func sample() purser.Release {
	metadata := purser.PackageMetadata{
		ID: 7, Revision: 3, APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: "demo", Version: "1.0.0",
		RepositoryID: 1, RepositoryName: "local", Origin: text("origin"), Tags: text("web, demo"), Description: text("says <hello>"),
	}
	nested := purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "one", Version: "1.0.0", DisplayName: text("")}
	return purser.Release{
		ID: 9, Key: purser.ReleaseKey{Name: "hello"}, Version: 2, Stage: purser.StageDeployed, Revision: 1,
		Description: "Install complete", Platform: "default", Manifest: "\"a\": \"b\"\n", Values: text("a: c\n"),
		Package: purser.Package{
			Metadata:     metadata,
			Templates:    []purser.Template{{Name: "demo.yml", Text: "a: {{b}}\n"}},
			Values:       text("b: c\n"),
			Dependencies: []purser.Package{{Metadata: nested}},
			Files:        []purser.File{{Name: "manifest.yml", Bytes: []byte("x: y\n")}},
		},
		Applications: []purser.ReleaseApplication{{Name: "demo", DeploymentID: "hello.demo-v2"}},
		Statuses: []purser.AppStatus{
			{DeploymentID: "hello.demo-v2", State: purser.StateDeployed, Instances: []purser.Instance{{
				ID: "hello.demo-v2-0", State: purser.StateDeployed, Reason: "not for the wire",
				Attributes: map[string]string{"url": "http://10.0.0.1:20000", "guid": "hello.demo-v2-0", "port": "20000"},
			}}},
			{DeploymentID: "hello.gone-v1", State: purser.StateUnknown},
		},
		CreatedAt: time.Date(2026, 11, 22, 12, 29, 6, 491e6, time.FixedZone("CET", 3600)),
		UpdatedAt: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
	}
}

func TestGolden(t *testing.T) {
	deleted := sample()
	deleted.Stage, deleted.Statuses, deleted.Values = purser.StageSuperseded, nil, nil
	for name, fields := range map[string]hal.Fields{
		"release.json":          skipper.Release(sample()),
		"release_deleted.json":  skipper.Release(deleted),
		"info.json":             skipper.Info(sample()),
		"manifest.json":         skipper.Manifest(sample().Manifest),
		"package_metadata.json": skipper.PackageMetadata(sample().Package.Metadata),
	} {
		t.Run(name, func(t *testing.T) {
			got := string(hal.Append(nil, hal.Pretty, fields))
			file := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlatformStatusIsATextThatHoldsJSON(t *testing.T) {
	var info struct {
		Status struct{ PlatformStatus *string }
	}
	if err := json.Unmarshal(hal.Append(nil, hal.Compact, skipper.Info(sample())), &info); err != nil {
		t.Fatal(err)
	}
	want := `[{"deploymentId":"hello.demo-v2","instances":{"hello.demo-v2-0":{"id":"hello.demo-v2-0","state":"deployed",` +
		`"attributes":{"guid":"hello.demo-v2-0","port":"20000","url":"http://10.0.0.1:20000"}}},"state":"deployed"},` +
		`{"deploymentId":"hello.gone-v1","instances":{},"state":"unknown"}]`
	if got := *info.Status.PlatformStatus; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestInfosAreSortedByName(t *testing.T) {
	infos := skipper.Infos{"b": sample(), "a": sample()}
	first := string(hal.Append(nil, hal.Compact, infos))
	for range 10 {
		if again := string(hal.Append(nil, hal.Compact, infos)); again != first {
			t.Fatal("the order changes")
		}
	}
	if first[:5] != `{"a":` {
		t.Errorf("got %s", first)
	}
}

func BenchmarkRelease(b *testing.B) {
	release := sample()
	w := hal.NewWriter(hal.Pretty, nil)
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(hal.Pretty)
		w.BeginObject()
		skipper.Release(release).AppendFields(w)
		w.EndObject()
	}
	b.SetBytes(int64(len(w.Bytes())))
}
