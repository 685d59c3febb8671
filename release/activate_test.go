package release_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
)

func TestStage(t *testing.T) {
	t.Run("FreezesAVersion", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			r := stagePair("two.a=1")
			r.Tag, r.Notes, r.Trigger = "v1", "the first", purser.TriggerNewBuild
			r.Describe = func(draft *purser.Release, apps []purser.AppSpec) error {
				draft.Facts = fmt.Sprintf(`{"apps":%d,"version":%d,"manifest":%v}`, len(apps), draft.Version, draft.Manifest != "")
				draft.Notes += " of " + draft.UUID
				return nil
			}
			got, err := w.Stage(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if got.Stage != purser.StageDraft || got.Version != 1 || got.Tag != "v1" || got.Trigger != purser.TriggerNewBuild || got.CreatedBy != "alice" ||
				got.Previous != "" || got.ChangeLog != nil || got.Facts != `{"apps":2,"version":1,"manifest":true}` || got.Notes != "the first of "+got.UUID {
				t.Errorf("%+v", got)
			}
			stored, err := w.store.FindVersion(t.Context(), got.UUID)
			if err != nil || stored.Manifest == "" || stored.Values == nil || stored.Package.Metadata.Version != "1.0.0" {
				t.Errorf("%+v, %v", stored, err)
			}
			w.wantPair(t, "1 draft")
		})
	})
	t.Run("TellsTheDifferenceFromTheOneBefore", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			first := w.MustStage(t, "")
			r := stagePair("two.a=1")
			r.Package = duo("1.1.0")
			got, err := w.Stage(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			const want = "package duo 1.0.0 -> duo 1.1.0\napplication two\n+ application three\n"
			if got.Previous != first.UUID || got.ChangeLog == nil || *got.ChangeLog != want {
				t.Errorf("previous %s, change log %q", got.Previous, *got.ChangeLog)
			}
		})
	})
	t.Run("CopiesWhatIsThere", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			first := w.MustStage(t, "two.a=1")
			w.forgetPackage(t, "duo", "1.0.0")
			got, err := w.Stage(t.Context(), purser.StageRequest{Key: first.Key, Copy: 1})
			if err != nil || got.Version != 2 || got.Manifest != first.Manifest || *got.Values != *first.Values || *got.ChangeLog != "" {
				t.Errorf("%+v, %v", got, err)
			}
			w.MustActivate(t, 2)
		})
	})
	for _, row := range []struct {
		rule   string
		change func(r *purser.StageRequest)
		code   purser.Code
	}{
		{"without a space", func(r *purser.StageRequest) { r.Key.Space = "" }, purser.CodeInvalid},
		{"without a name", func(r *purser.StageRequest) { r.Key.Name = " " }, purser.CodeInvalid},
		{"without a package", func(r *purser.StageRequest) { r.Package.Name = "" }, purser.CodeInvalid},
		{"of no package", func(r *purser.StageRequest) { r.Package.Name = "none" }, purser.CodeNotFound},
		{"of no package id", func(r *purser.StageRequest) { r.PackageID = 99 }, purser.CodeNotFound},
		{"on no platform", func(r *purser.StageRequest) { r.Platform = "none" }, purser.CodeNotFound},
		{"without a platform", func(r *purser.StageRequest) { r.Platform = "" }, purser.CodeInvalid},
		{"with broken values", func(r *purser.StageRequest) { r.Values = text("a") }, purser.CodeInvalid},
		{"with a tag that is there", func(r *purser.StageRequest) { r.Tag = "v1" }, purser.CodeConflict},
		{"with a long tag", func(r *purser.StageRequest) { r.Tag = strings.Repeat("ä", 256) }, purser.CodeInvalid},
		{"of no version", func(r *purser.StageRequest) { r.Copy = 7 }, purser.CodeReleaseNotFound},
		{"of a negative version", func(r *purser.StageRequest) { r.Copy = -1 }, purser.CodeReleaseNotFound},
		{"when Describe refuses", func(r *purser.StageRequest) {
			r.Describe = func(*purser.Release, []purser.AppSpec) error { return purser.Errorf(purser.CodeForbidden, "no") }
		}, purser.CodeForbidden},
	} {
		t.Run("Refused "+row.rule, func(t *testing.T) {
			w := MustWorld(t)
			r := stagePair("")
			r.Tag = "v1"
			if _, err := w.Stage(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			r.Tag = ""
			row.change(&r)
			_, err := w.Stage(t.Context(), r)
			wantCode(t, err, row.code)
			w.wantPair(t, "1 draft")
		})
	}
}

