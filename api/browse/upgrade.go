package browse

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
)

func upgradeAction() *action {
	return &action{
		path: "/browse/release/{name}/upgrade", template: "upgrade", title: "Upgrade",
		load: loadUpgrade, preview: previewUpgrade, apply: upgrade,
	}
}

func rollbackAction() *action {
	return &action{
		path: "/browse/release/{name}/rollback", template: "rollback", title: "Roll back",
		load: loadRollback, preview: previewRollback, apply: rollback,
	}
}

// loadRelease reads the release that a form is about, with its live state.
func loadRelease(v *visit, f *form) error {
	name := exact(chi.URLParam(v.r, "name"))
	d, err := v.releasePage(v.newPage(), name, 0, "")
	if err != nil {
		return err
	}
	if d == nil {
		return missing("There is no release named " + name.String() + ".")
	}
	var live wireInfo
	if found, err := v.fetch("/api/release/status/"+name.Path(), &live); err != nil {
		return err
	} else if found {
		d.Latest.Info, d.Release.Info = live, live
	}
	f.Back = "/api/release/status/" + name.Path()
	f.About = d
	return nil
}

// loadRollback proposes the version to bring back: of a release that runs the newest one before it that has not failed, of
// one that is deleted the newest.
func loadRollback(v *visit, f *form) error {
	if err := loadRelease(v, f); err != nil || f.Has("version") {
		return err
	}
	d := f.About.(*releaseData)
	for i, r := range d.Shown {
		if r.Info.Status.StatusCode != "FAILED" && (i > 0 || !d.Running()) && r.Version != d.Survivor() {
			f.Fields = maps.Clone(f.Fields)
			f.Fields.Set("version", strconv.Itoa(r.Version))
			break
		}
	}
	return nil
}

// upgradeData is what a release can be upgraded to.
type upgradeData struct {
	Versions []wirePackage
	Values   *string // the overrides that it has now
}

func loadUpgrade(v *visit, f *form) error {
	if err := loadRelease(v, f); err != nil {
		return err
	}
	d := f.About.(*releaseData)
	running := d.Latest
	if running.Info.Status.StatusCode == "FAILED" { // what runs is an older one
		for _, r := range d.Shown {
			if r.Info.Status.StatusCode == "DEPLOYED" {
				running = r
				break
			}
		}
	}
	d.Release = running
	list, err := v.versions(running.Pkg.Metadata.Name)
	if err != nil {
		return err
	}
	d.Upgrade = &upgradeData{Versions: list, Values: d.Latest.ConfigValues.Raw}
	return nil
}

type wireUpgrade struct {
	Package    wireIdentifier `json:"packageIdentifier"`
	Properties wireProperties `json:"upgradeProperties"`
	Timeout    *int64         `json:"timeout,omitempty"`
	Force      bool           `json:"force,omitempty"`
}

func upgradeRequest(f *form) (wireUpgrade, error) {
	d := f.About.(*releaseData)
	request := wireUpgrade{
		Package:    wireIdentifier{d.Release.Pkg.Metadata.Name.Raw(), f.Get("version")},
		Properties: wireProperties{ReleaseName: d.Name.Raw(), ConfigValues: values(f)},
		Force:      f.Has("force"),
	}
	if strings.TrimSpace(asText(d.Upgrade.Values)) != "" {
		drop := f.Get("keep") == "drop"
		switch {
		case drop && request.Properties.ConfigValues != nil:
			return request, typed("Values are laid over those that the release has. To drop those, leave the field empty.")
		case !drop && request.Properties.ConfigValues == nil:
			nothing := "{}" // laid over what there is, it changes nothing; without values all are dropped
			request.Properties.ConfigValues = &wireRaw{Raw: &nothing}
		}
	}
	var err error
	request.Timeout, err = timeout(f)
	return request, err
}

// timeout reads a time in seconds, for the API in milliseconds; nil when none was typed.
func timeout(f *form) (*int64, error) {
	text := strings.TrimSpace(f.Get("timeout"))
	if text == "" {
		return nil, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 32)
	if err != nil || seconds <= 0 {
		return nil, typed("The time to wait is a number of seconds.")
	}
	ms := seconds * 1000
	return &ms, nil
}

func previewUpgrade(v *visit, f *form) error {
	request, err := upgradeRequest(f)
	if err != nil {
		return err
	}
	return v.previewed(f, "/api/purser/preview/upgrade", request)
}

func upgrade(v *visit, f *form) (string, error) {
	request, err := upgradeRequest(f)
	if err != nil {
		return "", err
	}
	if err := accepted(v.call(http.MethodPost, "/api/release/upgrade", request)); err != nil {
		return "", err
	}
	return releasePath(request.Properties.ReleaseName, "upgraded"), nil
}

type wireRollback struct {
	ReleaseName string `json:"releaseName"`
	Version     int    `json:"version"`
	Timeout     *int64 `json:"timeout,omitempty"`
}

func rollbackRequest(f *form) (wireRollback, error) {
	version, err := strconv.Atoi(f.Get("version"))
	if err != nil || version < 1 {
		return wireRollback{}, typed("Choose the version to bring back.")
	}
	request := wireRollback{ReleaseName: f.About.(*releaseData).Name.Raw(), Version: version}
	request.Timeout, err = timeout(f)
	return request, err
}

func previewRollback(v *visit, f *form) error {
	request, err := rollbackRequest(f)
	if err != nil {
		return err
	}
	return v.previewed(f, "/api/purser/preview/rollback", request)
}

func rollback(v *visit, f *form) (string, error) {
	request, err := rollbackRequest(f)
	if err != nil {
		return "", err
	}
	if err := accepted(v.call(http.MethodPost, "/api/release/rollback", request)); err != nil {
		return "", err
	}
	return releasePath(request.ReleaseName, "rolled"), nil
}
