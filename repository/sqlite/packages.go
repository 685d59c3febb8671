package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

// packageRow is a row of packages.
type packageRow struct {
	bun.BaseModel `bun:"table:packages,alias:p"`

	ID               int64 `bun:",pk,autoincrement"`
	Revision         int64
	APIVersion       text `bun:"api_version"`
	Kind             text
	Name             text
	FoldedName       text
	Version          text
	RepositoryID     int64
	RepositoryName   text
	Origin           *text
	DisplayName      *text
	PackageSourceURL *text `bun:"package_source_url"`
	PackageHomeURL   *text `bun:"package_home_url"`
	Tags             *text
	Maintainer       *text
	Description      *text
	SHA256           *text `bun:"sha256"`
	IconURL          *text `bun:"icon_url"`
	UUID             text  `bun:"uuid"`
	CreatedAt        *int64
}

func packageRowOf(m purser.PackageMetadata) packageRow {
	return packageRow{
		ID: m.ID, Revision: m.Revision, APIVersion: text(m.APIVersion), Kind: text(m.Kind),
		Name: text(m.Name), FoldedName: text(repository.Fold(m.Name)), Version: text(m.Version),
		RepositoryID: m.RepositoryID, RepositoryName: text(m.RepositoryName),
		Origin: optional[text](m.Origin), DisplayName: optional[text](m.DisplayName),
		PackageSourceURL: optional[text](m.PackageSourceURL), PackageHomeURL: optional[text](m.PackageHomeURL),
		Tags: optional[text](m.Tags), Maintainer: optional[text](m.Maintainer), Description: optional[text](m.Description),
		SHA256: optional[text](m.SHA256), IconURL: optional[text](m.IconURL),
		UUID: text(m.UUID()), CreatedAt: millis(m.CreatedAt),
	}
}

func (row packageRow) metadata() purser.PackageMetadata {
	return purser.PackageMetadata{
		ID: row.ID, Revision: row.Revision, APIVersion: string(row.APIVersion), Kind: string(row.Kind),
		Name: string(row.Name), Version: string(row.Version),
		RepositoryID: row.RepositoryID, RepositoryName: string(row.RepositoryName),
		Origin: optional[string](row.Origin), DisplayName: optional[string](row.DisplayName),
		PackageSourceURL: optional[string](row.PackageSourceURL), PackageHomeURL: optional[string](row.PackageHomeURL),
		Tags: optional[string](row.Tags), Maintainer: optional[string](row.Maintainer), Description: optional[string](row.Description),
		SHA256: optional[string](row.SHA256), IconURL: optional[string](row.IconURL),
		CreatedAt: instant(row.CreatedAt),
	}
}

func findPackage(ctx context.Context, c session, id int64) (purser.PackageMetadata, error) {
	var row packageRow
	err := c.NewSelect().Model(&row).Where("p.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return purser.PackageMetadata{}, repository.ErrNoPackage(id)
	}
	if err != nil {
		return purser.PackageMetadata{}, fault(ctx, "find a package", err)
	}
	return row.metadata(), nil
}

func findPackages(ctx context.Context, c session, f purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	var rows []packageRow
	q := sorted(narrowPackages(c.NewSelect().Model(&rows), f), "p", packageOrders, f.Order, f.Page)
	if err := q.Scan(ctx); err != nil {
		return nil, 0, fault(ctx, "find packages", err)
	}
	total, err := totalOf(ctx, len(rows), f.Page, func() *bun.SelectQuery {
		return narrowPackages(c.NewSelect().Model((*packageRow)(nil)), f)
	})
	if err != nil {
		return nil, 0, fault(ctx, "count packages", err)
	}
	return mapEach(rows, packageRow.metadata), total, nil
}

func narrowPackages(q *bun.SelectQuery, f purser.PackageFilter) *bun.SelectQuery {
	if f.Name != "" {
		q = q.Where("p.name = ?", text(f.Name))
	}
	if f.NameContains != "" {
		q = q.Where("instr(p.folded_name, ?) > 0", text(repository.Fold(f.NameContains)))
	}
	if f.Version != "" {
		q = q.Where("p.version = ?", text(f.Version))
	}
	if f.UUID != "" {
		q = q.Where("p.uuid = ?", text(f.UUID))
	}
	if f.RepositoryID != 0 {
		q = q.Where("p.repository_id = ?", f.RepositoryID)
	}
	return q
}

func createPackage(ctx context.Context, c session, m *purser.PackageMetadata, archive []byte) error {
	row := packageRowOf(*m)
	row.ID = 0
	_, err := c.NewInsert().Model(&row).Exec(ctx)
	if isTaken(err) {
		return repository.ErrPackageExists(*m)
	}
	if err != nil {
		return fault(ctx, "create a package", err)
	}
	m.ID = row.ID
	if archive == nil {
		return nil
	}
	return updateArchive(ctx, c, row.ID, archive)
}

func deletePackage(ctx context.Context, c session, id int64) error {
	result, err := c.NewDelete().Model(&packageRow{ID: id}).WherePK().Exec(ctx)
	return changed(ctx, "delete a package", result, err, repository.ErrNoPackage(id))
}
