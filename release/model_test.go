package release_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser"
	"purser/deployer/deployertest"
)

// action is one thing that clients, platform or operator do.
type action struct {
	Kind    string
	Name    string
	Package string
	Values  string // "" for none
	Force   bool
	Version int
	Count   int
	Fate    string // of what is deployed by it: healthy, crash, hang, refused
}

func actions() *rapid.Generator[[]action] {
	one := rapid.Custom(func(t *rapid.T) action {
		return action{
			Kind:    rapid.SampledFrom([]string{"install", "install by id", "upgrade", "upgrade", "upgrade", "rollback", "delete", "scale", "cancel", "settle", "restart"}).Draw(t, "kind"),
			Name:    rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name"),
			Package: rapid.SampledFrom([]string{"1.0.0", "1.0.1"}).Draw(t, "package"),
			Values:  rapid.SampledFrom([]string{"", "a=1", "a=2", "b=1"}).Draw(t, "values"),
			Force:   rapid.Bool().Draw(t, "force"),
			Version: rapid.IntRange(-1, 5).Draw(t, "version"),
			Count:   rapid.IntRange(0, 3).Draw(t, "count"),
			Fate:    rapid.SampledFrom([]string{"healthy", "healthy", "healthy", "crash", "hang", "refused"}).Draw(t, "fate"),
		}
	})
	return rapid.SliceOfN(one, 1, 40)
}

// modelVersion is a version as the model knows it.
type modelVersion struct {
	stage   purser.Stage
	content string // package version and values: what is compared
	pkg     string
	values  *string
	id      string
}

// model is what releases should be, in the fewest words that say it.
type model struct {
	versions    map[string][]modelVersion
	pending     map[string]int // key -> the version it comes from (0: none) while an upgrade hangs
	deployments map[string]int // id -> instances
	byID        map[string]bool
}

func (m *model) latest(name string, stages ...purser.Stage) int {
	for n := len(m.versions[name]); n > 0; n-- {
		if slices.Contains(stages, m.versions[name][n-1].stage) {
			return n
		}
	}
	return 0
}

func (m *model) at(name string, n int) *modelVersion { return &m.versions[name][n-1] }

func (m *model) add(name, pkg string, values *string, stage purser.Stage) *modelVersion {
	n := len(m.versions[name]) + 1
	effective := ""
	if values != nil {
		effective = *values
	}
	m.versions[name] = append(m.versions[name], modelVersion{
		stage: stage, pkg: pkg, values: values, content: pkg + " " + effective, id: fmt.Sprintf("%s.app-v%d", name, n),
	})
	return m.at(name, n)
}

// do changes the model and gives the code that the engine should answer with.
func (m *model) do(a action) purser.Code {
	_, busy := m.pending[a.Name]
	if busy && a.Kind != "cancel" && a.Kind != "settle" && a.Kind != "restart" {
		return purser.CodeBusy
	}
	switch a.Kind {
	case "install", "install by id":
		n := m.latest(a.Name, purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted)
		if a.Kind == "install" && n > 0 && m.at(a.Name, n).stage == purser.StageDeployed {
			return purser.CodeConflict
		}
		m.byID[a.Name] = m.byID[a.Name] || a.Kind == "install by id"
		return m.install(a, a.Package, optional(a.Values))
	case "upgrade":
		return m.upgrade(a, a.Package, optional(a.Values), a.Force)
	case "rollback":
		return m.rollback(a)
	case "delete":
		n := m.latest(a.Name, purser.StageDeployed)
		if n == 0 {
			return purser.CodeReleaseNotFound
		}
		m.at(a.Name, n).stage = purser.StageDeleted
		delete(m.deployments, m.at(a.Name, n).id)
	case "scale":
		n := len(m.versions[a.Name])
		if n == 0 {
			return purser.CodeReleaseNotFound
		}
		switch v := m.at(a.Name, n); v.stage {
		case purser.StageFailed:
			return purser.CodePlatform
		case purser.StageDeployed:
			m.deployments[v.id] = a.Count
		}
	case "cancel":
		if busy {
			m.fail(a.Name)
		}
	case "settle":
		for name := range m.pending {
			m.fail(name)
		}
	}
	return ""
}

func (m *model) install(a action, pkg string, values *string) purser.Code {
	if a.Fate == "refused" {
		return purser.CodePlatform
	}
	m.deployments[m.add(a.Name, pkg, values, purser.StageDeployed).id] = 1
	return ""
}

func (m *model) upgrade(a action, pkg string, values *string, force bool) purser.Code {
	n := m.latest(a.Name, purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted)
	if n == 0 {
		return purser.CodeReleaseNotFound
	}
	from, before := m.at(a.Name, n), m.at(a.Name, len(m.versions[a.Name]))
	if values != nil {
		merged, _ := lines{}.MergeValues(before.values, values)
		values = merged
	}
	content := pkg + " "
	if values != nil {
		content += *values
	}
	if content == from.content && !force {
		return purser.CodeNoDifference
	}
	count := 1
	if from.stage == purser.StageDeployed && m.deployments[from.id] > 0 {
		count = m.deployments[from.id]
	}
	v := m.add(a.Name, pkg, values, purser.StageDeploying)
	from = m.at(a.Name, n)
	switch a.Fate {
	case "refused":
		v.stage = purser.StageFailed
	case "crash":
		v.stage = purser.StageFailed
	case "hang":
		m.deployments[v.id] = count
		m.pending[a.Name] = n
	default:
		m.deployments[v.id] = count
		v.stage = purser.StageDeployed
		if from.stage == purser.StageDeployed {
			from.stage = purser.StageSuperseded
			delete(m.deployments, from.id)
		}
	}
	return ""
}

