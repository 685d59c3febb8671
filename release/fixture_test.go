package release_test

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
	"purser/repository/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is one server on a store and a platform in memory.
type world struct {
	*release.Engine
	store    purser.Store
	platform *deployertest.Fake
	packages *shelf
	events   *recorder
	options  release.Options
}

// MustWorld starts an engine with the packages demo (application app) 1.0.0, 1.0.1 and 2.0.0, and duo (one, two) 1.0.0 and
// 1.1.0 (one, two, three).
func MustWorld(tb testing.TB, change ...func(*release.Options)) *world {
	tb.Helper()
	w := &world{store: memory.New(), platform: deployertest.NewFake("default"), packages: &shelf{content: map[int64]string{}}, events: &recorder{}}
	err := w.store.Update(tb.Context(), func(tx purser.Tx) error {
		local := purser.Repository{Name: "local", Local: true}
		remote := purser.Repository{Name: "remote", URL: "http://example.org"}
		for _, r := range []*purser.Repository{&local, &remote} {
			if err := tx.CreateRepository(tb.Context(), r); err != nil {
				return err
			}
		}
		for _, p := range []struct {
			name, version, apps string
			repository          purser.Repository
		}{
			{"demo", "1.0.0", "app", local},
			{"demo", "1.0.1", "app", local},
			{"demo", "2.0.0", "app", local},
			{"duo", "1.0.0", "one two", local},
			{"duo", "1.1.0", "one two three", local},
			{"far", "1.0.0", "app", remote},
			{"bare", "1.0.0", "", local},
		} {
			m := purser.PackageMetadata{
				APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata",
				Name: p.name, Version: p.version, RepositoryID: p.repository.ID, RepositoryName: p.repository.Name,
			}
			if err := tx.CreatePackage(tb.Context(), &m, []byte(p.apps)); err != nil {
				return err
			}
			w.packages.content[m.ID] = p.apps
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	w.options = release.Options{
		Store: w.store, Platforms: purser.Platforms{"default": w.platform}, Packages: w.packages, Renderer: lines{},
		Publisher: w.events, Owner: "server", FailFast: true, Timeout: time.Minute,
	}
	for _, c := range change {
		c(&w.options)
	}
	w.Engine = MustStart(tb, w.options)
	tb.Cleanup(func() { _ = w.platform.Close() })
	return w
}

// MustStart starts an engine that is closed at the end of the test.
func MustStart(tb testing.TB, o release.Options) *release.Engine {
	tb.Helper()
	e := release.New(o)
	if err := e.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Close(context.WithoutCancel(tb.Context())); err != nil {
			tb.Error(err)
		}
	})
	return e
}

func key(name string) purser.ReleaseKey { return purser.ReleaseKey{Name: name} }

func demo(version string) purser.PackageIdentifier {
	return purser.PackageIdentifier{Name: "demo", Version: version}
}

func duo(version string) purser.PackageIdentifier {
	return purser.PackageIdentifier{Name: "duo", Version: version}
}

func text(s string) *string { return &s }

func seconds(n int) *time.Duration {
	d := time.Duration(n) * time.Second
	return &d
}

func (w *world) MustInstall(tb testing.TB, name string, p purser.PackageIdentifier, values ...string) purser.Release {
	tb.Helper()
	r := purser.InstallRequest{Key: key(name), Package: p, Platform: "default"}
	if len(values) > 0 {
		r.Values = &values[0]
	}
	v, err := w.Install(tb.Context(), r)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func (w *world) MustUpgrade(tb testing.TB, r purser.UpgradeRequest) purser.Release {
	tb.Helper()
	v, err := w.Upgrade(tb.Context(), r)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// version gives a stored version as "stage description".
func (w *world) version(tb testing.TB, name string, version int) string {
	tb.Helper()
	r, err := w.store.FindRelease(tb.Context(), key(name), version)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %s", r.Stage, r.Description)
}

// open counts the open operations.
func (w *world) open(tb testing.TB) int {
	tb.Helper()
	_, n, err := w.store.FindOperations(tb.Context(), purser.OperationFilter{Open: true})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// settle waits until the key has no open operation.
func (w *world) settle(tb testing.TB, name string) {
	tb.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		if _, err := w.store.FindOperation(tb.Context(), key(name)); purser.ErrorCode(err) == purser.CodeNotFound {
			return
		}
	}
	tb.Fatalf("%s does not settle", name)
}

// inBubble runs a test on fake time, with the world closed before it ends.
func inBubble(t *testing.T, f func(t *testing.T)) { t.Helper(); synctest.Test(t, f) }

// lines is a renderer of a small language. A package's template names its applications; values are "k=v,k=v", a key may
// begin with "<app>.". The manifest has a line for each application: name|resource|version|k=v,k=v|count.
type lines struct{}

func (lines) Render(r purser.RenderRequest) (string, error) {
	values, err := parseValues(r.Values)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, app := range strings.Fields(r.Package.Templates[0].Text) {
		own := map[string]string{}
		for k, v := range values {
			if prefix, rest, dotted := strings.Cut(k, "."); !dotted {
				own[k] = v
			} else if prefix == app {
				own[rest] = v
			}
		}
		count := own["count"]
		delete(own, "count")
		if n, ok := r.Counts[app]; ok {
			count = fmt.Sprint(n)
		}
		version := r.Package.Metadata.Version
		if r.Package.Metadata.Name == "duo" {
			version = "1.0.0"
		}
		fmt.Fprintf(&b, "%s|file:/%s|%s|%s|%s\n", app, r.Package.Metadata.Name, version, dumpValues(own), count)
	}
	return b.String(), nil
}

func (lines) MergeValues(base, override *string) (*string, error) {
	if override == nil || *override == "" {
		return nil, nil
	}
	a, err := parseValues(base)
	if err != nil {
		return nil, err
	}
	b, err := parseValues(override)
	if err != nil {
		return nil, err
	}
	maps.Copy(a, b)
	dump := dumpValues(a)
	return &dump, nil
}

func (lines) Applications(manifest string) ([]purser.AppSpec, error) {
	var apps []purser.AppSpec
	for line := range strings.Lines(manifest) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		properties, err := parseValues(&f[3])
		if err != nil {
			return nil, err
		}
		app := purser.AppSpec{
			Kind: "SpringCloudDeployerApplication", Name: f[0], Resource: f[1], Version: f[2],
			Properties: properties, DeploymentProperties: map[string]string{},
		}
		if f[4] != "" {
			app.DeploymentProperties["spring.cloud.deployer.count"] = f[4]
		}
		if group := properties["group"]; group != "" {
			app.DeploymentProperties["spring.cloud.deployer.group"] = group
			app.DeploymentProperties["spring.cloud.deployer.appName"] = "not this"
		}
		if properties["resource"] == "none" {
			app.Resource = ""
		}
		apps = append(apps, app)
	}
	return apps, nil
}

func (l lines) Compare(existing, replacing purser.Release) (purser.Difference, error) {
	var d purser.Difference
	if existing.Manifest != "" && existing.Package.Metadata.Name != replacing.Package.Metadata.Name {
		return d, purser.Errorf(purser.CodeConflict, "Can not yet compare existing package and to be released packages with different sizes.")
	}
	side := func(manifest string) map[string]string {
		apps := map[string]string{}
		for line := range strings.Lines(manifest) {
			name, _, _ := strings.Cut(line, "|")
			apps[name] = line[:strings.LastIndex(line, "|")]
		}
		return apps
	}
	a, b := side(existing.Manifest), side(replacing.Manifest)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if other, ok := b[name]; !ok {
			d.Apps = append(d.Apps, purser.AppDifference{Name: name, Removed: true})
		} else if other != a[name] {
			d.Apps = append(d.Apps, purser.AppDifference{Name: name})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[name]; !ok {
			d.Apps = append(d.Apps, purser.AppDifference{Name: name, Added: true})
		}
	}
	return d, nil
}

func parseValues(values *string) (map[string]string, error) {
	m := map[string]string{}
	if values == nil {
		return m, nil
	}
	for part := range strings.SplitSeq(*values, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		k, v, ok := strings.Cut(part, "=")
		if !ok {
			return nil, purser.Errorf(purser.CodeInvalid, "values: '%s' is no pair", part)
		}
		m[k] = v
	}
	return m, nil
}

func dumpValues(m map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, k+"="+m[k])
	}
	return strings.Join(parts, ",")
}

var (
	_ purser.Renderer      = lines{}
	_ purser.PackageReader = (*shelf)(nil)
)

// ctx is for goroutines that may outlast their test's context by a moment.
func (w *world) ctx() context.Context { return context.Background() }

// countDeploys tells by +1 and -1 when a deploy begins and ends.
func (w *world) countDeploys(count func(by int32)) {
	w.platform.Hook("deploy/before", func(context.Context, string) error {
		count(1)
		runtime.Gosched()
		return nil
	})
	w.platform.Hook("deploy/after", func(context.Context, string) error {
		count(-1)
		return nil
	})
}
