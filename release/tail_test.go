package release_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
)

func logs(name, app string, lines int) purser.LogRequest {
	return purser.LogRequest{Key: key(name), App: app, Lines: lines}
}

// told gives a line as "application instance stream: text".
func told(l purser.LogLine) string {
	return l.Application + " " + l.Instance + " " + string(l.Stream) + ": " + l.Text
}

func TestTailLogs(t *testing.T) {
	for _, row := range []struct {
		name    string
		request purser.LogRequest
		want    []string
		code    purser.Code
	}{
		{"AllApplicationsInManifestOrder", logs("web", "", 10), []string{
			"one web.one-v1-0 stderr: oops", "one web.one-v1-0 stdout: web.one-v1-0\nfirst\nsecond", "two web.two-v1-0 stdout: web.two-v1-0",
		}, ""},
		{"LastLines", logs("web", "one", 1), []string{"one web.one-v1-0 stderr: oops", "one web.one-v1-0 stdout: second"}, ""},
		{"NoLines", logs("web", "", 0), nil, ""},
		{"ByNameInAnyCase", logs("web", "TWO", 10), []string{"two web.two-v1-0 stdout: web.two-v1-0"}, ""},
		{"ByDeploymentInAnyCase", logs("web", "WEB.two-V1", 10), []string{"two web.two-v1-0 stdout: web.two-v1-0"}, ""},
		{"UnknownApplication", logs("web", "three", 10), nil, purser.CodeNotFound},
		{"UnknownRelease", logs("nobody", "", 10), nil, purser.CodeReleaseNotFound},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "web", duo("1.0.0"))
			w.platform.Print("web.one-v1", 0, purser.LogStdout, "first")
			w.platform.Print("web.one-v1", 0, purser.LogStderr, "oops")
			w.platform.Print("web.one-v1", 0, purser.LogStdout, "second")
			got, err := w.TailLogs(t.Context(), row.request)
			if purser.ErrorCode(err) != row.code {
				t.Fatal(err)
			}
			var lines []string
			for _, l := range got.Lines {
				lines = append(lines, told(l))
			}
			if diff := cmp.Diff(row.want, lines); diff != "" {
				t.Error(diff)
			}
			if err == nil && got.Version != 1 {
				t.Errorf("version %d", got.Version)
			}
		})
	}
}

func TestTailLogsOfADeletedVersionAreNone(t *testing.T) {
	w := MustWorld(t)
	w.MustInstall(t, "web", demo("1.0.0"))
	if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: key("web")}); err != nil {
		t.Fatal(err)
	}
	got, err := w.TailLogs(t.Context(), logs("web", "", 10))
	if err != nil || got.Version != 1 || len(got.Lines) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// plain is a platform that tells logs only as a whole.
type plain struct{ purser.Deployer }

func TestLogsOfAPlatformThatCannotFollow(t *testing.T) {
	w := MustWorld(t, func(o *release.Options) {
		o.Platforms = purser.Platforms{"default": plain{o.Platforms["default"]}}
	})
	w.MustInstall(t, "web", demo("1.0.0"))
	w.platform.SetLogs("web.app-v1", "stdout:\none\ntwo\nthree\n")
	for lines, want := range map[int]string{0: "", 1: "three", 2: "two\nthree", 4: "stdout:\none\ntwo\nthree", 9: "stdout:\none\ntwo\nthree"} {
		got, err := w.TailLogs(t.Context(), logs("web", "", lines))
		text := ""
		if len(got.Lines) > 0 {
			text = got.Lines[0].Text
		}
		if err != nil || text != want {
			t.Errorf("%d lines: %q, %v", lines, text, err)
		}
	}
	_, err := w.FollowLogs(t.Context(), logs("web", "", 1))
	if purser.ErrorCode(err) != purser.CodeConflict {
		t.Error(err)
	}
}

// reader collects what a feed gives.
type reader struct {
	feed purser.LogFeed
	stop context.CancelFunc
	got  []string
	over bool
}

// MustFollow follows and reads in the background; what was read may be looked at when all is quiet.
func (w *world) MustFollow(t *testing.T, r purser.LogRequest) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	feed, err := w.FollowLogs(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	f := &reader{feed: feed, stop: cancel}
	go func() {
		for l := range feed.Lines {
			f.got = append(f.got, told(l))
		}
		f.over = true
	}()
	return f
}

