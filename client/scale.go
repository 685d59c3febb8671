package client

import (
	"context"
	"net/http"
)

// ApplicationScale is the number of instances that is wanted of one application.
type ApplicationScale struct {
	Name       string            `json:"name"` // as in the manifest
	Count      int               `json:"count"`
	Properties map[string]string `json:"properties"` // for the platform; nil for none
}

// Scale changes the numbers of instances of a release's current version. Names that the release does not have do not count.
func (c *Client) Scale(ctx context.Context, name string, applications ...ApplicationScale) (Release, error) {
	send := struct {
		Scale []ApplicationScale `json:"scale"`
	}{[]ApplicationScale{}}
	for _, a := range applications {
		if a.Properties == nil {
			a.Properties = map[string]string{}
		}
		send.Scale = append(send.Scale, a)
	}
	return fetch[Release](ctx, c, call{method: http.MethodPost, place: placeScale, vars: vars{"name": name}, send: send})
}
