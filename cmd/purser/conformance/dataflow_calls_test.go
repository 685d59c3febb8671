package conformance_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// dataflow makes the calls that a Data Flow server makes (spec/clients.md §3).
type dataflow struct {
	t    *testing.T
	base string
}

// on gives the same calls for another test.
func (d dataflow) on(t *testing.T) dataflow { return dataflow{t: t, base: d.base} }

// call sends a request the way its client does; a delete has no Accept.
func (d dataflow) call(do string, body any) reply {
	d.t.Helper()
	lines, text := []string{"Accept: application/json, application/*+json", "User-Agent: Apache-HttpClient/4.5.14 (Java/17)"}, ""
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			d.t.Fatal(err)
		}
		lines, text = append(lines, "Content-Type: application/json"), string(encoded)
	}
	if do[0] == 'D' {
		lines = lines[1:]
	}
	return mustCall(d.t, d.base+"/api", do, text, lines...)
}

// must is a call that is answered with a status, and its JSON.
func (d dataflow) must(status int, do string, body, out any) {
	d.t.Helper()
	a := d.call(do, body)
	if a.status != status {
		d.t.Fatalf("%s: %d instead of %d: %s", do, a.status, status, a.text)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal([]byte(a.text), out); err != nil {
		d.t.Fatalf("%s: %v: %s", do, err, a.text)
	}
}

// refusal is an error as its client rebuilds it.
type refusal struct {
	Exception, Message, ReleaseName string
}

type release struct {
	Name         string
	Version      int
	Info         info
	Manifest     struct{ Data string }
	PlatformName string
	Pkg          *struct {
		Metadata *struct{ Name, Version string }
	}
}

type info struct {
	Status struct {
		StatusCode     string
		PlatformStatus *string
	}
	Description string
}

// app is an element of a platform status.
type app struct {
	DeploymentID string
	State        string
	Instances    map[string]struct {
		ID, State  string
		Attributes map[string]string
	}
}

// mustApps reads a platform status, which has to be there.
func (i info) mustApps(t *testing.T) map[string]app {
	t.Helper()
	var list []app
	if i.Status.PlatformStatus == nil {
		t.Fatalf("no platform status: %+v", i)
	}
	if err := json.Unmarshal([]byte(*i.Status.PlatformStatus), &list); err != nil {
		t.Fatal(err)
	}
	byID := map[string]app{}
	for _, a := range list {
		byID[a.DeploymentID] = a
	}
	return byID
}

// deploy is what Data Flow does for a stream: it asks whether it runs, looks the platform up twice, uploads and installs.
func (d dataflow) deploy(s stream) release {
	d.t.Helper()
	d.platform("default")
	d.platform("default")
	d.upload(s, http.StatusCreated, nil)
	var r release
	d.must(http.StatusCreated, "POST /package/install", map[string]any{
		"packageIdentifier": map[string]any{"repositoryName": "local", "packageName": s.name, "packageVersion": "1.0.0"},
		"installProperties": map[string]any{
			"releaseName": s.name, "platformName": "default", "configValues": map[string]any{"raw": nil},
		},
	}, &r)
	return r
}

// platform looks an account up by its exact name.
func (d dataflow) platform(name string) {
	d.t.Helper()
	var list struct {
		Embedded struct {
			Deployers []struct {
				Name, Type, Description string
				Options                 []struct{ ID, Name string }
			}
		} `json:"_embedded"`
	}
	d.must(http.StatusOK, "GET /deployers?size=2000", nil, &list)
	for _, p := range list.Embedded.Deployers {
		if p.Name == name && p.Type == "local" && p.Options != nil {
			return
		}
	}
	d.t.Fatalf("no platform %s: %+v", name, list)
}

func (d dataflow) upload(s stream, status int, out any) {
	d.t.Helper()
	d.must(status, "POST /package/upload", map[string]any{
		"name": s.name, "repoName": "local", "version": "1.0.0", "extension": "zip", "packageFileAsBytes": s.mustPack(d.t),
	}, out)
}

// update changes properties of applications: lines of YAML, by label.
func (d dataflow) update(s stream, changes map[string]string) release {
	d.t.Helper()
	var r release
	d.must(http.StatusCreated, "POST /release/upgrade", map[string]any{
		"packageIdentifier": map[string]any{"repositoryName": nil, "packageName": s.name, "packageVersion": nil},
		"upgradeProperties": map[string]any{"releaseName": s.name, "configValues": map[string]any{"raw": s.override(changes)}},
		"timeout":           nil, "force": false, "appNames": []string{},
	}, &r)
	return r
}

// packages lists the packages whose names hold a name, as an undeploy does.
func (d dataflow) packages(name string) []string {
	d.t.Helper()
	var list struct {
		Embedded struct {
			PackageMetadata []struct{ Name string }
		} `json:"_embedded"`
	}
	d.must(http.StatusOK, "GET /packageMetadata/search/findByNameContainingIgnoreCase?size=2000&name="+name+"&projection=summary&sort=name,asc", nil, &list)
	var names []string
	for _, m := range list.Embedded.PackageMetadata {
		names = append(names, m.Name)
	}
	return names
}

// becomes polls the states of a stream until they are the ones wanted.
func (d dataflow) becomes(name string, want map[string]string) {
	d.t.Helper()
	var got map[string]map[string]string
	err := live.Until(d.t.Context(), 30*time.Second, 20*time.Millisecond, "states of "+name, func() (bool, error) {
		got = nil
		d.must(http.StatusOK, "GET /release/states?names="+name, nil, &got)
		states := got[name]
		if len(states) != len(want) {
			return false, nil
		}
		for id, state := range want {
			if states[id] != state {
				return false, nil
			}
		}
		return true, nil
	})
	if err != nil {
		d.t.Fatalf("%v; they are %v, want %v", err, got, want)
	}
}
