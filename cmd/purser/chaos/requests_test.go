package chaos_test

import (
	"context"
	"fmt"
	"net/http"

	"purser/cmd/purser/live"
)

// release is a version of a release as a change answers it.
type release struct {
	Name    string
	Version int
	Info    live.Info
	Pkg     struct {
		Metadata struct{ Version string }
	}
}

// change is a request that changes a release.
type change struct {
	kind    string // install, upgrade, rollback, scale, delete
	name    string // of the release
	pkg     string // name of the package, "" for app
	version string // of the package
	values  string
	timeout int // milliseconds, 0: the server's
	force   bool
	back    int // with rollback
	count   int // with scale
}

// send asks for a change and gives the answer.
func (c change) send(ctx context.Context, a *live.API) (release, error) {
	if c.pkg == "" {
		c.pkg = "app"
	}
	identifier := map[string]string{"packageName": c.pkg, "packageVersion": c.version}
	properties := map[string]any{"releaseName": c.name}
	if c.values != "" {
		properties["configValues"] = map[string]string{"raw": c.values}
	}
	method, path, body := http.MethodPost, "/api/release/"+c.kind, map[string]any{}
	switch c.kind {
	case "install":
		path = "/api/package/install"
		properties["platformName"] = "default"
		body["packageIdentifier"], body["installProperties"] = identifier, properties
	case "upgrade":
		body["packageIdentifier"], body["upgradeProperties"], body["force"] = identifier, properties, c.force
	case "rollback":
		body["releaseName"], body["version"] = c.name, c.back
	case "scale":
		path += "/" + c.name
		body["scale"] = []map[string]any{{"name": "web", "count": c.count}}
	case "delete":
		method, path, body = http.MethodDelete, "/api/release/"+c.name, nil
	}
	if c.timeout > 0 && (c.kind == "upgrade" || c.kind == "rollback") {
		body["timeout"] = c.timeout
	}
	var r release
	if body == nil {
		return r, a.Call(ctx, method, path, nil, &r)
	}
	return r, a.Call(ctx, method, path, body, &r)
}

func (c change) String() string {
	text := c.kind + " " + c.name
	switch c.kind {
	case "install", "upgrade":
		text += " with " + c.version
	case "rollback":
		text += fmt.Sprintf(" to %d", c.back)
	case "scale":
		text += fmt.Sprintf(" to %d", c.count)
	}
	return text
}

// cancel asks for the end of an upgrade and tells whether that was accepted.
func cancel(ctx context.Context, a *live.API, name string) (bool, error) {
	var answer struct{ Accepted bool }
	err := a.Call(ctx, http.MethodPost, "/api/release/cancel", map[string]string{"releaseName": name}, &answer)
	return answer.Accepted, err
}
