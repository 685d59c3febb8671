package sqlite

import (
	"time"

	"purser"
	"purser/repository"
)

// metadataBody is the stored form of package metadata as part of something else.
type metadataBody struct {
	ID               int64   `json:"id"`
	Revision         int64   `json:"revision"`
	APIVersion       string  `json:"apiVersion"`
	Kind             string  `json:"kind"`
	Name             string  `json:"name"`
	Version          string  `json:"version"`
	RepositoryID     int64   `json:"repositoryId"`
	RepositoryName   string  `json:"repositoryName"`
	Origin           *string `json:"origin"`
	DisplayName      *string `json:"displayName"`
	PackageSourceURL *string `json:"packageSourceUrl"`
	PackageHomeURL   *string `json:"packageHomeUrl"`
	Tags             *string `json:"tags"`
	Maintainer       *string `json:"maintainer"`
	Description      *string `json:"description"`
	SHA256           *string `json:"sha256"`
	IconURL          *string `json:"iconUrl"`

	CreatedAt time.Time `json:"createdAt,omitzero"`
}

func metadataBodyOf(m purser.PackageMetadata) metadataBody {
	m.CreatedAt = repository.Millis(m.CreatedAt)
	return metadataBody(m)
}

func (b metadataBody) metadata() purser.PackageMetadata { return purser.PackageMetadata(b) }
