package release_test

import (
	"fmt"
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

func courses() *rapid.Generator[[]action] {
	one := rapid.Custom(func(t *rapid.T) action {
		return action{
			Kind:    rapid.SampledFrom([]string{"install", "install by id", "upgrade", "upgrade", "upgrade", "rollback", "delete", "scale", "cancel", "settle", "restart"}).Draw(t, "kind"),
			Name:    rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name"),
			Package: rapid.SampledFrom([]string{"1.0.0", "1.1.0"}).Draw(t, "package"),
			Values:  rapid.SampledFrom([]string{"", "one.a=1", "two.a=1", "two.a=2", "b=1"}).Draw(t, "values"),
			Force:   rapid.Bool().Draw(t, "force"),
			Apps:    rapid.SampledFrom([][]string{nil, {"one"}, {"two", "none"}}).Draw(t, "apps"),
			Version: rapid.IntRange(-1, 5).Draw(t, "version"),
			App:     rapid.SampledFrom([]string{"one", "two", "none"}).Draw(t, "app"),
			Count:   rapid.IntRange(0, 3).Draw(t, "count"),
			Fate:    rapid.SampledFrom([]string{"healthy", "healthy", "healthy", "crash", "hang", "refused"}).Draw(t, "fate"),
		}
	})
	return rapid.SliceOfN(one, 1, 40)
}

// Any course of actions leaves the engine where the model is: the same answers, the same versions in the same stages, the
// same instances on the platform.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		course := courses().Draw(rt, "course")
		var failure string
		synctest.Test(t, func(t *testing.T) {
			w, m := MustWorld(t), newModel()
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

// apply does an action to the engine and waits until nothing moves.
func (w *world) apply(t *testing.T, a action, next int) (err error) {
	id := fmt.Sprintf("%s.two-v%d", a.Name, next)
	w.platform.Script(id, map[string]deployertest.Script{
		"crash": deployertest.Crash, "hang": deployertest.Hang, "healthy": deployertest.Healthy, "refused": deployertest.Healthy,
	}[a.Fate])
	w.platform.Hook("deploy/before", nil)
	if a.Fate == "refused" {
		w.failAlways("deploy/before", id)
	}
	ctx := t.Context()
	switch a.Kind {
	case "install":
		_, err = w.Install(ctx, purser.InstallRequest{Key: key(a.Name), Package: duo(a.Package), Platform: "default", Values: optional(a.Values)})
	case "install by id":
		_, err = w.Install(ctx, purser.InstallRequest{Key: key(a.Name), PackageID: w.packageID(t, "duo", a.Package), Platform: "default", Values: optional(a.Values)})
	case "upgrade":
		_, err = w.Upgrade(ctx, purser.UpgradeRequest{Key: key(a.Name), Package: duo(a.Package), Values: optional(a.Values), Force: a.Force, Apps: a.Apps})
	case "rollback":
		_, err = w.Rollback(ctx, purser.RollbackRequest{Key: key(a.Name), Version: a.Version})
	case "delete":
		_, err = w.Delete(ctx, purser.DeleteRequest{Key: key(a.Name)})
	case "scale":
		_, err = w.Scale(ctx, scaleTo(a.Name, a.App, a.Count))
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

// differs compares the store and the platform with the model, and both with what must always hold.
func (w *world) differs(t *testing.T, m *model) string {
	t.Helper()
	found, _, err := w.store.FindReleases(t.Context(), purser.ReleaseFilter{})
	if err != nil {
		return err.Error()
	}
	rows, deployed := []string{}, map[string]int{}
	for _, r := range found {
		ids := r.DeploymentIDs()
		slices.Sort(ids)
		rows = append(rows, fmt.Sprintf("%s %s %v", r.Label(), r.Stage, ids))
		if r.Stage == purser.StageDeployed {
			deployed[r.Key.Name]++
		}
	}
	slices.Sort(rows)
	for name, n := range deployed {
		if !m.byID[name] && n > 1 {
			return name + " is deployed more than once"
		}
	}
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
	return strings.TrimSpace(cmp.Diff(m.rows(), rows) + cmp.Diff(m.running(), running) + w.logDiffers(t))
}
