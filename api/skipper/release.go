package skipper

import (
	"maps"
	"slices"

	"purser"
	"purser/api"
	"purser/api/hal"
)

// Release is one version of a release on the wire (spec/rest.md §4.2).
type Release purser.Release

// AppendFields implements hal.Fields.
func (r Release) AppendFields(w *hal.Writer) {
	w.Key("name")
	w.String(r.Key.Name)
	w.Key("version")
	w.Int(int64(r.Version))
	w.Key("info")
	w.BeginObject()
	Info(r).AppendFields(w)
	w.EndObject()
	w.Key("pkg")
	w.BeginObject()
	Package(r.Package).AppendFields(w)
	w.EndObject()
	w.Key("configValues")
	raw(w, r.Values)
	w.Key("manifest")
	w.BeginObject()
	Manifest(r.Manifest).AppendFields(w)
	w.EndObject()
	w.Key("platformName")
	w.String(r.Platform)
}

// Info is how far a version has come, on the wire (spec/rest.md §4.2): both dates of deployment are the one at which
// the version came to be, and the date of deletion is never set.
type Info purser.Release

// AppendFields implements hal.Fields.
func (i Info) AppendFields(w *hal.Writer) {
	created := api.FormatTime(i.CreatedAt)
	w.Key("status")
	w.BeginObject()
	w.Key("statusCode")
	w.String(i.Stage.StatusCode())
	w.Key("platformStatus")
	platformStatus(w, i.Statuses)
	w.EndObject()
	w.Key("firstDeployed")
	w.String(created)
	w.Key("lastDeployed")
	w.String(created)
	w.Key("deleted")
	w.Null()
	w.Key("description")
	w.String(i.Description)
}

// Manifest is a manifest on the wire.
type Manifest string

// AppendFields implements hal.Fields.
func (m Manifest) AppendFields(w *hal.Writer) {
	w.Key("data")
	w.String(string(m))
}

// platformStatus writes what the platform said last: a text that holds JSON, or null when it never said anything.
func platformStatus(w *hal.Writer, statuses []purser.AppStatus) {
	if len(statuses) == 0 {
		w.Null()
		return
	}
	w.Quoted(func(w *hal.Writer) {
		w.BeginArray()
		for i := range statuses {
			w.BeginObject()
			appStatus(w, &statuses[i])
			w.EndObject()
		}
		w.EndArray()
	})
}

func appStatus(w *hal.Writer, s *purser.AppStatus) {
	w.Key("deploymentId")
	w.String(s.DeploymentID)
	w.Key("instances")
	w.BeginObject()
	for i := range s.Instances {
		instance := &s.Instances[i]
		w.Key(instance.ID)
		w.BeginObject()
		w.Key("id")
		w.String(instance.ID)
		w.Key("state")
		w.String(string(instance.State))
		w.Key("attributes")
		w.TextMap(instance.Attributes)
		w.EndObject()
	}
	w.EndObject()
	w.Key("state")
	w.String(string(s.State))
}

// Infos are the infos of several releases by name, on the wire sorted by name.
type Infos map[string]purser.Release

// AppendFields implements hal.Fields.
func (i Infos) AppendFields(w *hal.Writer) {
	for _, name := range slices.Sorted(maps.Keys(i)) {
		w.Key(name)
		w.BeginObject()
		Info(i[name]).AppendFields(w)
		w.EndObject()
	}
}

// States are the states of the deployments of several releases, on the wire sorted by name and deployment.
type States map[string]map[string]purser.AppState

// AppendFields implements hal.Fields.
func (s States) AppendFields(w *hal.Writer) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		w.Key(name)
		w.BeginObject()
		for _, id := range slices.Sorted(maps.Keys(s[name])) {
			w.Key(id)
			w.String(string(s[name][id]))
		}
		w.EndObject()
	}
}

var (
	_ hal.Fields = Release{}
	_ hal.Fields = Info{}
	_ hal.Fields = Manifest("")
	_ hal.Fields = Infos{}
	_ hal.Fields = States{}
)
