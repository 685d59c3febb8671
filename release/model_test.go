package release_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"purser"
)

// action is one thing that clients, platform or operator do.
type action struct {
	Kind    string
	Name    string
	Package string // version of duo
	Values  string // "" for none
	Force   bool
	Apps    []string // with Force
	Version int
	App     string // what is scaled
	Count   int
	Fate    string // of application two, if it is deployed by this: healthy, crash, hang, refused
}

// modelApp is an application of a version as the model knows it.
type modelApp struct{ content, id string }

type modelVersion struct {
	stage  purser.Stage
	pkg    string
	values *string
	apps   map[string]modelApp
	fresh  []string // ids that this version has deployed
}

// model is what releases should be, in the fewest words that say it. Every release is of the package duo.
type model struct {
	versions  map[string][]modelVersion
	pending   map[string]bool   // keys with an upgrade that waits
	instances map[string]int    // deployment -> instances
	fates     map[string]string // deployment -> healthy, crash or hang
	byID      map[string]bool   // keys that were installed over
}

func newModel() *model {
	return &model{
		versions: map[string][]modelVersion{}, pending: map[string]bool{}, instances: map[string]int{},
		fates: map[string]string{}, byID: map[string]bool{},
	}
}

var settledStages = []purser.Stage{purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted}

// latest gives the number of the highest version in one of the stages, 0 for none.
func (m *model) latest(name string, stages ...purser.Stage) int {
	for n := len(m.versions[name]); n > 0; n-- {
		if slices.Contains(stages, m.at(name, n).stage) {
			return n
		}
	}
	return 0
}

func (m *model) at(name string, n int) *modelVersion { return &m.versions[name][n-1] }

// do changes the model and gives the code that the engine should answer with.
func (m *model) do(a action) purser.Code {
	if m.pending[a.Name] && !slices.Contains([]string{"cancel", "settle", "restart"}, a.Kind) {
		return purser.CodeBusy
	}
	switch a.Kind {
	case "install", "install by id":
		n := m.latest(a.Name, settledStages...)
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
		for _, app := range m.at(a.Name, n).apps {
			delete(m.instances, app.id)
		}
	case "scale":
		return m.scale(a)
	case "cancel":
		m.fail(a.Name)
	case "settle":
		for name := range m.pending {
			m.fail(name)
		}
	}
	return ""
}

// content tells what the manifest says of each application.
func content(pkg string, values *string) map[string]string {
	apps := map[string]string{"one": "", "two": ""}
	if pkg == "1.1.0" {
		apps["three"] = ""
	}
	parsed, _ := parseValues(values)
	for name := range apps {
		own := map[string]string{}
		for k, v := range parsed {
			if rest, ok := strings.CutPrefix(k, name+"."); ok {
				own[rest] = v
			} else if !strings.Contains(k, ".") {
				own[k] = v
			}
		}
		apps[name] = dumpValues(own)
	}
	return apps
}

// add appends a version and deploys what is not kept.
func (m *model) add(a action, pkg string, values *string, kept map[string]string, counts map[string]int) *modelVersion {
	n := len(m.versions[a.Name]) + 1
	v := modelVersion{stage: purser.StageDeployed, pkg: pkg, values: values, apps: map[string]modelApp{}}
	for app, text := range content(pkg, values) {
		id := kept[app]
		if id == "" {
			id = fmt.Sprintf("%s.%s-v%d", a.Name, app, n)
			v.fresh = append(v.fresh, id)
			m.instances[id], m.fates[id] = max(counts[app], 1), "healthy"
			if app == "two" {
				m.fates[id] = a.Fate
			}
		}
		v.apps[app] = modelApp{text, id}
	}
	m.versions[a.Name] = append(m.versions[a.Name], v)
	return m.at(a.Name, n)
}

func (m *model) undeploy(ids []string) {
	for _, id := range ids {
		delete(m.instances, id)
	}
}

