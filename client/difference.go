package client

import (
	"context"
	"net/http"
	"strconv"
)

// How an application differs.
const (
	ChangeAdded   = "added"
	ChangeRemoved = "removed"
	ChangeChanged = "changed"
)

// Difference is what is not the same in two manifests.
type Difference struct {
	Empty        bool                    `json:"empty" yaml:"empty"`
	Applications []ApplicationDifference `json:"applications" yaml:"applications"`
}

// ApplicationDifference is how one application differs.
type ApplicationDifference struct {
	Name       string               `json:"name" yaml:"name"`
	Change     string               `json:"change" yaml:"change"`
	Properties []PropertyDifference `json:"properties" yaml:"properties"`
}

// PropertyDifference is a property with both its values; nil is none.
type PropertyDifference struct {
	Section string  `json:"section" yaml:"section"` // of the manifest, e.g. applicationProperties
	Name    string  `json:"name" yaml:"name"`
	Old     *string `json:"old" yaml:"old"`
	New     *string `json:"new" yaml:"new"`
}

// VersionDifference is how two versions of a release differ.
type VersionDifference struct {
	Name       string     `json:"name" yaml:"name"`
	From       int        `json:"from" yaml:"from"`
	To         int        `json:"to" yaml:"to"`
	Difference Difference `json:"difference" yaml:"difference"`
}

// Difference compares two versions of a release. to 0 is the latest, from 0 the one before to.
func (c *Client) Difference(ctx context.Context, name string, from, to int) (VersionDifference, error) {
	v := vars{"name": name}
	if from != 0 {
		v["from"] = strconv.Itoa(from)
	}
	if to != 0 {
		v["to"] = strconv.Itoa(to)
	}
	return fetch[VersionDifference](ctx, c, call{method: http.MethodGet, place: placeDifference, vars: v})
}
