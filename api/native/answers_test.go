package native_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func TestAnswers(t *testing.T) {
	empty := samplePreview()
	empty.Difference, empty.Applications, empty.Release.Values = purser.Difference{}, nil, nil
	const installBody = `{"packageIdentifier":{"packageName":"demo"},"installProperties":{"releaseName":"web","platformName":"default"}}`
	for _, row := range []struct {
		golden string
		do     string
		body   string
		with   func(s *site)
		got    any
	}{
		{"index", "GET /api/purser", "", nil, nil},
		{
			"preview", "POST /api/purser/preview/upgrade",
			`{"packageIdentifier":{"packageName":"demo","packageVersion":"1.0.1"},"upgradeProperties":{"releaseName":"web","configValues":{"raw":"a: b"}},"timeout":5000,"force":true,"appNames":["x"]}`,
			func(s *site) { s.engine.preview = samplePreview() },
			purser.UpgradeRequest{
				Key: purser.ReleaseKey{Name: "web"}, Package: purser.PackageIdentifier{Name: "demo", Version: "1.0.1"}, Values: text("a: b"),
				Timeout: seconds(5), Force: true, Apps: []string{"x"},
			},
		},
		{
			"preview_empty", "POST /api/purser/preview/rollback", `{"releaseName":"web","version":2}`,
			func(s *site) { s.engine.preview = empty },
			purser.RollbackRequest{Key: purser.ReleaseKey{Name: "web"}, Version: 2},
		},
		{
			"preview", "POST /api/purser/preview/install", installBody,
			func(s *site) { s.engine.preview = samplePreview() },
			purser.InstallRequest{Key: purser.ReleaseKey{Name: "web"}, Package: purser.PackageIdentifier{Name: "demo"}, Platform: "default"},
		},
		{
			"difference", "GET /api/purser/releases/web/difference?from=1&to=2", "",
			func(s *site) {
				s.engine.difference = purser.VersionDifference{From: 1, To: 2, Difference: sampleDifference()}
			},
			compared{purser.ReleaseKey{Name: "web"}, 1, 2},
		},
		{
			"difference_none", "GET /api/purser/releases/web/difference?from=&to=", "",
			func(s *site) { s.engine.difference = purser.VersionDifference{To: 1} },
			compared{purser.ReleaseKey{Name: "web"}, 0, 0},
		},
		{
			"logs", "GET /api/purser/releases/web/logs?app=demo&lines=2&follow=false", "",
			func(s *site) {
				s.engine.logs = purser.Logs{Version: 2, Lines: []purser.LogLine{
					{Application: "demo", DeploymentID: "web.demo-v2", Instance: "web.demo-v2-0", Stream: purser.LogStderr, Text: "a\n\"b\""},
				}}
			},
			purser.LogRequest{Key: purser.ReleaseKey{Name: "web"}, App: "demo", Lines: 2},
		},
		{
			"logs_none", "GET /api/purser/releases/web/logs", "", nil,
			purser.LogRequest{Key: purser.ReleaseKey{Name: "web"}, Lines: 100},
		},
		{
			"package", "GET /api/purser/packages/7", "",
			func(s *site) { s.rest.details = sampleDetails() }, int64(7),
		},
		{
			"operations", "GET /api/purser/operations?name=web&open=true&page=1&size=2&other=x", "",
			func(s *site) { s.rest.operations, s.rest.total = sampleOperations(), 6 },
			purser.OperationFilter{
				Key: &purser.ReleaseKey{Name: "web"}, Space: text(""), Open: true, Newest: true, Page: purser.Page{Offset: 2, Limit: 2},
			},
		},
		{
			"operations_none", "GET /api/purser/operations", "", nil,
			purser.OperationFilter{Space: text(""), Newest: true, Page: purser.Page{Limit: 20}},
		},
		{
			"operations_beyond", "GET /api/purser/operations?page=9&size=1000", "",
			func(s *site) { s.rest.total = 1001 },
			purser.OperationFilter{Space: text(""), Newest: true, Page: purser.Page{Offset: 9000, Limit: 1000}},
		},
	} {
		t.Run(row.do, func(t *testing.T) {
			s := newSite()
			if row.with != nil {
				row.with(s)
			}
			w := s.ask(row.do, row.body)
			if w.Code != 200 || w.Header().Get("Content-Type") != "application/hal+json" {
				t.Fatalf("%d %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			checkGolden(t, row.golden+".json", w.Body.String())
			got := s.engine.got
			if got == nil {
				got = s.rest.got
			}
			if diff := cmp.Diff(row.got, got); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

func seconds(n int) *time.Duration {
	d := time.Duration(n) * time.Second
	return &d
}

func sampleDetails() purser.PackageDetails {
	nested := purser.PackageDetails{Package: purser.Package{
		Metadata: purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "one", Version: "1.0.0"}, Values: text(""),
	}}
	return purser.PackageDetails{
		Package: purser.Package{
			Metadata: purser.PackageMetadata{
				ID: 7, APIVersion: "v1", Kind: "k", Name: "demo", Version: "1.0.0", RepositoryID: 1, RepositoryName: "local", Tags: text("a, b"),
			},
			Templates: []purser.Template{{Name: "demo.yml", Text: "a: {{b}}\n"}},
			Files:     []purser.File{{Name: "manifest.yml", Bytes: []byte("x")}},
		},
		Readme: text("# Demo\n"), Nested: []purser.PackageDetails{nested},
	}
}

func sampleOperations() []purser.Operation {
	key := purser.ReleaseKey{Name: "web"}
	return []purser.Operation{
		{
			ID: 4, Key: key, Kind: purser.OperationUpgrade, Phase: purser.PhaseWait, Rollback: true, From: 1, To: 2,
			StartedAt: noon, Deadline: noon.Add(time.Minute), CancelRequested: noon.Add(time.Second), RequestedBy: "me", Owner: "not for the wire",
		},
		{
			ID: 3, Key: key, Kind: purser.OperationInstall, Phase: purser.PhaseDone, Outcome: purser.OutcomeFailed, To: 1,
			StartedAt: noon, FinishedAt: noon.Add(time.Hour), Message: "it did not start",
		},
	}
}

func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
