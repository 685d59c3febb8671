package data

import (
	"context"
	"strconv"

	"purser"
	"purser/api/hal"
	"purser/api/skipper"
)

// packageResource describes /api/packageMetadata (spec/rest.md §2.25).
func (h *Handler) packageResource() resource {
	x := resource{
		name: "packageMetadata",
		item: "packageMetadata",
		properties: []property{
			{name: "apiVersion", kind: kindText, sortable: true, required: true},
			{name: "origin", kind: kindText, sortable: true},
			{name: "repositoryId", kind: kindNumber, sortable: true, required: true},
			{name: "repositoryName", kind: kindText, sortable: true, required: true},
			{name: "kind", kind: kindText, sortable: true, required: true},
			{name: "name", kind: kindText, sortable: true, required: true},
			{name: "displayName", kind: kindText, sortable: true},
			{name: "version", kind: kindText, sortable: true, required: true},
			{name: "packageSourceUrl", kind: kindText, sortable: true},
			{name: "packageHomeUrl", kind: kindText, sortable: true},
			{name: "tags", kind: kindText, sortable: true},
			{name: "maintainer", kind: kindText, sortable: true},
			{name: "description", kind: kindText, sortable: true},
			{name: "sha256", kind: kindText, sortable: true},
			{name: "iconUrl", kind: kindText, sortable: true},
		},
		summary: []string{"version", "description", "iconUrl", "repositoryName", "name", "id"},
		searches: []search{
			{name: "findByName", find: h.packagesByName},
			{name: "findByNameContainingIgnoreCase", find: h.packagesContaining},
		},
		list: func(ctx context.Context, p pageRequest) (elements, int, error) {
			found, total, err := h.store.FindPackages(ctx, purser.PackageFilter{Order: p.order(), Page: p.page()})
			return mapped(found, packageElement), total, err
		},
		find: byNumber(func(ctx context.Context, id int64) (elements, error) {
			m, err := h.store.FindPackage(ctx, id)
			if purser.ErrorCode(err) == purser.CodeNotFound {
				return nothing, nil
			}
			return mapped([]purser.PackageMetadata{m}, packageElement), err
		}),
		extra: func(base string, e element) hal.Links {
			return hal.Links{hal.To("install", base+"/package/install/"+e.id)}
		},
		replace: unchangeable,
		remove:  h.remove,
	}
	x.create = h.publish(x)
	return x
}

func (h *Handler) packagesByName(ctx context.Context, name string) (elements, error) {
	if name == "" {
		return nothing, nil
	}
	found, _, err := h.store.FindPackages(ctx, purser.PackageFilter{Name: name})
	return mapped(found, packageElement), err
}

func (h *Handler) packagesContaining(ctx context.Context, part string) (elements, error) {
	found, _, err := h.store.FindPackages(ctx, purser.PackageFilter{NameContains: part})
	return mapped(found, packageElement), err
}

func packageElement(m purser.PackageMetadata) element {
	id := strconv.FormatInt(m.ID, 10)
	return element{id: id, tag: entityTag(m.Revision), full: skipper.PackageMetadata(m), summary: summaryFields(m)}
}

// summaryFields is package metadata under projection=summary. The reference changes the order of the members with each
// start; this one stays.
type summaryFields purser.PackageMetadata

// AppendFields implements hal.Fields.
func (m summaryFields) AppendFields(w *hal.Writer) {
	w.Key("version")
	w.String(m.Version)
	w.Key("description")
	w.Text(m.Description)
	w.Key("iconUrl")
	w.Text(m.IconURL)
	w.Key("repositoryName")
	w.Text(textOrNull(m.RepositoryName))
	w.Key("name")
	w.String(m.Name)
	w.Key("id")
	w.String(strconv.FormatInt(m.ID, 10))
}
