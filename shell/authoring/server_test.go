package authoring_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"purser"
	"purser/packages"
	"purser/repository/memory"
	"purser/shell/authoring"
	"purser/templates"
)

// MustService is the part of a server that takes packages.
func MustService(tb *rapid.T) (*packages.Service, func()) {
	store := memory.New()
	s := packages.New(packages.Options{Store: store, Log: slog.New(slog.DiscardHandler)})
	if err := s.AddRepositories(tb.Context(), []purser.Repository{{Name: "local", URL: "http://localhost", Local: true}}); err != nil {
		tb.Fatal(err)
	}
	return s, func() {
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	}
}

// TestLintKnowsWhatTheServerRefuses packs folders with many kinds of faults and compares what lint says with what a
// server does: upload, rendering, reading of the manifest.
func TestLintKnowsWhatTheServerRefuses(t *testing.T) {
	lines := rapid.SampledFrom([]string{
		"a: b\n", "name: demo\n", "metadata:\n", "  name: x\n", "spec:\n", "  resource: maven://a:b\n", "  resource: \n", "  version: 1.10\n",
		"kind: SpringCloudDeployerApplication\n", "kind: CloudFoundryApplication\n", "kind: Other\n", "---\n", "- a\n", "1: 2\n", "x: [\n",
		"{{#spec}}\n", "{{/spec}}\n", "{{name}}: y\n", "{{missing}}\n", "{{>p}}\n", "  applicationProperties: {x: {y: z}}\n", "log: text\n", "log:\n",
	})
	text := rapid.Custom(func(t *rapid.T) string {
		out := ""
		for _, l := range rapid.SliceOfN(lines, 0, 4).Draw(t, "lines") {
			out += l
		}
		return out
	})
	one := rapid.SampledFrom([]string{
		"values.yml", "templates/demo.yml", "templates/two.yml", "templates/odd.YML", "packages/log/values.yml", "packages/log/templates/log.yml",
		"packages/log/package.yml", "packages/stray",
	})
	head := rapid.SampledFrom([]string{
		metadata, metadata, metadata, metadata + "tags: [a]\n", metadata + "kind: ''\n", "name: demo\nversion: 1.0.0\n",
		"apiVersion: 1\nkind: x\nname: demo\nversion: '1.0'\n",
	})
	rapid.Check(t, func(t *rapid.T) {
		f := demo().with(files{"package.yml": head.Draw(t, "metadata")})
		if rapid.Bool().Draw(t, "parent") {
			f = parent()
		}
		for _, name := range rapid.SliceOfN(one, 0, 3).Draw(t, "names") {
			f[name] = text.Draw(t, name)
		}
		dir, err := os.MkdirTemp("", "lint")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		for name, text := range f {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		findings, err := authoring.Lint(dir, authoring.LintOptions{})
		if err != nil {
			t.Fatal(err)
		}
		failures, _ := authoring.Count(findings)
		refusal := install(t, dir)
		if (failures > 0) != (refusal != nil) {
			t.Fatalf("lint finds %v, the server says %v", findings, refusal)
		}
		for _, f := range findings {
			if f.File == dir && !nothingToDeploy(f) {
				t.Errorf("it has no place: %v", f)
			}
		}
	})
}

func nothingToDeploy(f authoring.Finding) bool {
	return f.Message == "the package deploys nothing: it has no template that renders to an application"
}

// install packs a folder and does with it what a server does at the upload and at the install.
func install(t *rapid.T, dir string) error {
	source, err := authoring.Open(dir)
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	if _, err := source.WriteTo(&archive); err != nil {
		t.Fatal(err)
	}
	service, closeAll := MustService(t)
	defer closeAll()
	m, err := service.Upload(t.Context(), purser.UploadRequest{
		Repository: new("local"), Name: &source.Name, Version: &source.Version, Extension: new("zip"), Archive: archive.Bytes(),
	})
	if err != nil {
		return err
	}
	pkg, err := service.Read(t.Context(), m)
	if err != nil {
		return err
	}
	renderer := templates.New()
	manifest, err := renderer.Render(purser.RenderRequest{Package: pkg})
	if err != nil {
		return err
	}
	_, err = renderer.Applications(manifest)
	return err
}
