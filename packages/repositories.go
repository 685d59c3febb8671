package packages

import (
	"context"
	"unicode/utf8"

	"purser"
)

// AddRepositories stores the configured repositories whose names the store does not have yet. Known ones keep what they
// are, whatever the configuration says of them now (spec/packages.md §6.1); a warning tells so. CodeInvalid for a name
// that is empty or too long.
func (s *Service) AddRepositories(ctx context.Context, repositories []purser.Repository) error {
	for _, r := range repositories {
		switch {
		case trim(r.Name) == "":
			return purser.Errorf(purser.CodeInvalid, "A package repository has no name")
		case utf8.RuneCountInString(r.Name) > columnLength:
			return purser.Errorf(purser.CodeInvalid, "The name of the package repository %.40s... has %d characters, the limit is %d",
				r.Name, utf8.RuneCountInString(r.Name), columnLength)
		}
	}
	return s.store.Update(ctx, func(tx purser.Tx) error {
		for _, r := range repositories {
			if err := s.addRepository(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) addRepository(ctx context.Context, tx purser.Tx, r purser.Repository) error {
	known, err := findRepository(ctx, tx, r.Name)
	if err != nil {
		return err
	}
	if known == nil {
		r.ID, r.Revision = 0, 0
		return tx.CreateRepository(ctx, &r)
	}
	if !sameRepository(*known, r) {
		s.log.WarnContext(ctx, "ignoring the configuration of a package repository because the name already exists", "repository", r.Name)
	}
	return nil
}

// sameRepository tells whether the configuration would change nothing.
func sameRepository(a, b purser.Repository) bool {
	return a.URL == b.URL && a.Local == b.Local && a.Order == b.Order &&
		text(a.SourceURL) == text(b.SourceURL) && text(a.Description) == text(b.Description)
}
