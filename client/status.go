package client

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

// Status asks how a version of a release stands; version 0 is the latest. A ReleaseNotFoundError says that there is none.
func (c *Client) Status(ctx context.Context, name string, version int) (Info, error) {
	p, v := versioned(placeStatus, placeStatusVersion, name, version)
	return fetch[Info](ctx, c, call{method: http.MethodGet, place: p, vars: v})
}

// Statuses asks how the latest versions of releases stand, by name. Names that are not there are left out.
func (c *Client) Statuses(ctx context.Context, names ...string) (map[string]Info, error) {
	found := map[string]Info{}
	err := c.named(ctx, placeStatuses, names, &found)
	return found, err
}

// States asks for the states of the applications of releases: by the release's name, then by deployment id. Names that are
// not there are left out.
func (c *Client) States(ctx context.Context, names ...string) (map[string]map[string]State, error) {
	found := map[string]map[string]State{}
	err := c.named(ctx, placeStates, names, &found)
	return found, err
}

// named asks for several releases at once. Without names nothing is asked.
func (c *Client) named(ctx context.Context, p place, names []string, out any) error {
	if len(names) == 0 {
		return nil
	}
	a, err := c.call(ctx, call{method: http.MethodGet, place: p, vars: vars{"names": strings.Join(names, ",")}})
	if err != nil || len(a.body) == 0 { // what the server says when it knows none
		return err
	}
	return a.decode(out)
}

// Manifest reads the manifest of a version of a release; version 0 is the latest.
func (c *Client) Manifest(ctx context.Context, name string, version int) (string, error) {
	p, v := versioned(placeManifest, placeManifestVersion, name, version)
	m, err := fetch[Manifest](ctx, c, call{method: http.MethodGet, place: p, vars: v})
	return m.Data, err
}

// versioned gives the place for a version, or the one for the latest.
func versioned(latest, one place, name string, version int) (place, vars) {
	if version == 0 {
		return latest, vars{"name": name}
	}
	return one, vars{"name": name, "version": strconv.Itoa(version)}
}
