package client

import (
	"context"
	"net/http"
)

// Logs reads the whole logs of a release's latest version, by deployment id. deploymentID limits them to one, any case; ""
// reads all. TailLogs reads less and FollowLogs goes on, where the server can.
func (c *Client) Logs(ctx context.Context, name, deploymentID string) (map[string]string, error) {
	type logs struct {
		Logs map[string]string `json:"logs"`
	}
	p, v := placeLogs, vars{"name": name}
	if deploymentID != "" {
		p, v["app"] = placeLogsApplication, deploymentID
	}
	got, err := fetch[logs](ctx, c, call{method: http.MethodGet, place: p, vars: v})
	return got.Logs, err
}
