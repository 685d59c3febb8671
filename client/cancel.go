package client

import (
	"context"
	"net/http"
)

// Cancel asks the change of a release that is under way to end. False: there is none that could be cancelled.
func (c *Client) Cancel(ctx context.Context, name string) (accepted bool, err error) {
	var got struct {
		Accepted bool `json:"accepted"`
	}
	send := struct {
		ReleaseName string `json:"releaseName"`
	}{name}
	a, err := c.call(ctx, call{method: http.MethodPost, place: placeCancel, send: send})
	if err != nil || len(a.body) == 0 {
		return false, err
	}
	err = a.decode(&got)
	return got.Accepted, err
}
