package client

import (
	"context"
	"net/http"
)

// Delete ends a release and gives its last version.
func (c *Client) Delete(ctx context.Context, name string) (Release, error) {
	return c.delete(ctx, placeDelete, name)
}

// DeleteWithPackage ends a release and deletes its package, all versions of it. A PackageDeleteError says that the package
// cannot go; then the release stays too.
func (c *Client) DeleteWithPackage(ctx context.Context, name string) (Release, error) {
	return c.delete(ctx, placeDeleteAll, name)
}

func (c *Client) delete(ctx context.Context, p place, name string) (Release, error) {
	var ended Release
	a, err := c.call(ctx, call{method: http.MethodDelete, place: p, vars: vars{"name": name}})
	if err != nil || len(a.body) == 0 {
		return ended, err
	}
	err = a.decode(&ended)
	return ended, err
}
