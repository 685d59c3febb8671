package data

import (
	"context"
	"strconv"

	"purser"
	"purser/api/hal"
)

// repositoryResource describes /api/repositories (spec/rest.md §2.23).
func (h *Handler) repositoryResource() resource {
	return resource{
		name: "repositories",
		item: "repository",
		properties: []property{
			{name: "name", kind: kindText, sortable: true, required: true},
			{name: "url", kind: kindText, sortable: true, required: true},
			{name: "sourceUrl", kind: kindText, sortable: true},
			{name: "local", kind: kindBoolean, sortable: true},
			{name: "description", kind: kindText, sortable: true},
			{name: "repoOrder", kind: kindNumber, sortable: true},
		},
		searches: []search{{name: "findByName", single: true, find: h.repositoriesByName}},
		list: func(ctx context.Context, p pageRequest) (elements, int, error) {
			found, total, err := h.store.FindRepositories(ctx, purser.RepositoryFilter{Order: p.order(), Page: p.page()})
			return mapped(found, repositoryElement), total, err
		},
		find: byNumber(func(ctx context.Context, id int64) (elements, error) {
			found, _, err := h.store.FindRepositories(ctx, purser.RepositoryFilter{ID: id})
			return mapped(found, repositoryElement), err
		}),
	}
}

func (h *Handler) repositoriesByName(ctx context.Context, name string) (elements, error) {
	if name == "" {
		return nothing, nil
	}
	found, _, err := h.store.FindRepositories(ctx, purser.RepositoryFilter{Name: name})
	return mapped(found, repositoryElement), err
}

func repositoryElement(r purser.Repository) element {
	return element{id: strconv.FormatInt(r.ID, 10), tag: entityTag(r.Revision), full: repositoryFields(r)}
}

// repositoryFields is a repository on the wire.
type repositoryFields purser.Repository

// AppendFields implements hal.Fields.
func (r repositoryFields) AppendFields(w *hal.Writer) {
	w.Key("name")
	w.String(r.Name)
	w.Key("url")
	w.String(r.URL)
	w.Key("sourceUrl")
	w.Text(r.SourceURL)
	w.Key("local")
	w.Bool(r.Local)
	w.Key("description")
	w.Text(r.Description)
	w.Key("repoOrder")
	w.Int(int64(r.Order))
}
