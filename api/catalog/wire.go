package catalog

import (
	"encoding/json"
	"fmt"
	"net/url"

	"purser"
)

// importAnswer is the answer to an import.
type importAnswer struct {
	CatalogID string    `json:"catalogId"`
	Name      string    `json:"name"`
	Version   string    `json:"version"`
	Status    string    `json:"status"`
	Warnings  []warning `json:"warnings,omitempty"`
	Message   string    `json:"message"`
}

// warning tells of an artifact that was not taken.
type warning struct {
	ArtifactName   string `json:"artifactName"`
	Message        string `json:"message"`
	ExpectedSHA256 string `json:"expectedSha256"`
	ActualSHA256   string `json:"actualSha256,omitempty"`
}

// What an import says in the end.
const (
	saidImported   = "Release imported successfully"
	saidWarnings   = "Release imported with warnings"
	saidBackground = "Release created successfully. File artifacts are being uploaded in the background."
)

// imported makes the answer to an import. Artifacts are in the order of the request.
func imported(p Project, entry purser.CatalogEntry, sent []purser.Artifact) importAnswer {
	a := importAnswer{CatalogID: p.catalogID(entry.Version), Name: entry.Title, Version: entry.Version, Status: string(entry.Stage), Message: saidImported}
	open := false
	for i, one := range entry.Artifacts {
		open = open || one.State.Open()
		if one.State != purser.ArtifactError {
			continue
		}
		told := warning{ArtifactName: one.Name, Message: one.Error, ExpectedSHA256: sent[i].SHA256, ActualSHA256: one.Actual}
		if one.Actual == "" {
			told.Message = "Failed to import artifact: " + one.Error
		}
		a.Warnings = append(a.Warnings, told)
	}
	switch {
	case open:
		a.Message = saidBackground
	case len(a.Warnings) > 0:
		a.Message = saidWarnings
	}
	return a
}

// release is a release as it is read.
type release struct {
	ID           string          `json:"id"` // the catalog id
	Project      projectRef      `json:"project"`
	Name         string          `json:"name"`
	Version      string          `json:"version"`
	Status       string          `json:"status"`
	ReleaseNotes *string         `json:"releaseNotes"`
	Tag          *string         `json:"tag"`
	Latest       bool            `json:"latest"`
	IsImported   bool            `json:"isImported"`
	Readonly     bool            `json:"readonly"`
	CreatedBy    string          `json:"createdBy"`
	CreatedAt    moment          `json:"createdAt"`
	UpdatedAt    moment          `json:"updatedAt"`
	ReleasedAt   moment          `json:"releasedAt"`
	Metadata     json.RawMessage `json:"metadata"`
	TotalSize    int64           `json:"totalSize"` // in bytes
	Dependencies []dependency    `json:"dependencies"`
	Artifacts    []artifact      `json:"artifacts"`
}

type projectRef struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

type dependency struct {
	CatalogID string `json:"catalogId"`
	Name      string `json:"name"`
	Version   string `json:"version"`
}

// artifact is a file, or an image that nobody fetches.
type artifact struct {
	ID           int64           `json:"id,omitempty"`
	ArtifactName string          `json:"artifactName"`
	Type         string          `json:"type"`
	Platform     string          `json:"platform,omitempty"`
	Size         *int64          `json:"size,omitempty"`
	SHA256       string          `json:"sha256,omitempty"`
	Status       string          `json:"status"`
	Progress     int             `json:"progress"`
	Error        string          `json:"error,omitempty"`
	DownloadURL  string          `json:"downloadUrl"`
	IsExecutable *bool           `json:"isExecutable,omitempty"`
	Arguments    *string         `json:"arguments,omitempty"`
	Metadata     json.RawMessage `json:"metadata,omitempty"`
}

// The types of artifacts.
const (
	typeFile  = "file"
	typeImage = "docker_image"
)

// shown maps a release. base is where this server is reached.
func shown(p Project, entry purser.CatalogEntry, latest bool, base string) release {
	out := release{
		ID: p.catalogID(entry.Version), Project: projectRef(p), Name: entry.Title, Version: entry.Version, Status: string(entry.Stage),
		ReleaseNotes: orNull(entry.Notes), Tag: orNull(entry.Tag), Latest: latest, IsImported: entry.Imported, Readonly: entry.Stage.Frozen(),
		CreatedBy: entry.Author, CreatedAt: moment(entry.CreatedAt), UpdatedAt: moment(entry.StoredAt), ReleasedAt: moment(entry.ReleasedAt),
		Metadata: json.RawMessage("{}"), TotalSize: totalSize(entry), Dependencies: dependenciesOf(entry.PackageVersion), Artifacts: []artifact{},
	}
	if entry.Metadata != "" {
		out.Metadata = json.RawMessage(entry.Metadata)
	}
	for _, a := range entry.Artifacts {
		out.Artifacts = append(out.Artifacts, artifact{
			ID: a.ID, ArtifactName: a.Name, Type: typeFile, Platform: a.Platform, Size: &a.Size, SHA256: a.SHA256, Status: string(a.State),
			Progress: a.Progress(), Error: a.Error, DownloadURL: downloadURL(base, p, entry.Version, a), IsExecutable: a.Executable,
			Arguments: a.Arguments, Metadata: json.RawMessage(a.Metadata),
		})
	}
	for _, i := range entry.Images {
		out.Artifacts = append(out.Artifacts, artifact{
			ArtifactName: i.Name, Type: typeImage, Platform: i.Platform, Status: string(purser.ArtifactUploaded), Progress: 100,
			DownloadURL: i.URL, Metadata: json.RawMessage(i.Metadata),
		})
	}
	return out
}

func dependenciesOf(v purser.PackageVersion) []dependency {
	list := []dependency{}
	for _, d := range v.Dependencies {
		list = append(list, dependency{CatalogID: d.Reference, Name: d.Name, Version: d.Version})
	}
	return list
}

// downloadURL is where this server has the bytes of an artifact.
func downloadURL(base string, p Project, version string, a purser.Artifact) string {
	return fmt.Sprintf("%s%s/artifacts/%d", base, versionPath(p, version), a.ID)
}

// versionPath is the path of a release.
func versionPath(p Project, version string) string {
	return root + "/releases/project/" + url.PathEscape(p.Name) + "/version/" + url.PathEscape(version)
}

// totalSize is what a release needs when it is installed: its files, and what it says itself.
func totalSize(entry purser.CatalogEntry) int64 {
	var known struct {
		InstallationSize float64 `json:"installationSize"`
	}
	if entry.Metadata != "" {
		_ = json.Unmarshal([]byte(entry.Metadata), &known) // what is no number does not count
	}
	total := int64(0)
	if known.InstallationSize > 0 && known.InstallationSize < 1<<62 {
		total = int64(known.InstallationSize)
	}
	for _, a := range entry.Artifacts {
		if a.Size > 0 && a.Size <= 1<<62-total {
			total += a.Size
		}
	}
	return total
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