func (m *model) rollback(a action) purser.Code {
	if a.Version < 0 {
		return purser.CodeInvalid
	}
	settled := []purser.Stage{purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted}
	current := m.latest(a.Name, settled...)
	if current == 0 {
		return purser.CodeReleaseNotFound
	}
	target := a.Version
	if target == 0 {
		for n := current - 1; n > 0 && target == 0; n-- {
			if m.at(a.Name, n).stage != purser.StageFailed {
				target = n
			}
		}
	}
	if target == 0 || target > len(m.versions[a.Name]) {
		return purser.CodeReleaseNotFound
	}
	to := *m.at(a.Name, target)
	if to.stage == purser.StageFailed {
		return purser.CodeConflict
	}
	if m.at(a.Name, current).stage == purser.StageDeployed {
		return m.upgrade(a, to.pkg, to.values, false)
	}
	return m.install(a, to.pkg, to.values)
}

// fail ends an upgrade that hangs.
func (m *model) fail(name string) {
	v := m.at(name, len(m.versions[name]))
	v.stage = purser.StageFailed
	delete(m.deployments, v.id)
	delete(m.pending, name)
}

func optional(values string) *string {
	if values == "" {
		return nil
	}
	return &values
}

// apply does an action to the engine.
func (w *world) apply(t *testing.T, a action, next int) (err error) {
	id := fmt.Sprintf("%s.app-v%d", a.Name, next)
	scripts := map[string]deployertest.Script{"crash": deployertest.Crash, "hang": deployertest.Hang}
	w.platform.Script(id, deployertest.Healthy)
	if s, ok := scripts[a.Fate]; ok {
		w.platform.Script(id, s)
	}
	w.platform.Hook("deploy/before", nil)
	if a.Fate == "refused" {
		w.failAlways("deploy/before", id)
	}
	ctx := t.Context()
	switch a.Kind {
	case "install":
		_, err = w.Install(ctx, purser.InstallRequest{Key: key(a.Name), Package: demo(a.Package), Platform: "default", Values: optional(a.Values)})
	case "install by id":
		_, err = w.Install(ctx, purser.InstallRequest{Key: key(a.Name), PackageID: w.packageID(t, "demo", a.Package), Platform: "default", Values: optional(a.Values)})
	case "upgrade":
		_, err = w.Upgrade(ctx, purser.UpgradeRequest{Key: key(a.Name), Package: demo(a.Package), Values: optional(a.Values), Force: a.Force})
	case "rollback":
		_, err = w.Rollback(ctx, purser.RollbackRequest{Key: key(a.Name), Version: a.Version})
	case "delete":
		_, err = w.Delete(ctx, purser.DeleteRequest{Key: key(a.Name)})
	case "scale":
		_, err = w.Scale(ctx, scaleTo(a.Name, "app", a.Count))
	case "cancel":
		_, err = w.Cancel(ctx, key(a.Name))
	case "settle":
		time.Sleep(w.options.Timeout)
	case "restart":
		if err = w.Close(ctx); err == nil {
			w.Engine = MustStart(t, w.options)
		}
	}
	synctest.Wait()
	return err
}

// Any course of actions leaves the engine where the model is.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		course := actions().Draw(rt, "course")
		var failure string
		synctest.Test(t, func(t *testing.T) {
			w := MustWorld(t)
			m := &model{versions: map[string][]modelVersion{}, pending: map[string]int{}, deployments: map[string]int{}, byID: map[string]bool{}}
			for n, a := range course {
				next := len(m.versions[a.Name]) + 1
				want := m.do(a)
				err := w.apply(t, a, next)
				if got := purser.ErrorCode(err); got != want {
					failure = fmt.Sprintf("action %d, %+v: %q (%v), want %q", n, a, got, err, want)
				} else if d := w.differs(t, m); d != "" {
					failure = fmt.Sprintf("after action %d, %+v:\n%s", n, a, d)
				}
				if failure != "" {
					return
				}
			}
		})
		if failure != "" {
			rt.Fatal(failure)
		}
	})
}

// differs compares the store and the platform with the model, and the invariants with both.
func (w *world) differs(t *testing.T, m *model) string {
	t.Helper()
	want, got := []string{}, []string{}
	found, _, err := w.store.FindReleases(t.Context(), purser.ReleaseFilter{})
	if err != nil {
		return err.Error()
	}
	deployed := map[string]int{}
	for _, r := range found {
		got = append(got, r.Label()+" "+string(r.Stage)+" "+r.DeploymentID("app"))
		if r.Stage == purser.StageDeployed {
			deployed[r.Key.Name]++
		}
	}
	for name, versions := range m.versions {
		for n, v := range versions {
			want = append(want, fmt.Sprintf("%s v%d %s %s", name, n+1, v.stage, v.id))
		}
		if !m.byID[name] && deployed[name] > 1 {
			return name + " is deployed more than once"
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	running := map[string]int{}
	for _, id := range w.platform.Deployments() {
		statuses, err := w.platform.Status(t.Context(), id)
		if err != nil {
			return err.Error()
		}
		running[id] = len(statuses[0].Instances)
	}
	if n := w.open(t); n != len(m.pending) {
		return fmt.Sprintf("%d operations are open, want %d", n, len(m.pending))
	}
	return strings.TrimSpace(cmp.Diff(want, got) + cmp.Diff(maps.Clone(m.deployments), running))
}
