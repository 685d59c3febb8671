package sqlite

import (
	"context"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

// releaseRow is a row of releases, with what stands in release_contents when that was asked for.
type releaseRow struct {
	bun.BaseModel `bun:"table:releases,alias:r"`

	ID              int64 `bun:",pk,autoincrement"`
	Space           text
	Name            text
	FoldedName      text
	Version         int
	Stage           text
	Revision        int64
	Description     text
	Platform        text
	PackageID       int64
	PackageMetadata text
	Applications    text
	Statuses        text
	CreatedAt       *int64
	UpdatedAt       *int64

	UUID        text `bun:"uuid"`
	Tag         text
	Notes       text
	Cause       text
	Previous    text
	Facts       text
	Archived    bool
	Activations int
	CreatedBy   text
	UpdatedBy   text
	ActivatedAt *int64
	ActivatedBy text
	ArchivedAt  *int64
	ArchivedBy  text
	HealthyAt   *int64

	PackageHash    text  `bun:",scanonly"`
	OverrideValues *text `bun:",scanonly"`
	Manifest       text  `bun:",scanonly"`
	ChangeLog      *text `bun:",scanonly"`
}

// releaseColumns are the columns of a light version in the order of releaseRow.columns, for statements with bound arguments.
const releaseColumns = "r.id, r.space, r.name, r.version, r.stage, r.revision, r.description, r.platform, r.package_metadata, " +
	"r.applications, r.statuses, r.created_at, r.updated_at, r.uuid, r.tag, r.notes, r.cause, r.previous, r.facts, r.archived, " +
	"r.activations, r.created_by, r.updated_by, r.activated_at, r.activated_by, r.archived_at, r.archived_by, r.healthy_at"

// columns gives where to read a row into: the columns of a light version, and behind them what else is selected. Strings
// are quicker to read into than texts, which are the same.
func (row *releaseRow) columns(more ...any) []any {
	return append([]any{
		&row.ID, (*string)(&row.Space), (*string)(&row.Name), &row.Version, (*string)(&row.Stage), &row.Revision,
		(*string)(&row.Description), (*string)(&row.Platform), (*string)(&row.PackageMetadata), (*string)(&row.Applications),
		(*string)(&row.Statuses), &row.CreatedAt, &row.UpdatedAt, (*string)(&row.UUID), (*string)(&row.Tag), (*string)(&row.Notes),
		(*string)(&row.Cause), (*string)(&row.Previous), (*string)(&row.Facts), &row.Archived, &row.Activations,
		(*string)(&row.CreatedBy), (*string)(&row.UpdatedBy), &row.ActivatedAt, (*string)(&row.ActivatedBy),
		&row.ArchivedAt, (*string)(&row.ArchivedBy), &row.HealthyAt,
	}, more...)
}

type applicationBody struct {
	Name         text `json:"name"`
	DeploymentID text `json:"deploymentId"`
}

type statusBody struct {
	DeploymentID text           `json:"deploymentId"`
	State        string         `json:"state"`
	Instances    []instanceBody `json:"instances"`
}

type instanceBody struct {
	ID         string            `json:"id"`
	State      string            `json:"state"`
	Final      bool              `json:"final"`
	Attributes map[string]string `json:"attributes"`
}

func applicationBodies(list []purser.ReleaseApplication) []applicationBody {
	return mapEach(list, func(a purser.ReleaseApplication) applicationBody {
		return applicationBody{Name: text(a.Name), DeploymentID: text(a.DeploymentID)}
	})
}

func applications(list []applicationBody) []purser.ReleaseApplication {
	return mapEach(list, func(a applicationBody) purser.ReleaseApplication {
		return purser.ReleaseApplication{Name: string(a.Name), DeploymentID: string(a.DeploymentID)}
	})
}

func statusBodies(list []purser.AppStatus) []statusBody {
	return mapEach(list, func(s purser.AppStatus) statusBody {
		return statusBody{
			DeploymentID: text(s.DeploymentID), State: string(s.State),
			Instances: mapEach(s.Instances, func(i purser.Instance) instanceBody {
				return instanceBody{ID: i.ID, State: string(i.State), Final: i.Final, Attributes: i.Attributes}
			}),
		}
	})
}

func statuses(list []statusBody) []purser.AppStatus {
	return mapEach(list, func(s statusBody) purser.AppStatus {
		return purser.AppStatus{
			DeploymentID: string(s.DeploymentID), State: purser.AppState(s.State),
			Instances: mapEach(s.Instances, func(i instanceBody) purser.Instance {
				return purser.Instance{ID: i.ID, State: purser.AppState(i.State), Final: i.Final, Attributes: i.Attributes}
			}),
		}
	})
}

func releaseRowOf(r purser.Release) releaseRow {
	return releaseRow{
		ID: r.ID, Space: text(r.Key.Space), Name: text(r.Key.Name), FoldedName: text(repository.Fold(r.Key.Name)),
		Version: r.Version, Stage: text(r.Stage), Revision: r.Revision, Description: text(r.Description), Platform: text(r.Platform),
		PackageID: r.Package.Metadata.ID, PackageMetadata: encode(metadataBodyOf(r.Package.Metadata)),
		Applications: encode(applicationBodies(r.Applications)), Statuses: encode(statusBodies(r.Statuses)),
		CreatedAt: millis(r.CreatedAt), UpdatedAt: millis(r.UpdatedAt),
		UUID: text(r.UUID), Tag: text(r.Tag), Notes: text(r.Notes), Cause: text(r.Trigger), Previous: text(r.Previous), Facts: text(r.Facts),
		Archived: r.Archived, Activations: r.Activations, CreatedBy: text(r.CreatedBy), UpdatedBy: text(r.UpdatedBy),
		ActivatedAt: millis(r.ActivatedAt), ActivatedBy: text(r.ActivatedBy),
		ArchivedAt: millis(r.ArchivedAt), ArchivedBy: text(r.ArchivedBy), HealthyAt: millis(r.HealthyAt),
	}
}

// changing lists the columns that an update of a release stores; values, manifest and change log stand elsewhere.
var changing = []string{
	"stage", "revision", "description", "platform", "applications", "statuses", "updated_at", "notes", "facts", "archived", "activations",
	"updated_by", "activated_at", "activated_by", "archived_at", "archived_by", "healthy_at",
}

// release gives the release of a row, with its package's metadata. The content becomes part of it; that of a light one is
// empty.
func (d decoded) release(row *releaseRow, content purser.Package) (r purser.Release, err error) {
	if content.Metadata, err = lookUp(d.metadata, "package_metadata", row.PackageMetadata, metadataBody.metadata); err != nil {
		return r, err
	}
	deployed, err := lookUp(d.applications, "applications", row.Applications, applications)
	if err != nil {
		return r, err
	}
	stored, err := lookUp(d.statuses, "statuses", row.Statuses, statuses)
	if err != nil {
		return r, err
	}
	return purser.Release{
		ID: row.ID, Key: purser.ReleaseKey{Space: string(row.Space), Name: string(row.Name)},
		Version: row.Version, Stage: purser.Stage(row.Stage), Revision: row.Revision,
		Description: string(row.Description), Platform: string(row.Platform),
		Package: content, Values: optional[string](row.OverrideValues), Manifest: string(row.Manifest),
		Applications: deployed, Statuses: stored,
		CreatedAt: instant(row.CreatedAt), UpdatedAt: instant(row.UpdatedAt),
		UUID: string(row.UUID), Tag: string(row.Tag), Notes: string(row.Notes), Trigger: purser.Trigger(row.Cause),
		Previous: string(row.Previous), ChangeLog: optional[string](row.ChangeLog), Facts: string(row.Facts),
		Archived: row.Archived, Activations: row.Activations, CreatedBy: string(row.CreatedBy), UpdatedBy: string(row.UpdatedBy),
		ActivatedAt: instant(row.ActivatedAt), ActivatedBy: string(row.ActivatedBy),
		ArchivedAt: instant(row.ArchivedAt), ArchivedBy: string(row.ArchivedBy), HealthyAt: instant(row.HealthyAt),
	}, nil
}

// releasesOf gives the releases of rows, with their packages' contents unless they are light.
func releasesOf(ctx context.Context, c session, rows []releaseRow, light bool) ([]purser.Release, error) {
	contents := map[string]purser.Package{}
	if !light {
		var err error
		if contents, err = findContents(ctx, c, mapEach(rows, func(r releaseRow) string { return string(r.PackageHash) })); err != nil {
			return nil, err
		}
	}
	list := make([]purser.Release, 0, len(rows))
	for i := range rows {
		r, err := c.store.decoded.release(&rows[i], repository.ClonePackage(contents[string(rows[i].PackageHash)]))
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}
