package packages

import (
	"context"
	"strconv"
	"strings"

	"purser"
)

// PublishMetadata stores metadata without an archive (spec/rest.md §2.25, §10). ID and revision of what comes in do not
// count; of repository id and name one is enough. CodeInvalid names all fields that are missing; CodeNotFound for an
// unknown repository; CodeConflict when the repository has that version.
func (s *Service) PublishMetadata(ctx context.Context, m purser.PackageMetadata) (purser.PackageMetadata, error) {
	if err := checkPublished(m); err != nil {
		return purser.PackageMetadata{}, err
	}
	m.ID, m.Revision, m.CreatedAt = 0, 0, s.clock.Now()
	err := s.store.Update(ctx, func(tx purser.Tx) error {
		r, err := publishRepository(ctx, tx, m)
		if err != nil {
			return err
		}
		m.RepositoryID, m.RepositoryName = r.ID, r.Name
		return tx.CreatePackage(ctx, &m, nil)
	})
	if purser.ErrorCode(err) == purser.CodeConflict {
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeConflict, "Package [%s:%s] in Repository [%s] already exists.", m.Name, m.Version, m.RepositoryName)
	}
	if err != nil {
		return purser.PackageMetadata{}, err
	}
	return m, nil
}

func checkPublished(m purser.PackageMetadata) error {
	var missing []string
	for _, field := range []struct {
		name  string
		empty bool
	}{
		{"apiVersion", m.APIVersion == ""},
		{"kind", m.Kind == ""},
		{"name", m.Name == ""},
		{"version", m.Version == ""},
		{"repositoryId", m.RepositoryID == 0 && m.RepositoryName == ""},
	} {
		if field.empty {
			missing = append(missing, "'"+field.name+"'")
		}
	}
	if len(missing) > 0 {
		return purser.Errorf(purser.CodeInvalid, "Package metadata must have %s", strings.Join(missing, ", "))
	}
	return checkLengths(m, "the package metadata")
}

// publishRepository gives the repository that metadata names by id, by name or by both.
func publishRepository(ctx context.Context, q purser.Reader, m purser.PackageMetadata) (purser.Repository, error) {
	found, _, err := q.FindRepositories(ctx, purser.RepositoryFilter{ID: m.RepositoryID, Name: m.RepositoryName})
	if err != nil {
		return purser.Repository{}, err
	}
	if len(found) == 0 {
		var named []string
		if m.RepositoryID != 0 {
			named = append(named, "id "+strconv.FormatInt(m.RepositoryID, 10))
		}
		if m.RepositoryName != "" {
			named = append(named, "name '"+m.RepositoryName+"'")
		}
		return purser.Repository{}, purser.Errorf(purser.CodeNotFound, "Can not find a package repository with %s", strings.Join(named, " and "))
	}
	return found[0], nil
}
