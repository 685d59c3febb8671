package conformance_test

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"purser/cmd/purser/live"
)

func (d dataflow) status(name string) info {
	d.t.Helper()
	var i info
	d.must(http.StatusOK, "GET /release/status/"+name, nil, &i)
	return i
}

// settled waits until a version is DEPLOYED and the one before it is gone.
func (d dataflow) settled(name string, version int) {
	d.t.Helper()
	a := live.NewAPI(d.base)
	mustBecome(d.t, a, name, version, "DEPLOYED")
	mustBecome(d.t, a, name, version-1, "DELETED")
}

// says reads the page of the first instance of a deployment of ticktock.
func (d dataflow) says(deployment, want string) {
	d.t.Helper()
	url := d.status("ticktock").mustApps(d.t)[deployment].Instances[deployment+"-0"].Attributes["url"]
	if got, err := live.NewAPI(d.base).Page(d.t.Context(), url); err != nil || got != want {
		d.t.Errorf("%s says %q, %v; want %q", deployment, got, err, want)
	}
}

// runtime reads what runs, by stream and by application, and talks to one instance.
func (d dataflow) runtime() {
	var statuses map[string]info
	d.must(http.StatusOK, "GET /release/statuses?names=ticktock", nil, &statuses)
	instance := statuses["ticktock"].mustApps(d.t)["ticktock.log-v4"].Instances["ticktock.log-v4-1"]
	for key, want := range map[string]string{
		"guid": "ticktock.log-v4-1", "skipper.application.name": "log", "skipper.release.name": "ticktock", "skipper.release.version": "4",
	} {
		if instance.Attributes[key] != want {
			d.t.Errorf("%s: %q, want %q", key, instance.Attributes[key], want)
		}
	}
	for _, key := range []string{"port", "url", "working.dir", "stdout", "stderr", "pid"} {
		if instance.Attributes[key] == "" {
			d.t.Errorf("no %s: %v", key, instance.Attributes)
		}
	}
	if a := d.call("GET /release/statuses?names=", nil); a.status != http.StatusOK || a.text != "{}" {
		d.t.Errorf("statuses of no name: %d %s", a.status, a.text)
	}
	if a := d.call("GET /release/states?names=", nil); a.status != http.StatusOK {
		d.t.Errorf("states of no name: %d %s", a.status, a.text)
	}

	// An application by id is looked for in the list of all.
	var list struct {
		Embedded struct{ Releases []release } `json:"_embedded"`
	}
	d.must(http.StatusOK, "GET /release/list", nil, &list)
	found := slices.IndexFunc(list.Embedded.Releases, func(r release) bool {
		_, has := r.Info.mustApps(d.t)["ticktock.log-v4"]
		return has
	})
	if found < 0 {
		d.t.Fatalf("ticktock.log-v4 is not in %+v", list)
	}
	guid := instance.Attributes["guid"]
	actuator := "/release/actuator/" + instance.Attributes["skipper.release.name"] + "/ticktock.log-v4/" + guid
	if a := d.call("GET "+actuator+"?endpoint=/info", nil); a.text != `{"version":"1.0.0"}` {
		d.t.Errorf("%d %s", a.status, a.text)
	}
	posted := d.call("POST "+actuator, map[string]any{"endpoint": "/echo", "body": map[string]string{"a": "1"}})
	if !strings.Contains(posted.text, `"method":"POST"`) || !strings.Contains(posted.text, `{'a':'1'}`) {
		d.t.Errorf("%d %s", posted.status, posted.text)
	}
}

// undeploy deletes the release with its package, if the package is listed.
func (d dataflow) undeploy(name string) {
	d.t.Helper()
	if names := d.packages(name); !slices.Contains(names, name) {
		d.t.Fatalf("packages %v", names)
	}
	if len(d.running(name)) == 0 {
		d.t.Errorf("nothing of %s runs", name)
	}
	d.must(http.StatusOK, "DELETE /release/"+name+"/package", nil, nil)
	i := d.status(name)
	if i.Status.StatusCode != "DELETED" || i.Status.PlatformStatus != nil || i.Description != "Delete complete" {
		d.t.Errorf("%+v", i)
	}
	if names := d.packages(name); len(names) > 0 {
		d.t.Errorf("packages %v", names)
	}
	var states map[string]map[string]string
	d.must(http.StatusOK, "GET /release/states?names="+name, nil, &states)
	if states[name] == nil || len(states[name]) > 0 {
		d.t.Errorf("states %v", states)
	}
	err := live.Until(d.t.Context(), 10*time.Second, 20*time.Millisecond, "the applications have ended", func() (bool, error) {
		return len(d.running(name)) == 0, nil
	})
	if err != nil {
		d.t.Errorf("%v: %v", err, d.running(name))
	}
}

// running lists the processes of the applications of a stream.
func (d dataflow) running(name string) []live.Process {
	return slices.DeleteFunc(live.Processes(theBuilt.payload), func(p live.Process) bool {
		return !strings.Contains(p.Dir, name+".") || !strings.Contains(p.Args[0], "demo-")
	})
}
