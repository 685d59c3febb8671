package memory

import (
	"slices"

	"purser"
	"purser/repository"
)

func (st *state) findChecks(releases []string) []purser.Check {
	var list []purser.Check
	for _, c := range st.checks.all(func(c *purser.Check) bool { return c.Release != "" && slices.Contains(releases, c.Release) }) {
		list = append(list, *c)
	}
	return list
}

func (st *state) createCheck(c purser.Check) error {
	if _, err := st.findVersion(c.Release); err != nil {
		return err
	}
	if st.checks.first(func(o *purser.Check) bool { return o.Release == c.Release && o.Context == c.Context }) != nil {
		return repository.ErrCheckExists(c)
	}
	c.CreatedAt, c.UpdatedAt = repository.Millis(c.CreatedAt), repository.Millis(c.UpdatedAt)
	st.checks.insert(c)
	return nil
}

func (st *state) updateCheck(c purser.Check) error {
	found := st.checks.replaceFirst(func(o *purser.Check) bool { return o.UUID == c.UUID }, func(old purser.Check) purser.Check {
		c.Release, c.Context, c.CreatedAt, c.UpdatedAt = old.Release, old.Context, old.CreatedAt, repository.Millis(c.UpdatedAt)
		return c
	})
	if !found {
		return repository.ErrNoCheck(c.UUID)
	}
	return nil
}

func (st *state) removeCheck(uuid string) {
	st.checks.removeFirst(func(c *purser.Check) bool { return c.UUID == uuid })
}