func TestStagesOfOneKeyAtOnce(t *testing.T) {
	w := MustWorld(t)
	const many = 30
	errs := make(chan error, many)
	for range many {
		go func() {
			_, err := w.Stage(w.ctx(), stagePair(""))
			errs <- err
		}()
	}
	for range many {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	all, err := w.store.FindVersions(t.Context(), purser.VersionFilter{Key: inTenant("pair"), Ascending: true})
	if err != nil || len(all) != many {
		t.Fatalf("%d versions, %v", len(all), err)
	}
	before := ""
	for i, r := range all {
		if r.Version != i+1 || r.Previous != before {
			t.Errorf("version %d at place %d comes after %q, want %q", r.Version, i, r.Previous, before)
		}
		before = r.UUID
	}
}

func TestActivate(t *testing.T) {
	t.Run("TellsWhatItReplaced", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustStage(t, "")
			second := w.MustStage(t, "two.a=1")
			first := w.MustActivate(t, 1)
			if first.Replaced != nil || !first.Changed || first.Release.Stage != purser.StageDeployed || first.Release.ActivatedBy != "bob" ||
				first.Release.ActivatedAt.IsZero() || first.Release.HealthyAt.IsZero() {
				t.Errorf("%+v", first)
			}
			got := w.MustActivate(t, 2)
			if got.Replaced == nil || got.Replaced.UUID != first.Release.UUID || got.Release.UUID != second.UUID || !got.Changed {
				t.Errorf("%+v", got)
			}
			if old := *got.Replaced; !old.Archived || old.ArchivedBy != "bob" || old.ArchivedAt.IsZero() || old.Stage != purser.StageSuperseded {
				t.Errorf("replaced %+v", old)
			}
			synctest.Wait()
			w.wantPair(t, "1 superseded archived", "2 deployed", prefix+"pair.one-v1", prefix+"pair.two-v2")
		})
	})
	t.Run("AgainIsNothing", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustStage(t, "")
			w.MustActivate(t, 1)
			synctest.Wait()
			before := w.find(t, 1)
			time.Sleep(time.Second)
			got := w.MustActivate(t, 1)
			if got.Changed || got.Replaced != nil || !got.Release.ActivatedAt.Equal(before.ActivatedAt) {
				t.Errorf("%+v", got)
			}
			synctest.Wait()
			w.wantPair(t, "1 deployed", prefix+"pair.one-v1", prefix+"pair.two-v1")
		})
	})
	t.Run("WhatDoesNotDifferGoesOn", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustStage(t, "")
			w.MustStage(t, "")
			w.MustActivate(t, 1)
			synctest.Wait()
			told := len(w.platform.History())
			w.MustActivate(t, 2)
			synctest.Wait()
			if history := w.platform.History(); len(history) != told {
				t.Errorf("the platform was told %v", history[told:])
			}
			w.wantPair(t, "1 superseded archived", "2 deployed", prefix+"pair.one-v1", prefix+"pair.two-v1")
		})
	})
	t.Run("FailsAndLeavesBoth", func(t *testing.T) {
		for _, again := range []bool{false, true} {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustStage(t, "")
				w.MustStage(t, "two.a=1")
				w.MustActivate(t, 1)
				synctest.Wait()
				target, stage := 2, "2 draft"
				id := prefix + "pair.two-v2"
				if again {
					w.MustActivate(t, 2)
					synctest.Wait()
					target, stage, id = 1, "1 superseded archived", prefix+"pair.two-v1-2"
				}
				before := []purser.Release{w.find(t, 1), w.find(t, 2)}
				w.platform.Script(id, deployertest.Hang)
				_, err := w.Activate(t.Context(), activatePair(target))
				wantCode(t, err, purser.CodePlatform)
				synctest.Wait()
				for i, want := range before {
					got := w.find(t, i+1)
					if got.Stage != want.Stage || got.Archived != want.Archived || got.Description != want.Description || !got.ActivatedAt.Equal(want.ActivatedAt) {
						t.Errorf("version %d is %+v, was %+v", i+1, got, want)
					}
				}
				if pair := w.pair(t); !slices.Contains(pair, stage) || len(pair) != 4 {
					t.Errorf("%v", pair)
				}
				w.platform.Script(id+"-2", deployertest.Healthy)
				w.MustActivate(t, target) // and may be tried again
			})
		}
	})
	t.Run("LenientTakesSilenceForConsent", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.platform.Script(prefix+"pair.two-v1", deployertest.Hang)
			r, err := w.Submit(t.Context(), purser.SubmitRequest{StageRequest: stagePair(""), Timeout: seconds(10), Lenient: true})
			if err != nil || r.Stage != purser.StageDraft || r.Rollout(time.Now(), time.Minute) != purser.RolloutQueued {
				t.Fatalf("%+v, %v", r, err)
			}
			synctest.Wait()
			if got := w.find(t, 1).Rollout(time.Now(), time.Minute); got != purser.RolloutPending {
				t.Errorf("at first %s", got)
			}
			time.Sleep(11 * time.Second)
			synctest.Wait()
			got := w.find(t, 1)
			if got.Stage != purser.StageDeployed || !got.HealthyAt.IsZero() || got.Rollout(time.Now(), time.Minute) != purser.RolloutPending {
				t.Errorf("%+v", got)
			}
			if got := got.Rollout(time.Now().Add(time.Hour), time.Minute); got != purser.RolloutUnknown {
				t.Errorf("later %s", got)
			}
			w.platform.Become(prefix+"pair.two-v1", purser.StateDeployed, false)
			time.Sleep(time.Second)
			synctest.Wait()
			if got := w.find(t, 1).Rollout(time.Now(), time.Second); got != purser.RolloutSucceeded {
				t.Errorf("when it is healthy %s", got)
			}
		})
	})
	t.Run("LenientIsNotBlind", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.platform.Script(prefix+"pair.two-v1", deployertest.Crash)
			if _, err := w.Submit(t.Context(), purser.SubmitRequest{StageRequest: stagePair(""), Timeout: seconds(10), Lenient: true}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(11 * time.Second)
			synctest.Wait()
			w.wantPair(t, "1 failed")
			if got := w.find(t, 1).Rollout(time.Now(), time.Minute); got != purser.RolloutFailed {
				t.Errorf("%s", got)
			}
		})
	})
	t.Run("WithoutWaitingItAnswersWhenItIsQueued", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustStage(t, "")
			w.platform.Script(prefix+"pair.two-v1", deployertest.Hang)
			r := activatePair(1)
			r.Wait = false
			got, err := w.Activate(t.Context(), r)
			if err != nil || !got.Changed || got.Release.Stage != purser.StageDraft {
				t.Errorf("%+v, %v", got, err)
			}
		})
	})
}