func (m *model) install(a action, pkg string, values *string) purser.Code {
	if a.Fate == "refused" {
		return purser.CodePlatform
	}
	m.add(a, pkg, values, nil, nil)
	return ""
}

func (m *model) upgrade(a action, pkg string, values *string, force bool) purser.Code {
	n := m.latest(a.Name, settledStages...)
	if n == 0 {
		return purser.CodeReleaseNotFound
	}
	from := *m.at(a.Name, n)
	if values != nil {
		values, _ = lines{}.MergeValues(m.at(a.Name, len(m.versions[a.Name])).values, values)
	}
	live, now := from.stage == purser.StageDeployed, content(pkg, values)
	same, kept, counts, replaced := len(now) == len(from.apps), map[string]string{}, map[string]int{}, []string{}
	for app, text := range now {
		old, there := from.apps[app]
		same = same && there && old.content == text
		forced := force && (len(a.Apps) == 0 || slices.Contains(a.Apps, app))
		switch {
		case live && there && old.content == text && !forced:
			kept[app] = old.id
		case live && there:
			counts[app] = m.instances[old.id]
		}
	}
	if same && !force {
		return purser.CodeNoDifference
	}
	for app, old := range from.apps {
		if live && kept[app] == "" {
			replaced = append(replaced, old.id)
		}
	}
	v := m.add(a, pkg, values, kept, counts)
	switch m.health(*v) {
	case "refused", "crash":
		v.stage = purser.StageFailed
		m.undeploy(v.fresh)
	case "hang":
		v.stage = purser.StageDeploying
		m.pending[a.Name] = true
		m.at(a.Name, n).stage = from.stage
	default:
		m.undeploy(replaced)
		if live {
			m.at(a.Name, n).stage = purser.StageSuperseded
		}
	}
	return ""
}

// health tells how the wait for a version's health ends.
func (m *model) health(v modelVersion) string {
	worst := "healthy"
	for _, app := range v.apps {
		fate := m.fates[app.id]
		if m.instances[app.id] == 0 { // a kept one that was scaled to nothing
			fate = "hang"
		}
		for _, f := range []string{"hang", "crash", "refused"} {
			if fate == f && (worst == "healthy" || f != "hang") {
				worst = f
			}
		}
	}
	return worst
}

func (m *model) rollback(a action) purser.Code {
	if a.Version < 0 {
		return purser.CodeInvalid
	}
	current := m.latest(a.Name, settledStages...)
	if current == 0 {
		return purser.CodeReleaseNotFound
	}
	target := a.Version
	for n := current - 1; n > 0 && target == 0; n-- {
		if m.at(a.Name, n).stage != purser.StageFailed {
			target = n
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

func (m *model) scale(a action) purser.Code {
	n := len(m.versions[a.Name])
	if n == 0 {
		return purser.CodeReleaseNotFound
	}
	v := m.at(a.Name, n)
	app, there := v.apps[a.App]
	if !there || v.stage.IsDeleted() {
		return ""
	}
	if _, runs := m.instances[app.id]; !runs {
		return purser.CodePlatform
	}
	m.instances[app.id] = a.Count
	return ""
}

// fail ends an upgrade that waits.
func (m *model) fail(name string) {
	if !m.pending[name] {
		return
	}
	v := m.at(name, len(m.versions[name]))
	v.stage = purser.StageFailed
	m.undeploy(v.fresh)
	delete(m.pending, name)
}

// rows lists all versions with their deployments.
func (m *model) rows() []string {
	rows := []string{}
	for name, versions := range m.versions {
		for n, v := range versions {
			ids := []string{}
			for _, app := range v.apps {
				ids = append(ids, app.id)
			}
			slices.Sort(ids)
			rows = append(rows, fmt.Sprintf("%s v%d %s %v", name, n+1, v.stage, ids))
		}
	}
	slices.Sort(rows)
	return rows
}

// running gives the instances of each deployment.
func (m *model) running() map[string]int { return maps.Clone(m.instances) }

func optional(values string) *string {
	if values == "" {
		return nil
	}
	return &values
}
