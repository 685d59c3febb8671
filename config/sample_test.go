package config

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestSample(t *testing.T) {
	if *update {
		if err := os.WriteFile("sample.yml", []byte(Sample()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("sample.yml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Sample(), string(text)); diff != "" {
		t.Error("sample.yml is not what the table says, run go test ./config -update: " + diff)
	}
}

// uncommented is the sample with every setting switched on.
func uncommented(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile("sample.yml")
	if err != nil {
		tb.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "##") {
			line = strings.TrimPrefix(line, "#")
		}
		b.WriteString(line)
	}
	return b.String()
}

func TestSampleLoads(t *testing.T) {
	c, report := MustLoad(t, map[string]string{"purser.yml": uncommented(t)})
	if len(report.Warnings) > 0 {
		t.Error(strings.Join(report.Warnings, "\n"))
	}
	plain, _ := MustLoad(t, nil)
	for _, part := range []struct {
		name      string
		got, want any
	}{
		{"limits", c.Limits, plain.Limits},
		{"store", c.Store, plain.Store},
		{"health", c.Health, plain.Health},
		{"version info", c.VersionInfo, plain.VersionInfo},
		{"options", c.Options, plain.Options},
	} {
		if diff := cmp.Diff(part.want, part.got); diff != "" {
			t.Errorf("the sample has other %s than the defaults: %s", part.name, diff)
		}
	}
}

func TestSampleHasEveryKey(t *testing.T) {
	documents, err := readYAML("sample.yml", []byte(uncommented(t)))
	if err != nil || len(documents) != 1 {
		t.Fatal(err)
	}
	for _, key := range Known() {
		if documents[0].find(strings.Split(sampleName(key.Name), ".")...) == nil {
			t.Errorf("the sample lacks %s", key.Name)
		}
		if key.Text == "" {
			t.Errorf("%s is not explained", key.Name)
		}
	}
}
