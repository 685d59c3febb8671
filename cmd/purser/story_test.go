package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/demo"
	"purser/cmd/purser/live"
)

// The main job, as make demo tells it.
func TestDemo(t *testing.T) {
	var out strings.Builder
	err := demo.Run(t.Context(), demo.Options{
		Binary: theBuilt.binary, Apps: theBuilt.apps, Packages: "../../examples/packages", Out: &out,
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
}

func TestRunUploadsAndClears(t *testing.T) {
	s, a := MustStart(t)
	var out strings.Builder
	o := demo.Options{Apps: theBuilt.apps, Packages: "../../examples/packages", Out: &out}
	for range 2 { // the second time all of them are there already
		if err := demo.Upload(t.Context(), s.Base(), o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Install(t.Context(), "hello", "1.0.1"); err != nil {
		t.Fatal(err)
	}
	if err := demo.Clear(t.Context(), s.Base(), o); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "already exists") || !strings.Contains(out.String(), "deleted hello") {
		t.Errorf("output:\n%s", out.String())
	}
}

// An upgrade that waits for health when its server is killed comes to its end after the next start, unasked.
func TestKilledDuringAnUpgrade(t *testing.T) {
	s, a := MustStart(t)
	MustUploadExamples(t, a)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	mustRead(t, a, 1, "deployed")
	r, err := a.Upgrade(t.Context(), "hello", "1.0.1", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Start(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	mustReadCode(t, a, r.Version, "DEPLOYED")
	mustReadCode(t, a, 1, "DELETED")
	mustDelete(t, a)
}

// A cancel that was accepted is kept over a kill.
func TestKilledAfterACancel(t *testing.T) {
	s, a := MustStart(t)
	MustUploadExamples(t, a)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	// A probe that nobody answers keeps the upgrade waiting.
	const never = "spec:\n  deploymentProperties:\n    spring.cloud.deployer.local.startup-probe.path: /nosuch\n"
	if _, err := a.Upgrade(t.Context(), "hello", "1.0.1", never); err != nil {
		t.Fatal(err)
	}
	var cancel struct{ Accepted bool }
	if err := a.Call(t.Context(), http.MethodPost, "/api/release/cancel", map[string]string{"releaseName": "hello"}, &cancel); err != nil || !cancel.Accepted {
		t.Fatalf("%+v, %v", cancel, err)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Start(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	mustReadCode(t, a, 2, "FAILED")
	i, err := a.Status(t.Context(), "hello", 2)
	if err != nil || !strings.HasPrefix(i.Description, "Cancelled after") {
		t.Errorf("%+v, %v", i, err)
	}
	mustReadCode(t, a, 1, "DEPLOYED")
	mustDelete(t, a)
}

func mustRead(t *testing.T, a *live.API, version int, state string) {
	t.Helper()
	err := live.Until(t.Context(), 20*time.Second, 10*time.Millisecond, "state "+state, func() (bool, error) {
		i, err := a.Status(t.Context(), "hello", version)
		if err != nil {
			return false, err
		}
		all, err := i.Instances()
		return len(all) == 1 && all[0].State == state, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mustReadCode(t *testing.T, a *live.API, version int, code string) {
	t.Helper()
	var last live.Info
	err := live.Until(t.Context(), 20*time.Second, 10*time.Millisecond, fmt.Sprintf("v%d %s", version, code), func() (bool, error) {
		var err error
		last, err = a.Status(t.Context(), "hello", version)
		return last.Status.StatusCode == code, err
	})
	if err != nil {
		t.Fatalf("%v; it reads %+v", err, last)
	}
}

func mustDelete(t *testing.T, a *live.API) {
	t.Helper()
	if err := a.Call(t.Context(), http.MethodDelete, "/api/release/hello", nil, nil); err != nil {
		t.Fatal(err)
	}
}
