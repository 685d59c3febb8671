package apps

import (
	"strings"

	"purser"
)

// The words for how far a release has come.
const (
	statusDraft    = "draft"
	statusActive   = "active"
	statusArchived = "archived"
)

// statusOf is the word for a version. While it is being deployed it is still what it was.
func statusOf(r purser.Release) string {
	switch {
	case r.Stage == purser.StageDeployed:
		return statusActive
	case r.Archived, r.Stage != purser.StageDraft && r.Stage != purser.StageDeploying, !r.ActivatedAt.IsZero():
		return statusArchived
	default:
		return statusDraft
	}
}

// summary is a release in lists, and in the answers to actions.
type summary struct {
	ReleaseID         string  `json:"release_id"`
	AppID             string  `json:"app_id"`
	WorkspaceID       string  `json:"workspace_id"`
	OrgID             string  `json:"org_id"`
	ReleaseTag        string  `json:"release_tag"`
	ReleaseNumber     int     `json:"release_number"`
	Status            string  `json:"status"`
	Description       *string `json:"description"`
	EndpointCount     int     `json:"endpoint_count"`
	AugmentationCount int     `json:"augmentation_count"`
	ActivatedAt       moment  `json:"activated_at"`
	ActivatedBy       *string `json:"activated_by"`
	CreatedAt         moment  `json:"created_at"`
	CreatedBy         string  `json:"created_by"`
}

// release is a release with its snapshot.
type release struct {
	summary
	Endpoints         []endpoint     `json:"endpoints"`
	Augmentations     []augmentation `json:"augmentations"`
	ChangeLog         *string        `json:"change_log"`
	PreviousReleaseID *string        `json:"previous_release_id"`
}

// list is a page of releases.
type list struct {
	Total           int       `json:"total"`
	HasMore         bool      `json:"has_more"`
	NextCursor      *string   `json:"next_cursor"`
	Releases        []summary `json:"releases"`
	ActiveReleaseID *string   `json:"active_release_id"`
}

// done is the answer to an activation or a rollback.
type done struct {
	Message                 string  `json:"message"`
	Release                 summary `json:"release"`
	PreviousActiveReleaseID *string `json:"previous_active_release_id"`
}

// summarize maps a version, light or whole, to what the wire shows of it.
func (t tenant) summarize(r purser.Release) (summary, error) {
	facts, err := snapshotOf(r)
	if err != nil {
		return summary{}, err
	}
	return t.summaryOf(r, facts), nil
}

func (t tenant) summaryOf(r purser.Release, facts snapshot) summary {
	s := summary{
		ReleaseID: r.UUID, AppID: t.ID, WorkspaceID: t.workspace, OrgID: t.org,
		ReleaseTag: r.Tag, ReleaseNumber: r.Version, Status: statusOf(r),
		EndpointCount: len(facts.Endpoints), AugmentationCount: len(facts.Augmentations),
		ActivatedAt: moment(r.ActivatedAt), CreatedAt: moment(r.CreatedAt), CreatedBy: r.CreatedBy,
	}
	if r.Notes != "" || facts.Described {
		s.Description = &r.Notes
	}
	if !r.ActivatedAt.IsZero() {
		s.ActivatedBy = &r.ActivatedBy
	}
	return s
}

// detail maps a whole version.
func (t tenant) detail(r purser.Release) (release, error) {
	facts, err := snapshotOf(r)
	if err != nil {
		return release{}, err
	}
	d := release{
		summary: t.summaryOf(r, facts), Endpoints: facts.Endpoints, Augmentations: facts.Augmentations,
		PreviousReleaseID: orNull(r.Previous),
	}
	if r.ChangeLog != nil {
		text := strings.TrimRight(*r.ChangeLog, "\n")
		if text == "" {
			text = "no changes"
		}
		d.ChangeLog = &text
	}
	return d, nil
}