func TestActivationModes(t *testing.T) {
	// version 1 was deployed, 2 is, 3 is a draft, 4 an archived one, 5 has failed
	const conflict = purser.CodeConflict
	for mode, want := range map[purser.ActivationMode][5]purser.Code{
		purser.ActivateStaged:     {conflict, "", "", conflict, conflict},
		purser.ActivateSuperseded: {"", conflict, conflict, conflict, conflict},
		purser.ActivateEither:     {"", "", "", conflict, conflict},
	} {
		for i, code := range want {
			t.Run(fmt.Sprintf("%s version %d", mode, i+1), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					w := MustWorld(t)
					for _, values := range []string{"", "two.a=2", "two.a=3", "two.a=4"} {
						w.MustStage(t, values)
					}
					w.MustActivate(t, 1)
					w.MustActivate(t, 2)
					if _, err := w.Archive(t.Context(), purser.ArchiveRequest{Key: inTenant("pair"), Version: 4}); err != nil {
						t.Fatal(err)
					}
					w.failAlways("deploy/before", prefix+"pair.two-v5")
					if _, err := w.Submit(t.Context(), purser.SubmitRequest{StageRequest: stagePair("two.a=5")}); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
					r := activatePair(i + 1)
					r.Mode = mode
					_, err := w.Activate(t.Context(), r)
					wantCode(t, err, code)
					synctest.Wait()
					deployed := i + 1
					if code != "" {
						deployed = 2
					}
					if got := w.find(t, deployed).Stage; got != purser.StageDeployed {
						t.Errorf("version %d is %s", deployed, got)
					}
				})
			})
		}
	}
}

