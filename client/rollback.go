package client

import (
	"context"
	"net/http"
	"time"
)

// RollbackRequest brings back the content of an earlier version, as a new one.
type RollbackRequest struct {
	ReleaseName string
	Version     int            // 0: the one before the current
	Timeout     *time.Duration // of the health check, in whole milliseconds; nil: the server's default
}

func (r RollbackRequest) wire() any {
	return struct {
		ReleaseName string `json:"releaseName"`
		Version     int    `json:"version"`
		Timeout     *int64 `json:"timeout"`
	}{r.ReleaseName, r.Version, milliseconds(r.Timeout)}
}

// Rollback answers with the new version while it is still under way; Wait follows it to its end.
func (c *Client) Rollback(ctx context.Context, r RollbackRequest) (Release, error) {
	return fetch[Release](ctx, c, call{method: http.MethodPost, place: placeRollback, send: r.wire()})
}
