package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"purser"
	"purser/repository"
)

const packageVersionColumns = "v.id, v.package, v.version, v.stage, v.title, v.tag, v.notes, v.author, v.metadata, v.imported, v.images, v.dependencies, " +
	"v.created_at, v.stored_at, v.stored_by, v.released_at, v.released_by, v.package_id"

// imageRow is an image in the JSON of its column.
type imageRow struct {
	Name     text `json:"name"`
	URL      text `json:"url"`
	Platform text `json:"platform,omitempty"`
	Metadata text `json:"metadata,omitempty"`
}

func imagesOf(list []purser.ImageReference) string {
	rows := []imageRow{}
	for _, i := range list {
		rows = append(rows, imageRow{text(i.Name), text(i.URL), text(i.Platform), text(i.Metadata)})
	}
	return string(encode(rows))
}

// dependencyRow is a dependency in the JSON of its column.
type dependencyRow struct {
	Reference text `json:"reference"`
	Name      text `json:"name"`
	Package   text `json:"package"`
	Version   text `json:"version"`
}

func dependenciesOf(list []purser.PackageDependency) string {
	rows := []dependencyRow{}
	for _, d := range list {
		rows = append(rows, dependencyRow{text(d.Reference), text(d.Name), text(d.Package), text(d.Version)})
	}
	return string(encode(rows))
}

func scanPackageVersion(rows *sql.Rows) (v purser.PackageVersion, err error) {
	var images, dependencies string
	var created, stored, released *int64
	err = rows.Scan(&v.ID, &v.Package, &v.Version, &v.Stage, &v.Title, &v.Tag, &v.Notes, &v.Author, &v.Metadata, &v.Imported, &images, &dependencies,
		&created, &stored, &v.StoredBy, &released, &v.ReleasedBy, &v.PackageID)
	if err != nil {
		return v, err
	}
	v.CreatedAt, v.StoredAt, v.ReleasedAt = instant(created), instant(stored), instant(released)
	var listed []imageRow
	var needed []dependencyRow
	if err := cmp.Or(decode("images", text(images), &listed), decode("dependencies", text(dependencies), &needed)); err != nil {
		return v, err
	}
	for _, d := range needed {
		v.Dependencies = append(v.Dependencies, purser.PackageDependency{
			Reference: string(d.Reference), Name: string(d.Name), Package: string(d.Package), Version: string(d.Version),
		})
	}
	for _, i := range listed {
		v.Images = append(v.Images, purser.ImageReference{Name: string(i.Name), URL: string(i.URL), Platform: string(i.Platform), Metadata: string(i.Metadata)})
	}
	return v, nil
}

// condition gathers what narrows a list.
type condition struct {
	parts []string
	args  []any
}

func (w *condition) add(wanted bool, part string, args ...any) {
	if wanted {
		w.parts, w.args = append(w.parts, part), append(w.args, args...)
	}
}

// oneOf narrows a column to the values of a list, which may be empty.
func oneOf[T any](w *condition, column string, list []T) error {
	if list == nil {
		return nil
	}
	values, err := json.Marshal(list)
	w.add(true, column+" IN (SELECT value FROM json_each(?))", string(values))
	return err
}

func (w *condition) String() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

func findPackageVersions(ctx context.Context, c session, f purser.PackageVersionFilter) (list []purser.PackageVersion, err error) {
	var w condition
	w.add(f.ID != 0, "v.id = ?", f.ID)
	w.add(f.Package != "", "v.package = ?", f.Package)
	w.add(f.Version != "", "v.version = ?", f.Version)
	if d := f.DependsOn; d != nil {
		w.add(true, "v.id IN (SELECT version_id FROM package_dependencies WHERE package = ? AND version = ?)", d.Name, d.Version)
	}
	if err := oneOf(&w, "v.stage", f.Stages); err != nil {
		return nil, fault(ctx, "find package versions", err)
	}
	err = c.query(ctx, "SELECT "+packageVersionColumns+" FROM package_versions AS v"+w.String()+" ORDER BY v.id", w.args, func(rows *sql.Rows) error {
		v, err := scanPackageVersion(rows)
		list = append(list, v)
		return err
	})
	if err != nil {
		return nil, fault(ctx, "find package versions", err)
	}
	return list, nil
}

func createPackageVersion(ctx context.Context, c session, v *purser.PackageVersion) error {
	result, err := c.exec(ctx, "INSERT INTO package_versions (package, version, stage, title, tag, notes, author, metadata, imported, images, dependencies, "+
		"created_at, stored_at, stored_by, released_at, released_by, package_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		v.Package, v.Version, string(v.Stage), v.Title, v.Tag, v.Notes, v.Author, v.Metadata, v.Imported, imagesOf(v.Images), dependenciesOf(v.Dependencies),
		millis(v.CreatedAt), millis(v.StoredAt), v.StoredBy, millis(v.ReleasedAt), v.ReleasedBy, v.PackageID)
	if isTaken(err) {
		return repository.ErrPackageVersionExists(*v)
	}
	if err != nil {
		return fault(ctx, "create a package version", err)
	}
	if v.ID, err = result.LastInsertId(); err != nil {
		return fault(ctx, "create a package version", err)
	}
	return createDependencies(ctx, c, *v)
}

func createDependencies(ctx context.Context, c session, v purser.PackageVersion) error {
	for _, d := range v.Dependencies {
		_, err := c.exec(ctx, "INSERT OR IGNORE INTO package_dependencies (package, version, version_id) VALUES (?, ?, ?)", d.Package, d.Version, v.ID)
		if err != nil {
			return fault(ctx, "create the dependencies of a package version", err)
		}
	}
	return nil
}

func updatePackageVersion(ctx context.Context, c session, v purser.PackageVersion) error {
	result, err := c.exec(ctx, "UPDATE package_versions SET stage = ?2, title = ?3, tag = ?4, notes = ?5, author = ?6, metadata = ?7, imported = ?8, "+
		"images = ?9, dependencies = ?10, created_at = ?11, stored_at = ?12, stored_by = ?13, released_at = ?14, released_by = ?15, package_id = ?16 WHERE id = ?1",
		v.ID, string(v.Stage), v.Title, v.Tag, v.Notes, v.Author, v.Metadata, v.Imported, imagesOf(v.Images), dependenciesOf(v.Dependencies),
		millis(v.CreatedAt), millis(v.StoredAt), v.StoredBy, millis(v.ReleasedAt), v.ReleasedBy, v.PackageID)
	if err := changed(ctx, "update a package version", result, err, repository.ErrNoPackageVersion(v.ID)); err != nil {
		return err
	}
	if _, err := c.exec(ctx, "DELETE FROM package_dependencies WHERE version_id = ?", v.ID); err != nil {
		return fault(ctx, "update the dependencies of a package version", err)
	}
	return createDependencies(ctx, c, v)
}

func deletePackageVersion(ctx context.Context, c session, id int64) error {
	result, err := c.exec(ctx, "DELETE FROM package_versions WHERE id = ?", id)
	return changed(ctx, "delete a package version", result, err, repository.ErrNoPackageVersion(id))
}
