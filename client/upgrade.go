package client

import (
	"context"
	"net/http"
	"time"
)

// UpgradeRequest replaces the current version of a release.
type UpgradeRequest struct {
	ReleaseName  string
	Package      PackageIdentifier
	Values       string         // YAML; "": earlier ones are dropped
	Timeout      *time.Duration // of the health check, in whole milliseconds; nil: the server's default
	Force        bool
	Applications []string // with Force: only these besides those that changed; empty: all
}

func (r UpgradeRequest) wire() any {
	type upgradeProperties struct {
		ReleaseName  string      `json:"releaseName"`
		ConfigValues *wireValues `json:"configValues"`
	}
	applications := r.Applications
	if applications == nil {
		applications = []string{}
	}
	return struct {
		PackageIdentifier wireIdentifier    `json:"packageIdentifier"`
		UpgradeProperties upgradeProperties `json:"upgradeProperties"`
		Timeout           *int64            `json:"timeout"`
		Force             bool              `json:"force"`
		AppNames          []string          `json:"appNames"`
	}{r.Package.wire(), upgradeProperties{r.ReleaseName, valuesOrNull(r.Values)}, milliseconds(r.Timeout), r.Force, applications}
}

// milliseconds gives a time for the wire.
func milliseconds(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	ms := d.Milliseconds()
	return &ms
}

// Upgrade replaces a release's current version, and answers with the new one while that is still under way; Wait follows
// it to its end. A ReleaseUpgradeError says that nothing would change.
func (c *Client) Upgrade(ctx context.Context, r UpgradeRequest) (Release, error) {
	return fetch[Release](ctx, c, call{method: http.MethodPost, place: placeUpgrade, send: r.wire()})
}
