package release_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
)

// planned gives a preview as "v2 demo 1.0.1" and a line for each application.
func planned(p purser.Preview) []string {
	lines := []string{p.Release.Label() + " " + p.Release.Package.Metadata.Name + " " + p.Release.Package.Metadata.Version}
	for _, a := range p.Applications {
		lines = append(lines, string(a.Action)+" "+a.Name+" "+a.DeploymentID)
	}
	for _, a := range p.Difference.Apps {
		switch {
		case a.Added:
			lines = append(lines, "+"+a.Name)
		case a.Removed:
			lines = append(lines, "-"+a.Name)
		default:
			lines = append(lines, "~"+a.Name)
		}
	}
	return lines
}

// everything is all of releases and operations that the store has.
func (w *world) everything(t *testing.T) []any {
	t.Helper()
	releases, _, err := w.store.FindReleases(t.Context(), purser.ReleaseFilter{AllSpaces: true, Stages: purser.Stages})
	if err != nil {
		t.Fatal(err)
	}
	operations, _, err := w.store.FindOperations(t.Context(), purser.OperationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	_, newest, err := w.store.FindEventRange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return []any{releases, operations, newest}
}

func TestPreview(t *testing.T) {
	install := func(r purser.InstallRequest) func(*world, *testing.T) (purser.Preview, error) {
		return func(w *world, t *testing.T) (purser.Preview, error) { return w.PreviewInstall(t.Context(), r) }
	}
	upgrade := func(r purser.UpgradeRequest) func(*world, *testing.T) (purser.Preview, error) {
		return func(w *world, t *testing.T) (purser.Preview, error) { return w.PreviewUpgrade(t.Context(), r) }
	}
	rollback := func(r purser.RollbackRequest) func(*world, *testing.T) (purser.Preview, error) {
		return func(w *world, t *testing.T) (purser.Preview, error) { return w.PreviewRollback(t.Context(), r) }
	}
	for _, row := range []struct {
		name    string
		preview func(w *world, t *testing.T) (purser.Preview, error)
		want    []string
		code    purser.Code
	}{
		{
			"Install", install(purser.InstallRequest{Key: key("new"), Package: duo("1.0.0"), Platform: "default"}),
			[]string{"new v1 duo 1.0.0", "deploy one new.one-v1", "deploy two new.two-v1", "+one", "+two"},
			"",
		},
		{
			"InstallByID", install(purser.InstallRequest{Key: key("web"), PackageID: 1, Platform: "default"}),
			[]string{"web v2 demo 1.0.0", "deploy app web.app-v2", "+app"},
			"",
		},
		{
			"InstallOverADeletedOne", install(purser.InstallRequest{Key: key("gone"), Package: demo("1.0.0"), Platform: "default"}),
			[]string{"gone v2 demo 1.0.0", "deploy app gone.app-v2", "+app"},
			"",
		},
		{"InstallOfATakenName", install(purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"}), nil, purser.CodeConflict},
		{"InstallOfNothing", install(purser.InstallRequest{Key: key("new"), Package: demo("9.0.0"), Platform: "default"}), nil, purser.CodeNotFound},
		{"InstallOnNoPlatform", install(purser.InstallRequest{Key: key("new"), Package: demo("1.0.0"), Platform: "moon"}), nil, purser.CodeNotFound},
		{"InstallWithoutResource", install(purser.InstallRequest{Key: key("new"), Package: demo("1.0.0"), Platform: "default", Values: text("resource=none")}), nil, purser.CodeInvalid},
		{"InstallOverForeignDeployments", install(purser.InstallRequest{Key: key("foreign"), Package: demo("1.0.0"), Platform: "default"}), nil, purser.CodeConflict},

		{
			"Upgrade", upgrade(purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")}),
			[]string{"web v2 demo 1.0.1", "replace app web.app-v2", "~app"},
			"",
		},
		{
			"UpgradeOfOneApplication", upgrade(purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("two.a=1")}),
			[]string{"pair v2 duo 1.0.0", "keep one pair.one-v1", "replace two pair.two-v2", "~two"},
			"",
		},
		{
			"UpgradeThatAddsAnApplication", upgrade(purser.UpgradeRequest{Key: key("pair"), Package: duo("1.1.0")}),
			[]string{"pair v2 duo 1.1.0", "keep one pair.one-v1", "keep two pair.two-v1", "deploy three pair.three-v2", "+three"},
			"",
		},
		{
			"UpgradeThatRemovesAnApplication", upgrade(purser.UpgradeRequest{Key: key("trio"), Package: duo("1.0.0")}),
			[]string{"trio v2 duo 1.0.0", "keep one trio.one-v1", "keep two trio.two-v1", "remove three trio.three-v1", "-three"},
			"",
		},
		{
			"UpgradeWithoutDifferenceIsNoFailure", upgrade(purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0")}),
			[]string{"web v2 demo 1.0.0", "keep app web.app-v1"},
			"",
		},
		{
			"UpgradeByForce", upgrade(purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Force: true}),
			[]string{"web v2 demo 1.0.0", "replace app web.app-v2"},
			"",
		},
		{
			"UpgradeOfADeletedOne", upgrade(purser.UpgradeRequest{Key: key("gone"), Package: demo("1.0.1")}),
			[]string{"gone v2 demo 1.0.1", "deploy app gone.app-v2", "~app"},
			"",
		},
		{"UpgradeOfNothing", upgrade(purser.UpgradeRequest{Key: key("nobody"), Package: demo("1.0.1")}), nil, purser.CodeReleaseNotFound},
		{"UpgradeToNothing", upgrade(purser.UpgradeRequest{Key: key("web")}), nil, purser.CodeInvalid},
		{"UpgradeThatCannotBeCompared", upgrade(purser.UpgradeRequest{Key: key("web"), Package: duo("1.0.0")}), nil, purser.CodeConflict},
		{"UpgradeWithoutResource", upgrade(purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("resource=none")}), nil, purser.CodeInvalid},

		{
			"Rollback", rollback(purser.RollbackRequest{Key: key("twice")}),
			[]string{"twice v3 demo 1.0.0", "replace app twice.app-v3", "~app"},
			"",
		},
		{
			"RollbackToTheCurrentOne", rollback(purser.RollbackRequest{Key: key("twice"), Version: 2}),
			[]string{"twice v3 demo 1.0.1", "keep app twice.app-v2"},
			"",
		},
		{
			"RollbackOfADeletedOne", rollback(purser.RollbackRequest{Key: key("gone"), Version: 1}),
			[]string{"gone v2 demo 1.0.0", "deploy app gone.app-v2", "+app"},
			"",
		},
		{"RollbackBelowNone", rollback(purser.RollbackRequest{Key: key("web"), Version: -1}), nil, purser.CodeInvalid},
		{"RollbackWithoutAnother", rollback(purser.RollbackRequest{Key: key("web")}), nil, purser.CodeReleaseNotFound},
		{"RollbackOfNothing", rollback(purser.RollbackRequest{Key: key("nobody")}), nil, purser.CodeReleaseNotFound},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"))
				w.MustInstall(t, "pair", duo("1.0.0"))
				w.MustInstall(t, "trio", duo("1.1.0"))
				w.MustInstall(t, "twice", demo("1.0.0"))
				w.MustUpgrade(t, purser.UpgradeRequest{Key: key("twice"), Package: demo("1.0.1")})
				w.MustInstall(t, "gone", demo("1.0.0"))
				if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: key("gone")}); err != nil {
					t.Fatal(err)
				}
				if err := w.platform.Deploy(t.Context(), purser.Deployment{ID: "foreign.app-v1"}); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				before, history := w.everything(t), w.platform.History()
				got, err := row.preview(w, t)
				if purser.ErrorCode(err) != row.code {
					t.Fatal(err)
				}
				if row.want != nil {
					if diff := cmp.Diff(row.want, planned(got)); diff != "" {
						t.Error(diff)
					}
				}
				synctest.Wait()
				if diff := cmp.Diff(before, w.everything(t)); diff != "" {
					t.Errorf("the store has changed:\n%s", diff)
				}
				if diff := cmp.Diff(history, w.platform.History()); diff != "" {
					t.Errorf("the platform was told:\n%s", diff)
				}
			})
		})
	}
}

