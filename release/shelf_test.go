package release_test

import (
	"context"
	"sync"

	"purser"
)

// shelf is a package reader over the metadata of the store.
type shelf struct {
	content map[int64]string
	reading func() // called at the next Read, once: what happens while a change is planned
}

func (s *shelf) Choose(ctx context.Context, q purser.Reader, id purser.PackageIdentifier) (purser.PackageMetadata, error) {
	found, _, err := q.FindPackages(ctx, purser.PackageFilter{Name: id.Name, Version: id.Version})
	switch {
	case err != nil:
		return purser.PackageMetadata{}, err
	case len(found) > 0:
		return found[len(found)-1], nil
	case id.Version == "":
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeNotFound, "Can not find a package named '%s'", id.Name)
	default:
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeNotFound, "Can not find package '%s', version '%s'", id.Name, id.Version)
	}
}

func (s *shelf) Read(_ context.Context, m purser.PackageMetadata) (purser.Package, error) {
	if f := s.reading; f != nil {
		s.reading = nil
		f()
	}
	return purser.Package{Metadata: m, Templates: []purser.Template{{Name: "apps", Text: s.content[m.ID]}}}, nil
}

func (s *shelf) Remove(ctx context.Context, tx purser.Tx, name string, ignore ...purser.ReleaseKey) error {
	found, _, err := tx.FindPackages(ctx, purser.PackageFilter{Name: name})
	if err != nil {
		return err
	}
	ids := []int64{}
	for _, m := range found {
		ids = append(ids, m.ID)
	}
	users, _, err := tx.FindReleases(ctx, purser.ReleaseFilter{
		PackageIDs: ids, Latest: true,
		Stages: []purser.Stage{purser.StageDeploying, purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted},
	})
	if err != nil {
		return err
	}
	for _, r := range users {
		if !r.Stage.IsDeleted() && r.Key != ignore[0] {
			return purser.Errorf(purser.CodePackageInUse, "Active Releases [%s]", r.Key.Name)
		}
	}
	for _, id := range ids {
		if err := tx.DeletePackage(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// recorder keeps what was published.
type recorder struct {
	mu     sync.Mutex
	events []purser.Event
}

func (r *recorder) Publish(_ context.Context, events ...purser.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, events...)
}

// stages lists the release events as "name v1 stage".
func (r *recorder) stages() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []string
	for _, e := range r.events {
		if e.Kind == purser.EventRelease {
			lines = append(lines, purser.Release{Key: e.Key, Version: e.Version}.Label()+" "+string(e.Stage))
		}
	}
	return lines
}

var _ purser.Publisher = (*recorder)(nil)
