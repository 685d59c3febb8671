package connect

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"purser"
	v1 "purser/api/connect/applicationv1"
)

// ListReleases implements applicationv1connect.ApplicationServiceHandler: of each release the latest revision.
func (h *Handler) ListReleases(ctx context.Context, r *v1.ListReleasesRequest) (*v1.ListReleasesResponse, error) {
	platform, err := h.platform(r.GetScope())
	if err != nil {
		return nil, err
	}
	found, _, err := h.Store.FindReleases(ctx, purser.ReleaseFilter{AllSpaces: true, Latest: true, Light: true})
	if err != nil {
		return nil, err
	}
	// A namespace has no slash: what has another one behind the scope belongs to a scope whose name goes on.
	found = slices.DeleteFunc(found, func(one purser.Release) bool {
		namespace, ok := strings.CutPrefix(one.Key.Space, spaceOf(platform))
		return !ok || strings.Contains(namespace, "/")
	})
	slices.SortFunc(found, func(a, b purser.Release) int {
		return cmp.Or(cmp.Compare(a.Key.Space, b.Key.Space), cmp.Compare(a.Key.Name, b.Key.Name))
	})
	list := &v1.ListReleasesResponse{}
	for _, one := range found {
		stands, err := h.stands(ctx, one)
		if err != nil {
			return nil, err
		}
		if stands {
			list.Releases = append(list.Releases, message(one))
		}
	}
	return list, nil
}
