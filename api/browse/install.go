package browse

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"
)

func installAction() *action {
	return &action{
		path: "/browse/install/{id}", template: "install", title: "Install",
		load: loadInstall, preview: previewInstall, apply: install,
	}
}

// installData is what the form of an install is about.
type installData struct {
	Package   wirePackage
	Values    *string // the values of the package
	Platforms []wirePlatform
}

func loadInstall(v *visit, f *form) error {
	id := url.PathEscape(chi.URLParam(v.r, "id"))
	d := &installData{}
	found, err := v.fetch("/api/packageMetadata/"+id, &d.Package)
	if err != nil {
		return err
	}
	if !found {
		return missing("There is no such package.")
	}
	f.Back = "/api/packageMetadata/" + id
	var content wireContent
	if _, err := v.fetch("/api/purser/packages/"+id, &content); err != nil {
		return err
	}
	d.Values = content.Values
	var platforms wirePlatforms
	if _, err := v.fetch("/api/deployers?size=1000", &platforms); err != nil {
		return err
	}
	d.Platforms = platforms.Embedded.Deployers
	f.About = d
	return nil
}

type wireIdentifier struct {
	PackageName    string `json:"packageName"`
	PackageVersion string `json:"packageVersion,omitempty"`
}

type wireProperties struct {
	ReleaseName  string   `json:"releaseName"`
	PlatformName string   `json:"platformName,omitempty"`
	ConfigValues *wireRaw `json:"configValues,omitempty"`
}

type wireInstall struct {
	Package    wireIdentifier `json:"packageIdentifier"`
	Properties wireProperties `json:"installProperties"`
}

func installRequest(f *form) (wireInstall, error) {
	p := f.About.(*installData).Package
	name := strings.TrimSpace(f.Get("release"))
	if name == "" {
		return wireInstall{}, typed("The release needs a name.")
	}
	return wireInstall{
		Package:    wireIdentifier{p.Name.Raw(), p.Version.Raw()},
		Properties: wireProperties{name, f.Get("platform"), values(f)},
	}, nil
}

// values gives the values that were typed; nil for none.
func values(f *form) *wireRaw {
	text := strings.ReplaceAll(f.Get("values"), "\r\n", "\n") // as browsers send it
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return &wireRaw{Raw: &text}
}

func previewInstall(v *visit, f *form) error {
	request, err := installRequest(f)
	if err != nil {
		return err
	}
	return v.previewed(f, "/api/purser/preview/install", request)
}

// previewed asks what a change would do.
func (v *visit) previewed(f *form, target string, request any) error {
	a, err := v.call(http.MethodPost, target, request)
	if err := accepted(a, err); err != nil {
		return err
	}
	f.Preview = &wirePreview{}
	return a.decode(f.Preview)
}

func install(v *visit, f *form) (string, error) {
	request, err := installRequest(f)
	if err != nil {
		return "", err
	}
	if err := accepted(v.call(http.MethodPost, "/api/package/install", request)); err != nil {
		return "", err
	}
	return releasePath(request.Properties.ReleaseName, "installed"), nil
}

// releasePath is the page of a release with a word about what was done.
func releasePath(name, said string) string {
	return "/api/release/status/" + url.PathEscape(name) + "?" + paramSaid + "=" + said
}
