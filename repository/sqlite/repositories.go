package sqlite

import (
	"context"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

// repositoryRow is a row of repositories.
type repositoryRow struct {
	bun.BaseModel `bun:"table:repositories,alias:s"`

	ID          int64 `bun:",pk,autoincrement"`
	Revision    int64
	Name        text
	URL         text  `bun:"url"`
	SourceURL   *text `bun:"source_url"`
	Local       bool
	Description *text
	RepoOrder   int
}

func repositoryRowOf(r purser.Repository) repositoryRow {
	return repositoryRow{
		ID: r.ID, Revision: r.Revision, Name: text(r.Name), URL: text(r.URL), SourceURL: optional[text](r.SourceURL),
		Local: r.Local, Description: optional[text](r.Description), RepoOrder: r.Order,
	}
}

func (row repositoryRow) repository() purser.Repository {
	return purser.Repository{
		ID: row.ID, Revision: row.Revision, Name: string(row.Name), URL: string(row.URL), SourceURL: optional[string](row.SourceURL),
		Local: row.Local, Description: optional[string](row.Description), Order: row.RepoOrder,
	}
}

func findRepositories(ctx context.Context, c session, f purser.RepositoryFilter) ([]purser.Repository, int, error) {
	var rows []repositoryRow
	q := sorted(narrowRepositories(c.NewSelect().Model(&rows), f), "s", repositoryOrders, f.Order, f.Page)
	if err := q.Scan(ctx); err != nil {
		return nil, 0, fault(ctx, "find repositories", err)
	}
	total, err := totalOf(ctx, len(rows), f.Page, func() *bun.SelectQuery {
		return narrowRepositories(c.NewSelect().Model((*repositoryRow)(nil)), f)
	})
	if err != nil {
		return nil, 0, fault(ctx, "count repositories", err)
	}
	return mapEach(rows, repositoryRow.repository), total, nil
}

func narrowRepositories(q *bun.SelectQuery, f purser.RepositoryFilter) *bun.SelectQuery {
	if f.ID != 0 {
		q = q.Where("s.id = ?", f.ID)
	}
	if f.Name != "" {
		q = q.Where("s.name = ?", text(f.Name))
	}
	return q
}

func createRepository(ctx context.Context, c session, r *purser.Repository) error {
	row := repositoryRowOf(*r)
	row.ID = 0
	_, err := c.NewInsert().Model(&row).Exec(ctx)
	if isTaken(err) {
		return repository.ErrRepositoryExists(r.Name)
	}
	if err != nil {
		return fault(ctx, "create a repository", err)
	}
	r.ID = row.ID
	return nil
}
