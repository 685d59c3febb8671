package release

import (
	"context"
	"time"

	"purser"
)

// CreateCheck attaches an external check to a version (spec/dialects.md §4.2). CodeReleaseNotFound, CodeInvalid, CodeConflict
// when the version has one with that context.
func (e *Engine) CreateCheck(ctx context.Context, r purser.CheckRequest) (c purser.Check, err error) {
	err = e.write(ctx, func(ctx context.Context, tx purser.Tx, now time.Time) ([]purser.Event, error) {
		c = changedCheck(purser.Check{UUID: e.NewID(), Release: r.Release, Context: r.Context, CreatedAt: now, UpdatedAt: now}, r)
		if _, err := tx.FindVersion(ctx, r.Release); err != nil {
			return nil, err
		}
		if err := c.Validate(); err != nil {
			return nil, err
		}
		return nil, tx.CreateCheck(ctx, c)
	})
	return c, err
}

// UpdateCheck changes what the request says of a check. CodeNotFound, CodeInvalid.
func (e *Engine) UpdateCheck(ctx context.Context, r purser.CheckRequest) (c purser.Check, err error) {
	err = e.write(ctx, func(ctx context.Context, tx purser.Tx, now time.Time) ([]purser.Event, error) {
		checks, err := tx.FindChecks(ctx, r.Release)
		if err != nil {
			return nil, err
		}
		for _, found := range checks {
			if found.UUID != r.UUID {
				continue
			}
			found.UpdatedAt = now
			c = changedCheck(found, r)
			if err := c.Validate(); err != nil {
				return nil, err
			}
			return nil, tx.UpdateCheck(ctx, c)
		}
		return nil, purser.Errorf(purser.CodeNotFound, "Check with uuid='%s' can not be found.", r.UUID)
	})
	return c, err
}

// changedCheck is a check with what the request says.
func changedCheck(c purser.Check, r purser.CheckRequest) purser.Check {
	if r.State != nil {
		c.State = *r.State
	}
	for _, field := range []struct {
		to   *string
		from *string
	}{{&c.Name, r.Name}, {&c.Description, r.Description}, {&c.TargetURL, r.TargetURL}, {&c.ImageURL, r.ImageURL}} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	return c
}
