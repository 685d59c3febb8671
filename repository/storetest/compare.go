package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser"
)

// Compare runs random transactions against two stores, one of which is trusted, and fails when any answer differs:
// values, order, totals, ids and the codes of refusals.
func Compare(t *testing.T, open, trusted func(tb testing.TB) purser.Store) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		c := &comparison{T: rt, ctx: t.Context(), stores: [2]purser.Store{trusted(t), open(t)}}
		defer func() { // there are many rounds, so they do not wait for the end of the test
			if err := errors.Join(c.stores[0].Close(), c.stores[1].Close()); err != nil {
				rt.Error(err)
			}
		}()
		for range rapid.IntRange(1, 12).Draw(rt, "transactions") {
			c.transaction()
			c.questions(c.stores[0], c.stores[1])
		}
	})
}

// comparison is one round on two stores.
type comparison struct {
	*rapid.T
	ctx    context.Context
	stores [2]purser.Store
}

// write is one write of a transaction; what it answers is compared.
type write func(ctx context.Context, tx purser.Tx) (any, error)

func (c *comparison) transaction() {
	var writes []write
	for range rapid.IntRange(1, 6).Draw(c.T, "writes") {
		writes = append(writes, c.write())
	}
	rollBack := rapid.IntRange(0, 4).Draw(c.T, "roll back") == 0
	var answers [2][]string
	for i, s := range c.stores {
		err := s.Update(c.ctx, func(tx purser.Tx) error {
			for _, w := range writes {
				answer, err := w(c.ctx, tx)
				answers[i] = append(answers[i], fmt.Sprintf("%+v, %s %s", answer, purser.ErrorCode(err), text(err)))
			}
			if rollBack {
				return errOnPurpose
			}
			return nil
		})
		if rollBack != errors.Is(err, errOnPurpose) {
			c.Fatalf("store %d: %v", i, err)
		}
	}
	c.equal("answers to writes", answers[0], answers[1])
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return purser.ErrorMessage(err)
}

func (c *comparison) equal(what string, want, got any) {
	c.Helper()
	if !reflect.DeepEqual(want, got) { // which is much faster than cmp, and finds out what cmp has to explain
		c.Fatalf("%s (-trusted +other):\n%s", what, cmp.Diff(want, got))
	}
}

// write draws a write. Keys, names and ids are few, so that writes meet.
func (c *comparison) write() write {
	id := rapid.Int64Range(1, 12).Draw(c.T, "id")
	release, m, o := c.release(), c.metadata(), c.operation()
	at := c.time("now")
	switch rapid.IntRange(0, 18).Draw(c.T, "kind of write") {
	case 0, 1, 2:
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			r := release
			err := tx.CreateRelease(ctx, &r)
			return r.ID, err
		}
	case 3, 4:
		release.ID = id
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.UpdateRelease(ctx, release) }
	case 5:
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			return nil, tx.UpdateStatuses(ctx, id, release.Statuses, release.HealthyAt)
		}
	case 6:
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.DeleteRelease(ctx, id) }
	case 7:
		archive := c.bytes("archive")
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			p := m
			err := tx.CreatePackage(ctx, &p, archive)
			return p.ID, err
		}
	case 8:
		archive := c.bytes("archive")
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.UpdateArchive(ctx, id, archive) }
	case 9:
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.DeletePackage(ctx, id) }
	case 10:
		r := purser.Repository{Name: c.name("repository"), URL: c.name("url"), Description: c.optional("description"), Local: c.bool("local"), Order: int(id)}
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			created := r
			err := tx.CreateRepository(ctx, &created)
			return created.ID, err
		}
	case 11:
		if c.bool("create") {
			return func(ctx context.Context, tx purser.Tx) (any, error) {
				created := o
				err := tx.CreateOperation(ctx, &created)
				return created.ID, err
			}
		}
		o.ID = id
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.UpdateOperation(ctx, o) }
	case 13:
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.DiscardRelease(ctx, id) }
	case 14:
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			return nil, tx.SetKeyUUID(ctx, release.Key, fmt.Sprintf("uuid of %s", release.Key))
		}
	case 15:
		return c.checkOrDelivery(id)
	case 17, 18:
		return c.catalogWrite()
	case 12:
		events := []purser.Event{c.event(), c.event(), c.event()}[:rapid.IntRange(0, 3).Draw(c.T, "events")]
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			kept, err := tx.AppendEvents(ctx, events...)
			return listOf(kept, 0), err
		}
	default:
		owner := c.owner()
		if c.bool("claim") {
			return func(ctx context.Context, tx purser.Tx) (any, error) {
				claimed, err := tx.ClaimOperations(ctx, owner, at, at.Add(2*time.Second))
				activations := []purser.Activation{} // by value, as answers are compared by their text
				for i := range claimed {
					if a := claimed[i].Activation; a != nil {
						activations = append(activations, *a)
						claimed[i].Activation = nil
					}
				}
				return []any{listOf(claimed, 0), activations}, err
			}
		}
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.RenewLeases(ctx, owner, at) }
	}
}

// listOf is the answer of a list. An empty one may be nil or not.
func listOf[T any](rows []T, total int) any {
	if len(rows) == 0 {
		rows = nil
	}
	return struct{ Rows, Total any }{rows, total}
}

