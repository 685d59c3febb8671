package client

import (
	"context"
	"net/http"
)

// PackageFilter says which packages are looked for, and how much of them is read.
type PackageFilter struct {
	Name string // part of the name, any case; "": all packages
	// Summary reads name, version, description, icon, repository and id only. All packages, that is without Name, come sorted by name then.
	Summary bool
}

// Packages finds packages, each version one element.
func (c *Client) Packages(ctx context.Context, f PackageFilter) ([]PackageMetadata, error) {
	v, from := whole(), placeMetadata
	if f.Name != "" {
		v["name"], from = f.Name, placeMetadataByName
	}
	if f.Summary {
		v["projection"], v["sort"] = "summary", "name,asc"
	}
	return list[PackageMetadata](ctx, c, from, "packageMetadata", v)
}

// DeletePackage deletes all versions of a package from the local repository. A PackageDeleteError says which releases still
// use it.
func (c *Client) DeletePackage(ctx context.Context, name string) error {
	return c.do(ctx, call{method: http.MethodDelete, place: placePackageDelete, vars: vars{"name": name}}, nil)
}
