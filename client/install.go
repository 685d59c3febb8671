package client

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
)

// InstallRequest makes a release of a package.
type InstallRequest struct {
	ReleaseName  string
	Package      PackageIdentifier
	PlatformName string // "": DefaultPlatform
	Values       string // YAML, "" for none
}

// DefaultPlatform is the platform account of releases that name none. Servers have no such choice of their own.
const DefaultPlatform = "default"

// installProperties are what an install says of the release.
type installProperties struct {
	ReleaseName  string      `json:"releaseName"`
	ConfigValues *wireValues `json:"configValues"`
	PlatformName string      `json:"platformName"`
}

// wireValues are values that were given.
type wireValues struct {
	Raw string `json:"raw"`
}

func valuesOrNull(text string) *wireValues {
	if text == "" {
		return nil
	}
	return &wireValues{text}
}

func (r InstallRequest) properties() installProperties {
	return installProperties{
		ReleaseName: r.ReleaseName, ConfigValues: valuesOrNull(r.Values), PlatformName: cmp.Or(r.PlatformName, DefaultPlatform),
	}
}

func (r InstallRequest) wire() any {
	return struct {
		PackageIdentifier wireIdentifier    `json:"packageIdentifier"`
		InstallProperties installProperties `json:"installProperties"`
	}{r.Package.wire(), r.properties()}
}

// Install makes a release, and answers as soon as the platform was told; Wait follows it from there.
func (c *Client) Install(ctx context.Context, r InstallRequest) (Release, error) {
	return fetch[Release](ctx, c, call{method: http.MethodPost, place: placeInstall, send: r.wire()})
}

// InstallID is Install of the package with that id; the request's Package does not count.
func (c *Client) InstallID(ctx context.Context, id int64, r InstallRequest) (Release, error) {
	v := vars{"id": strconv.FormatInt(id, 10)}
	return fetch[Release](ctx, c, call{method: http.MethodPost, place: placeInstallID, vars: v, send: r.properties()})
}