func (r *reader) expect(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	slices.Sort(want)
	got := slices.Sorted(slices.Values(r.got))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func (r *reader) ended(t *testing.T, reason string) {
	t.Helper()
	synctest.Wait()
	if !r.over {
		t.Fatal("it goes on")
	}
	if got := r.feed.Reason(); got != reason {
		t.Errorf("ended because %q", got)
	}
}

func TestFollowLogs(t *testing.T) {
	const first = "app web.app-v1-0 stdout: web.app-v1-0"
	for _, row := range []struct {
		name string
		do   func(t *testing.T, w *world)
	}{
		{"LastLinesAndThenWhatComes", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 10))
			f.expect(t, first)
			w.platform.Print("web.app-v1", 0, purser.LogStderr, "more")
			f.expect(t, first, "app web.app-v1-0 stderr: more")
			f.stop()
			f.ended(t, "")
		}},
		{"NoLinesButThoseThatCome", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 0))
			f.expect(t)
			w.platform.Print("web.app-v1", 0, purser.LogStdout, "more")
			f.expect(t, "app web.app-v1-0 stdout: more")
		}},
		{"NewInstances", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 0))
			synctest.Wait()
			scale := purser.ScaleReleaseRequest{Key: key("web"), Apps: []purser.AppScale{{Name: "app", Count: 2}}}
			if _, err := w.Scale(t.Context(), scale); err != nil {
				t.Fatal(err)
			}
			f.expect(t, "app web.app-v1-1 stdout: web.app-v1-1")
		}},
		{"ApplicationsThatAreYetToCome", func(t *testing.T, w *world) {
			reached, let := w.platform.Block("deploy/before")
			installed := make(chan error, 1)
			go func() {
				_, err := w.Install(w.ctx(), purser.InstallRequest{Key: key("late"), Package: demo("1.0.0"), Platform: "default"})
				installed <- err
			}()
			<-reached
			f := w.MustFollow(t, logs("late", "", 0))
			f.expect(t)
			let()
			f.expect(t, "app late.app-v1-0 stdout: late.app-v1-0")
			if err := <-installed; err != nil {
				t.Error(err)
			}
		}},
		{"EndsWithADelete", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 1))
			f.expect(t, first)
			if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: key("web")}); err != nil {
				t.Fatal(err)
			}
			f.ended(t, "version 1 was deleted")
		}},
		{"EndsWithAnUpgrade", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 1))
			f.expect(t, first)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			f.ended(t, "version 1 was replaced")
		}},
		{"EndsAlthoughTheNextVersionKeepsTheApplication", func(t *testing.T, w *world) {
			w.MustInstall(t, "pair", duo("1.0.0"))
			f := w.MustFollow(t, logs("pair", "", 0))
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("one.a=1")})
			f.ended(t, "version 1 was replaced")
			if got := w.platform.Deployments(); !slices.Contains(got, "pair.two-v1") {
				t.Errorf("deployments %v", got)
			}
		}},
		{"EndsWithAnUpgradeThatFails", func(t *testing.T, w *world) {
			w.platform.Script("web.app-v2", deployertest.Hang)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(60)})
			f := w.MustFollow(t, logs("web", "", 1))
			f.expect(t, "app web.app-v2-0 stdout: web.app-v2-0")
			if _, err := w.Cancel(t.Context(), key("web")); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			v, err := w.store.FindRelease(t.Context(), key("web"), 2)
			if err != nil {
				t.Fatal(err)
			}
			f.ended(t, "version 2 has failed: "+v.Description)
		}},
		{"OfADeletedVersionNothing", func(t *testing.T, w *world) {
			if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: key("web")}); err != nil {
				t.Fatal(err)
			}
			f := w.MustFollow(t, logs("web", "", 10))
			f.ended(t, "version 1 was deleted")
			f.expect(t)
		}},
		{"EndsWithTheEngine", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 0))
			synctest.Wait()
			if err := w.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.ended(t, "the server is shutting down")
			_, err := w.FollowLogs(t.Context(), logs("web", "", 0))
			if purser.ErrorCode(err) != purser.CodeUnavailable {
				t.Error(err)
			}
		}},
		{"EndsWithThePlatform", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 0))
			synctest.Wait()
			if err := w.platform.Close(); err != nil {
				t.Fatal(err)
			}
			f.ended(t, "the platform does not tell any more")
		}},
		{"AChangeByAnotherServerIsFoundOut", func(t *testing.T, w *world) {
			f := w.MustFollow(t, logs("web", "", 0))
			synctest.Wait()
			other := second(t, w)
			if _, err := other.Delete(t.Context(), purser.DeleteRequest{Key: key("web")}); err != nil {
				t.Fatal(err)
			}
			<-time.After(16 * time.Second) // the bubble's: the feed has looked by itself once more
			f.ended(t, "version 1 was deleted")
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"))
				row.do(t, w)
			})
		})
	}
}
