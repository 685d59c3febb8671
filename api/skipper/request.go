package skipper

import (
	"math"
	"net/http"
	"time"

	"purser"
	"purser/api"
	"purser/api/body"
)

// ReadInstall reads the body of an install that names its package (spec/rest.md §2.5). The repository in the identifier
// does not count.
func ReadInstall(r *http.Request) (purser.InstallRequest, error) {
	o, err := api.DecodeObject(r)
	if err != nil {
		return purser.InstallRequest{}, err
	}
	properties := o.Object("installProperties")
	request := installRequest(properties)
	request.Package = identifier(o.Object("packageIdentifier"))
	if err := api.Readable(o); err != nil {
		return request, err
	}
	if properties.IsNull() {
		return request, purser.Errorf(purser.CodeInvalid, "Install properties must not be null")
	}
	return request, nil
}

// ReadInstallProperties reads the body of an install whose package stands in the path (spec/rest.md §2.6).
func ReadInstallProperties(r *http.Request) (purser.InstallRequest, error) {
	o, err := api.DecodeObject(r)
	if err != nil {
		return purser.InstallRequest{}, err
	}
	request := installRequest(o)
	return request, api.Readable(o)
}

func installRequest(properties *body.Object) purser.InstallRequest {
	return purser.InstallRequest{
		Key:      keyOf(properties.Text("releaseName")),
		Platform: text(properties.Text("platformName")),
		Values:   properties.Object("configValues").Text("raw"),
	}
}

// ReadUpgrade reads the body of an upgrade (spec/rest.md §2.14).
func ReadUpgrade(r *http.Request) (purser.UpgradeRequest, error) {
	o, err := api.DecodeObject(r)
	if err != nil {
		return purser.UpgradeRequest{}, err
	}
	properties := o.Object("upgradeProperties")
	name := properties.Text("releaseName")
	request := purser.UpgradeRequest{
		Key:     keyOf(name),
		Package: identifier(o.Object("packageIdentifier")),
		Values:  properties.Object("configValues").Text("raw"),
		Timeout: timeout(o),
		Force:   o.Bool("force"),
		Apps:    o.Texts("appNames"),
	}
	if err := api.Readable(o); err != nil {
		return request, err
	}
	if properties.IsNull() {
		return request, purser.Errorf(purser.CodeInvalid, "Upgrade properties must not be null")
	}
	return request, named(name)
}

// ReadRollback reads the body of a rollback (spec/rest.md §2.15).
func ReadRollback(r *http.Request) (purser.RollbackRequest, error) {
	o, err := api.DecodeObject(r)
	if err != nil {
		return purser.RollbackRequest{}, err
	}
	name, version := o.Text("releaseName"), o.Int("version")
	request := purser.RollbackRequest{Key: keyOf(name), Timeout: timeout(o)}
	if err := api.Readable(o); err != nil {
		return request, err
	}
	if err := named(name); err != nil {
		return request, err
	}
	if version == nil {
		return request, purser.Errorf(purser.CodeInvalid, "Rollback version must not be null")
	}
	request.Version = *version
	return request, nil
}

// ReadCancel reads the body of a cancel (spec/rest.md §2.17): the release that is meant.
func ReadCancel(r *http.Request) (purser.ReleaseKey, error) {
	o, err := api.DecodeObject(r)
	if err != nil {
		return purser.ReleaseKey{}, err
	}
	name := o.Text("releaseName")
	if err := api.Readable(o); err != nil {
		return purser.ReleaseKey{}, err
	}
	return keyOf(name), named(name)
}

// timeout reads a time in milliseconds, nil when none is given. Times that pass the clock's range are cut to it.
func timeout(o *body.Object) *time.Duration {
	ms := o.Long("timeout")
	if ms == nil {
		return nil
	}
	const most = math.MaxInt64 / int64(time.Millisecond)
	d := time.Duration(min(max(*ms, -most), most)) * time.Millisecond
	return &d
}

// identifier reads a package identifier.
func identifier(o *body.Object) purser.PackageIdentifier {
	return purser.PackageIdentifier{Name: text(o.Text("packageName")), Version: text(o.Text("packageVersion"))}
}

// keyOf names a release of Skipper's space.
func keyOf(name *string) purser.ReleaseKey { return purser.ReleaseKey{Name: text(name)} }

// named refuses a request that names no release.
func named(name *string) error {
	if name == nil {
		return purser.Errorf(purser.CodeInvalid, "Release name must not be empty")
	}
	return nil
}

// text gives "" for a text that is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