// Twenty activations at once: one version is deployed in the end, and every answer was true in its moment.
func TestActivationsTakeTurns(t *testing.T) {
	for _, versions := range []int{1, 4, 20} {
		t.Run(fmt.Sprintf("of %d versions", versions), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				for n := range versions {
					w.MustStage(t, fmt.Sprintf("two.a=%d", n))
				}
				const many = 20
				type answered struct {
					version int
					result  purser.ActivateResult
				}
				answers := make(chan answered, many)
				for n := range many {
					version := 1 + n%versions
					go func() {
						got, err := w.Activate(t.Context(), activatePair(version))
						if err != nil {
							t.Error(err)
						}
						answers <- answered{version, got}
					}()
				}
				changed := map[string]string{} // replaced -> replacing, at each time
				changes := 0
				for range many {
					a := <-answers
					if a.result.Release.Version != a.version || a.result.Release.Stage != purser.StageDeployed {
						t.Errorf("answer %+v", a.result)
					}
					if !a.result.Changed {
						continue
					}
					changes++
					label := "nothing"
					if a.result.Replaced != nil {
						label = fmt.Sprintf("%d for the %d. time", a.result.Replaced.Version, a.result.Replaced.Activations)
					}
					if other, twice := changed[label]; twice {
						t.Errorf("%s was replaced by %s and by %d", label, other, a.version)
					}
					changed[label] = fmt.Sprint(a.version)
				}
				synctest.Wait()
				deployed, err := w.store.FindVersions(t.Context(), purser.VersionFilter{Key: inTenant("pair"), Archived: true, Stages: []purser.Stage{purser.StageDeployed}})
				if err != nil || len(deployed) != 1 || changes < versions || versions == 1 && changes != 1 {
					t.Errorf("%d deployed, %d changes, %v", len(deployed), changes, err)
				}
				if running := w.platform.Running(); len(running) != 2 {
					t.Errorf("%v run", running)
				}
				if w.open(t) != 0 {
					t.Error("operations are open")
				}
			})
		})
	}
}

func TestQueuedOperationsGoOnAtTheNextServer(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Script(prefix+"pair.two-v1", deployertest.Hang)
		for n := range 4 {
			r := purser.SubmitRequest{StageRequest: stagePair(fmt.Sprintf("two.a=%d", n)), Timeout: seconds(60)}
			if _, err := w.Submit(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.wantPair(t, "1 deploying", "2 draft", "3 draft", "4 draft", prefix+"pair.one-v1", prefix+"pair.two-v1")
		w.options.Owner = "another"
		w.Engine = MustStart(t, w.options)
		w.platform.Become(prefix+"pair.two-v1", purser.StateDeployed, false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		w.wantPair(t, "1 superseded", "2 superseded", "3 superseded", "4 deployed", prefix+"pair.one-v1", prefix+"pair.two-v4")
	})
}

// Two servers on one store: the queue is one, and nothing waits for the other's lease.
func TestAQueueOverTwoServers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		o := w.options
		o.Owner = "second"
		second := MustStart(t, o)
		for n := range 6 {
			e := []*release.Engine{w.Engine, second}[n%2]
			if _, err := e.Submit(t.Context(), purser.SubmitRequest{StageRequest: stagePair(fmt.Sprintf("two.a=%d", n)), Timeout: seconds(60)}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		w.wantPair(t, "1 superseded", "2 superseded", "3 superseded", "4 superseded", "5 superseded", "6 deployed", prefix+"pair.one-v1", prefix+"pair.two-v6")
	})
}

func TestACancelledActivationLeavesBoth(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustStage(t, "")
		w.MustStage(t, "two.a=1")
		w.MustActivate(t, 1)
		w.platform.Script(prefix+"pair.two-v2", deployertest.Hang)
		done := make(chan error, 1)
		go func() {
			_, err := w.Activate(context.WithoutCancel(t.Context()), activatePair(2))
			done <- err
		}()
		synctest.Wait()
		if ok, err := w.Cancel(t.Context(), inTenant("pair")); !ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
		wantCode(t, <-done, purser.CodePlatform)
		synctest.Wait()
		w.wantPair(t, "1 deployed", "2 draft", prefix+"pair.one-v1", prefix+"pair.two-v1")
	})
}