// questions asks both stores the same and compares the answers.
func (c *comparison) questions(trusted, other purser.Reader) {
	ask := func(what string, question func(s purser.Reader) (any, error)) {
		want, wantErr := question(trusted)
		got, gotErr := question(other)
		c.equal(what, want, got)
		c.equal(what+": code", purser.ErrorCode(wantErr), purser.ErrorCode(gotErr))
		c.equal(what+": message", text(wantErr), text(gotErr))
	}
	all := purser.ReleaseFilter{AllSpaces: true, Stages: purser.Stages}
	drawn := c.releaseFilter()
	for _, f := range []purser.ReleaseFilter{all, drawn} {
		ask(fmt.Sprintf("FindReleases %+v", f), func(s purser.Reader) (any, error) {
			rows, total, err := s.FindReleases(c.ctx, f)
			return listOf(rows, total), err
		})
		if one, ok := other.(purser.ReleaseScanner); ok {
			want, _, wantErr := trusted.FindReleases(c.ctx, f)
			got, err := scan(c.ctx, one, f)
			c.equal(fmt.Sprintf("ScanReleases %+v", f), listOf(want, 0), listOf(got, 0))
			c.equal("ScanReleases: code", purser.ErrorCode(wantErr), purser.ErrorCode(err))
		}
	}
	versions := c.versionFilter()
	for _, f := range []purser.VersionFilter{versions, {Key: versions.Key, Archived: true}} {
		ask(fmt.Sprintf("FindVersions %+v", f), func(s purser.Reader) (any, error) {
			rows, err := s.FindVersions(c.ctx, f)
			return listOf(rows, 0), err
		})
		ask(fmt.Sprintf("CountVersions %+v", f), func(s purser.Reader) (any, error) { return s.CountVersions(c.ctx, f) })
	}
	ask("FindKey", func(s purser.Reader) (any, error) { return s.FindKey(c.ctx, versions.Key) })
	ask("FindVersion", func(s purser.Reader) (any, error) { return s.FindVersion(c.ctx, uuidOf(versions.Key, 1)) })
	ask("FindChecks", func(s purser.Reader) (any, error) {
		rows, err := s.FindChecks(c.ctx, uuidOf(versions.Key, 2), uuidOf(versions.Key, 1))
		return listOf(rows, 0), err
	})
	deliveries := c.deliveryFilter()
	ask(fmt.Sprintf("FindDeliveries %+v", deliveries), func(s purser.Reader) (any, error) {
		rows, err := s.FindDeliveries(c.ctx, deliveries)
		return listOf(rows, 0), err
	})
	key, version := c.key(), rapid.IntRange(-1, 4).Draw(c.T, "version")
	ask("FindRelease", func(s purser.Reader) (any, error) { return s.FindRelease(c.ctx, key, version) })
	ask("NextVersion", func(s purser.Reader) (any, error) { return s.NextVersion(c.ctx, key) })
	ask("FindOperation", func(s purser.Reader) (any, error) { return s.FindOperation(c.ctx, key) })

	packages := purser.PackageFilter{NameContains: c.part(), Order: c.order(), Page: c.page()}
	for _, f := range []purser.PackageFilter{{}, packages, {Name: key.Name, RepositoryID: 1}} {
		ask(fmt.Sprintf("FindPackages %+v", f), func(s purser.Reader) (any, error) {
			rows, total, err := s.FindPackages(c.ctx, f)
			return listOf(rows, total), err
		})
	}
	id := rapid.Int64Range(1, 12).Draw(c.T, "id")
	ask("FindPackage", func(s purser.Reader) (any, error) { return s.FindPackage(c.ctx, id) })
	ask("FindArchive", func(s purser.Reader) (any, error) {
		archive, err := s.FindArchive(c.ctx, id)
		return fmt.Sprintf("%v %q", archive == nil, archive), err
	})
	repositories := purser.RepositoryFilter{Order: c.order(), Page: c.page()}
	ask(fmt.Sprintf("FindRepositories %+v", repositories), func(s purser.Reader) (any, error) {
		rows, total, err := s.FindRepositories(c.ctx, repositories)
		return listOf(rows, total), err
	})
	for _, f := range []purser.OperationFilter{
		{}, {Key: &key}, {Open: true, Page: c.page()}, {Space: &key.Space, Newest: true, Page: c.page()},
	} {
		ask(fmt.Sprintf("FindOperations %+v", f), func(s purser.Reader) (any, error) {
			rows, total, err := s.FindOperations(c.ctx, f)
			return listOf(rows, total), err
		})
	}
	for _, f := range []purser.EventFilter{{AllSpaces: true}, {Names: []string{key.Name}, After: id, Limit: 2}} {
		ask(fmt.Sprintf("FindEvents %+v", f), func(s purser.Reader) (any, error) {
			rows, err := s.FindEvents(c.ctx, f)
			return listOf(rows, 0), err
		})
	}
	c.catalogQuestions(ask)
	ask("FindEventRange", func(s purser.Reader) (any, error) {
		oldest, newest, err := s.FindEventRange(c.ctx)
		return [2]int64{oldest, newest}, err
	})
}