// What is previewed is what happens then: the same version, manifest, values and deployments.
func TestPreviewIsWhatHappens(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		same := func(what string, p purser.Preview, made purser.Release) {
			t.Helper()
			for _, pair := range []struct{ want, got any }{
				{p.Release.Version, made.Version},
				{p.Release.Manifest, made.Manifest},
				{p.Release.Values, made.Values},
				{p.Release.Applications, made.Applications},
				{p.Release.Platform, made.Platform},
				{p.Release.Package, made.Package},
			} {
				if diff := cmp.Diff(pair.want, pair.got); diff != "" {
					t.Errorf("%s (-previewed +made):\n%s", what, diff)
				}
			}
			synctest.Wait()
		}
		install := purser.InstallRequest{Key: key("pair"), Package: duo("1.0.0"), Platform: "default", Values: text("one.count=1,one.a=1")}
		p, err := w.PreviewInstall(t.Context(), install)
		if err != nil {
			t.Fatal(err)
		}
		made, err := w.Install(t.Context(), install)
		if err != nil {
			t.Fatal(err)
		}
		same("install", p, made)
		scale := purser.ScaleReleaseRequest{Key: key("pair"), Apps: []purser.AppScale{{Name: "one", Count: 3}}}
		if _, err := w.Scale(t.Context(), scale); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		upgrade := purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("one.a=2")} // the scale survives
		if p, err = w.PreviewUpgrade(t.Context(), upgrade); err != nil {
			t.Fatal(err)
		}
		same("upgrade", p, w.MustUpgrade(t, upgrade))
		rollback := purser.RollbackRequest{Key: key("pair"), Version: 1}
		if p, err = w.PreviewRollback(t.Context(), rollback); err != nil {
			t.Fatal(err)
		}
		if made, err = w.Rollback(t.Context(), rollback); err != nil {
			t.Fatal(err)
		}
		same("rollback", p, made)
	})
}

