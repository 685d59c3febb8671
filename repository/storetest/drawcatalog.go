package storetest

import (
	"context"
	"fmt"

	"pgregory.net/rapid"

	"purser"
)

func (c *comparison) packageVersion() purser.PackageVersion {
	v := purser.PackageVersion{
		Package: c.name("package"), Version: c.name("version"), Stage: rapid.SampledFrom(purser.PackageStages).Draw(c.T, "package stage"),
		Title: c.name("title"), Metadata: c.name("metadata"), Imported: c.bool("imported"), CreatedAt: c.time("created"), StoredAt: c.time("stored"),
		StoredBy: c.name("by"), PackageID: rapid.Int64Range(0, 3).Draw(c.T, "package id"),
	}
	for range rapid.IntRange(0, 2).Draw(c.T, "images") {
		v.Images = append(v.Images, purser.ImageReference{Name: c.name("image"), URL: c.name("url"), Metadata: c.name("metadata")})
	}
	for range rapid.IntRange(0, 2).Draw(c.T, "dependencies") {
		v.Dependencies = append(v.Dependencies, purser.PackageDependency{Reference: c.name("reference"), Package: c.name("package"), Version: c.name("version")})
	}
	return v
}

var artifactStates = []purser.ArtifactState{
	purser.ArtifactPending, purser.ArtifactUploading, purser.ArtifactUploaded, purser.ArtifactError, purser.ArtifactRemoved,
}

func (c *comparison) artifact() purser.Artifact {
	return purser.Artifact{
		VersionID: rapid.Int64Range(1, 4).Draw(c.T, "version id"), Name: c.name("artifact"), SHA256: c.name("sha256"), Arguments: c.optional("arguments"),
		State: rapid.SampledFrom(artifactStates).Draw(c.T, "artifact state"), Received: rapid.Int64Range(0, 9).Draw(c.T, "received"),
		Actual: c.name("actual"), NextAt: c.time("next"), Owner: c.owner(), LeaseUntil: c.time("lease"),
	}
}

// catalogWrite draws a write of package versions and artifacts.
func (c *comparison) catalogWrite() write {
	v, a := c.packageVersion(), c.artifact()
	id := rapid.Int64Range(1, 5).Draw(c.T, "catalog id")
	switch rapid.IntRange(0, 9).Draw(c.T, "kind of catalog write") {
	case 0, 1:
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			created := v
			err := tx.CreatePackageVersion(ctx, &created)
			return created.ID, err
		}
	case 2:
		v.ID = id
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.UpdatePackageVersion(ctx, v) }
	case 3:
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.DeletePackageVersion(ctx, id) }
	case 4, 5, 6:
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			created := a
			err := tx.CreateArtifact(ctx, &created)
			return created.ID, err
		}
	case 7:
		a.ID = id
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.UpdateArtifact(ctx, a) }
	case 8:
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.DeleteArtifacts(ctx, id) }
	}
	owner, now, until, limit := c.owner(), c.time("claim at"), c.time("claim until"), rapid.IntRange(0, 3).Draw(c.T, "limit")
	return func(ctx context.Context, tx purser.Tx) (any, error) {
		claimed, err := tx.ClaimArtifacts(ctx, owner, now, until, limit)
		var told []string // by value, as answers are compared by their text
		for _, a := range claimed {
			told = append(told, fmt.Sprintf("%d %s %s", a.ID, a.Owner, a.LeaseUntil))
		}
		return told, err
	}
}

// asker asks both stores the same and compares the answers.
type asker func(what string, question func(s purser.Reader) (any, error))

// catalogQuestions asks for package versions and artifacts.
func (c *comparison) catalogQuestions(ask asker) {
	of := purser.PackageIdentifier{Name: c.name("package"), Version: c.name("version")}
	stages := []purser.PackageStage{rapid.SampledFrom(purser.PackageStages).Draw(c.T, "package stage")}
	for _, f := range []purser.PackageVersionFilter{{}, {Package: of.Name, Version: of.Version}, {Stages: stages}, {DependsOn: &of}} {
		ask(fmt.Sprintf("FindPackageVersions %+v", f), func(s purser.Reader) (any, error) {
			rows, err := s.FindPackageVersions(c.ctx, f)
			return listOf(rows, 0), err
		})
	}
	states := []purser.ArtifactState{rapid.SampledFrom(artifactStates).Draw(c.T, "artifact state")}
	for _, f := range []purser.ArtifactFilter{{}, {Versions: []int64{1, 3}, Limit: 2}, {States: states}, {Actual: c.name("actual")}} {
		ask(fmt.Sprintf("FindArtifacts %+v", f), func(s purser.Reader) (any, error) {
			rows, err := s.FindArtifacts(c.ctx, f)
			return listOf(rows, 0), err
		})
	}
}
