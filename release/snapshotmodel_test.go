package release_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser"
	"purser/deployer/deployertest"
)

// snapAction is one thing that clients of a dialect with snapshots do.
type snapAction struct {
	Kind    string
	Values  string
	Version int
	Mode    purser.ActivationMode
	Archive bool
	Fate    string // of application two, when it is deployed by this: healthy, crash or refused
}

// snap is a version as the model knows it.
type snap struct {
	number   int
	stage    purser.Stage
	archived bool
	values   string
	times    int
	ids      map[string]string
}

// snapModel is what the versions of one key should be.
type snapModel struct {
	versions []*snap
	last     int
}

func (m *snapModel) find(number int) *snap {
	for _, v := range m.versions {
		if v.number == number {
			return v
		}
	}
	return nil
}

func (m *snapModel) active() *snap {
	for _, v := range m.versions {
		if v.stage == purser.StageDeployed {
			return v
		}
	}
	return nil
}

func (m *snapModel) stage(values string) *snap {
	m.last++
	v := &snap{number: m.last, stage: purser.StageDraft, values: values}
	m.versions = append(m.versions, v)
	return v
}

// deploy puts v in the place of what is deployed, unless it fails.
func (m *snapModel) deploy(v *snap, a snapAction, archive bool) (ok bool) {
	v.times++
	from, now := m.active(), content("1.0.0", optional(v.values))
	ids, healthy := map[string]string{}, true
	for app, text := range now {
		if from != nil && content("1.0.0", optional(from.values))[app] == text {
			ids[app] = from.ids[app]
			continue
		}
		ids[app] = v.id(app)
		healthy = healthy && (app != "two" || a.Fate == "healthy")
	}
	if !healthy {
		return false
	}
	if from != nil {
		from.stage, from.archived = purser.StageSuperseded, from.archived || archive
	}
	v.stage, v.archived, v.ids = purser.StageDeployed, false, ids
	return true
}

// id is the name of an application's deployment in the turn that v is in.
func (v *snap) id(app string) string {
	id := fmt.Sprintf("%spair.%s-v%d", prefix, app, v.number)
	if v.times > 1 {
		id += fmt.Sprintf("-%d", v.times)
	}
	return id
}

func (m *snapModel) do(a snapAction) purser.Code {
	v := m.find(a.Version)
	switch a.Kind {
	case "stage":
		m.stage(a.Values)
		return ""
	case "copy":
		if a.Version == 0 { // is no copy, and names no package
			return purser.CodeInvalid
		}
		if v == nil {
			return purser.CodeReleaseNotFound
		}
		m.stage(v.values)
		return ""
	case "submit":
		if v := m.stage(a.Values); !m.deploy(v, a, false) {
			v.stage = purser.StageFailed
		}
		return ""
	case "restart":
		return ""
	}
	if v == nil {
		return purser.CodeReleaseNotFound
	}
	switch {
	case a.Kind == "activate" && v.stage == purser.StageDeployed && a.Mode != purser.ActivateSuperseded:
		return ""
	case a.Kind == "activate":
		staged, superseded := v.stage == purser.StageDraft && !v.archived, v.stage == purser.StageSuperseded
		if !(staged && a.Mode != purser.ActivateSuperseded || superseded && a.Mode != purser.ActivateStaged) {
			return purser.CodeConflict
		}
		if !m.deploy(v, a, a.Archive) {
			return purser.CodePlatform
		}
		return ""
	case v.stage == purser.StageDeployed:
		return purser.CodeConflict
	case a.Kind == "archive":
		v.archived = true
	case a.Kind == "discard":
		m.versions = slices.DeleteFunc(m.versions, func(o *snap) bool { return o == v })
	}
	return ""
}

// lines lists the versions and what runs, as world.pair does.
func (m *snapModel) lines() []string {
	lines := []string{}
	for _, v := range m.versions {
		line := fmt.Sprintf("%d %s", v.number, v.stage)
		if v.archived {
			line += " archived"
		}
		lines = append(lines, line)
	}
	ids := []string{}
	if v := m.active(); v != nil {
		for _, id := range v.ids {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return append(lines, ids...)
}

func snapCourses() *rapid.Generator[[]snapAction] {
	one := rapid.Custom(func(t *rapid.T) snapAction {
		return snapAction{
			Kind:    rapid.SampledFrom([]string{"stage", "stage", "copy", "submit", "activate", "activate", "activate", "archive", "discard", "restart"}).Draw(t, "kind"),
			Values:  rapid.SampledFrom([]string{"", "one.a=1", "two.a=1", "two.a=2", "b=1"}).Draw(t, "values"),
			Version: rapid.IntRange(0, 6).Draw(t, "version"),
			Mode:    rapid.SampledFrom([]purser.ActivationMode{purser.ActivateEither, purser.ActivateStaged, purser.ActivateSuperseded}).Draw(t, "mode"),
			Archive: rapid.Bool().Draw(t, "archive"),
			Fate:    rapid.SampledFrom([]string{"healthy", "healthy", "healthy", "crash", "refused"}).Draw(t, "fate"),
		}
	})
	return rapid.SliceOfN(one, 1, 40)
}

// Any course of snapshots being made, activated and put away leaves the engine where the model is: the same answers, the
// same versions in the same stages, at most one of them deployed, and exactly its applications on the platform.
func TestSnapshotModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		course := snapCourses().Draw(rt, "course")
		var failure string
		synctest.Test(t, func(t *testing.T) {
			w, m := MustWorld(t), &snapModel{}
			for n, a := range course {
				w.foretell(m, a)
				want := m.do(a)
				err := w.snapshot(t, a)
				if got := purser.ErrorCode(err); got != want {
					failure = fmt.Sprintf("action %d, %+v: %q (%v), want %q", n, a, got, err, want)
				} else if d := cmp.Diff(m.lines(), w.pair(t)) + w.logDiffers(t); d != "" {
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

// foretell tells the platform what becomes of the application two that the action deploys.
func (w *world) foretell(m *snapModel, a snapAction) {
	next := snap{number: m.last + 1}
	if v := m.find(a.Version); a.Kind == "activate" && v != nil {
		next = *v
	}
	next.times++
	w.platform.Hook("deploy/before", nil)
	switch a.Fate {
	case "crash":
		w.platform.Script(next.id("two"), deployertest.Crash)
	case "refused":
		w.failAlways("deploy/before", next.id("two"))
	default:
		w.platform.Script(next.id("two"), deployertest.Healthy)
	}
}

// snapshot does an action to the engine and waits until nothing moves.
func (w *world) snapshot(t *testing.T, a snapAction) (err error) {
	ctx := t.Context()
	switch a.Kind {
	case "stage":
		_, err = w.Stage(ctx, stagePair(a.Values))
	case "copy":
		_, err = w.Stage(ctx, purser.StageRequest{Key: inTenant("pair"), Copy: a.Version})
	case "submit":
		_, err = w.Submit(ctx, purser.SubmitRequest{StageRequest: stagePair(a.Values), Timeout: seconds(10)})
	case "activate":
		r := activatePair(a.Version)
		r.Mode, r.Archive = a.Mode, a.Archive
		_, err = w.Activate(ctx, r)
	case "archive":
		_, err = w.Archive(ctx, purser.ArchiveRequest{Key: inTenant("pair"), Version: a.Version})
	case "discard":
		err = w.Discard(ctx, purser.DiscardRequest{Key: inTenant("pair"), Version: a.Version})
	case "restart":
		if err = w.Close(ctx); err == nil {
			w.Engine = MustStart(t, w.options)
		}
	}
	synctest.Wait()
	time.Sleep(time.Millisecond)
	return err
}