func TestPreviewOfABusyRelease(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("web.app-v2", deployertest.Hang)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		synctest.Wait()
		p, err := w.PreviewUpgrade(t.Context(), purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("a=1")})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"web v3 demo 1.0.1", "replace app web.app-v3", "~app"}, planned(p)); diff != "" {
			t.Error(diff)
		}
		if _, err := w.Cancel(t.Context(), key("web")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
	})
}

func TestDifference(t *testing.T) {
	for _, row := range []struct {
		name     string
		release  string
		from, to int
		want     []int // from, to, and how many applications change
		code     purser.Code
	}{
		{"TheLastChange", "web", 0, 0, []int{2, 3, 1}, ""},
		{"TheOneBefore", "web", 0, 2, []int{1, 2, 1}, ""},
		{"OverSeveral", "web", 1, 3, []int{1, 3, 0}, ""},
		{"Backwards", "web", 3, 2, []int{3, 2, 1}, ""},
		{"WithItself", "web", 2, 2, []int{2, 2, 0}, ""},
		{"OfTheFirstEverythingIsAdded", "web", 0, 1, []int{0, 1, 1}, ""},
		{"OnlyOneVersion", "pair", 0, 0, []int{0, 1, 2}, ""},
		{"ReleaseUnknown", "nobody", 0, 0, nil, purser.CodeReleaseNotFound},
		{"FromUnknown", "web", 9, 0, nil, purser.CodeReleaseNotFound},
		{"ToUnknown", "web", 0, 9, nil, purser.CodeReleaseNotFound},
		{"FromBelowNone", "web", -1, 0, nil, purser.CodeReleaseNotFound},
		{"ToBelowNone", "web", 0, -1, nil, purser.CodeReleaseNotFound},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"))
				w.MustInstall(t, "pair", duo("1.0.0"))
				for _, version := range []string{"1.0.1", "1.0.0"} {
					w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo(version)})
					synctest.Wait()
				}
				got, err := w.Difference(t.Context(), key(row.release), row.from, row.to)
				if purser.ErrorCode(err) != row.code {
					t.Fatal(err)
				}
				if row.want != nil {
					if diff := cmp.Diff(row.want, []int{got.From, got.To, len(got.Difference.Apps)}); diff != "" {
						t.Error(diff)
					}
				}
			})
		})
	}
}
