package client

import "context"

// Releases lists every version of every release that is deployed or has failed, with what the platform says of it. name is a
// part of the name, any case; "" lists all.
func (c *Client) Releases(ctx context.Context, name string) ([]Release, error) {
	if name == "" {
		return list[Release](ctx, c, placeList, "releases", nil)
	}
	return list[Release](ctx, c, placeListName, "releases", vars{"name": name})
}

// History lists every version of the releases whose name contains name, any case: by name, then from the latest version
// down.
func (c *Client) History(ctx context.Context, name string) ([]Release, error) {
	return list[Release](ctx, c, placeHistory, "releases", vars{"name": name})
}
