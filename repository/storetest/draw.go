package storetest

import (
	"context"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"purser"
)

// The methods below draw parts of random rounds: mostly from few values, so that they meet, sometimes anything.

func (c *comparison) bool(label string) bool { return rapid.Bool().Draw(c.T, label) }

func (c *comparison) name(label string) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"a", "A", "b", "ab", "Äb", "äB", "50%", "a_b", "it's", ""}),
		rapid.SampledFrom(awkwardTexts),
		rapid.StringN(0, 4, 12),
	).Draw(c.T, label)
}

// part draws what a name may contain.
func (c *comparison) part() string {
	return rapid.SampledFrom([]string{"", "", "a", "B", "ä", "%", "_", "'", "\x00"}).Draw(c.T, "part")
}

func (c *comparison) optional(label string) *string {
	if c.bool(label + " there") {
		return ptr(c.name(label))
	}
	return nil
}

func (c *comparison) bytes(label string) []byte {
	return rapid.SampledFrom([][]byte{nil, {}, {0}, []byte("it's"), make([]byte, 600)}).Draw(c.T, label)
}

func (c *comparison) time(label string) time.Time {
	ms := rapid.Int64Range(-2000, 5000).Draw(c.T, label)
	if ms < -1500 {
		return time.Time{}
	}
	return time.UnixMicro(ms * 997).In(time.FixedZone("", 3600))
}

func (c *comparison) owner() string {
	return rapid.SampledFrom([]string{"", "me", "other"}).Draw(c.T, "owner")
}

func (c *comparison) key() purser.ReleaseKey {
	return purser.ReleaseKey{
		Space: rapid.SampledFrom([]string{"", "", "", "orgs/x"}).Draw(c.T, "space"),
		Name:  rapid.SampledFrom([]string{"a", "A", "ab", "50%", "it's"}).Draw(c.T, "name"),
	}
}

func (c *comparison) stage() purser.Stage {
	return rapid.SampledFrom(purser.Stages).Draw(c.T, "stage")
}

func (c *comparison) release() purser.Release {
	r := purser.Release{
		Key: c.key(), Version: rapid.IntRange(1, 3).Draw(c.T, "version"), Stage: c.stage(),
		Revision: rapid.Int64Range(0, 3).Draw(c.T, "revision"), Description: c.name("description"), Platform: c.name("platform"),
		Package: purser.Package{Metadata: c.metadata(), Values: c.optional("values")}, Values: c.optional("overrides"), Manifest: c.name("manifest"),
		CreatedAt: c.time("created"), UpdatedAt: c.time("updated"),
	}
	if c.bool("snapshot") {
		r.UUID, r.Tag = uuidOf(r.Key, r.Version), rapid.SampledFrom([]string{"", "t1", "t2", "it's"}).Draw(c.T, "tag")
		r.Notes, r.Trigger, r.Previous, r.ChangeLog, r.Facts = c.name("notes"), purser.Trigger(c.name("trigger")), c.name("previous"), c.optional("log"), c.name("facts")
		r.Archived, r.Activations = c.bool("archived"), rapid.IntRange(0, 3).Draw(c.T, "activations")
		r.CreatedBy, r.UpdatedBy, r.ActivatedBy, r.ArchivedBy = c.name("creator"), c.name("changer"), c.name("activator"), c.name("archiver")
		r.ActivatedAt, r.ArchivedAt, r.HealthyAt = c.time("activated"), c.time("put away"), c.time("healthy")
	}
	if c.bool("deployed") {
		r.Package.Metadata.ID = rapid.Int64Range(0, 3).Draw(c.T, "package id")
		r.Package.Templates = []purser.Template{{Name: "t", Text: c.name("template")}}
		r.Package.Files = []purser.File{{Name: "f", Bytes: c.bytes("file")}}
		r.Package.Dependencies = []purser.Package{{Values: c.optional("dependency's values")}}
		r.Applications = []purser.ReleaseApplication{{Name: c.name("application"), DeploymentID: c.name("deployment")}}
		r.Statuses = []purser.AppStatus{{
			DeploymentID: c.name("deployment"), State: purser.StateDeployed,
			Instances: []purser.Instance{{ID: "i", Final: c.bool("final"), Attributes: map[string]string{"a": "b"}}},
		}}
	}
	return r
}

func (c *comparison) metadata() purser.PackageMetadata {
	return purser.PackageMetadata{
		Name: rapid.SampledFrom([]string{"a", "A", "ab", "50%"}).Draw(c.T, "package"), Version: rapid.SampledFrom([]string{"1", "2"}).Draw(c.T, "package version"),
		RepositoryID: rapid.Int64Range(0, 2).Draw(c.T, "repository"),
		Tags:         rapid.SampledFrom([]*string{nil, ptr(""), ptr("x"), ptr("ü")}).Draw(c.T, "tags"),
	}
}

func (c *comparison) operation() purser.Operation {
	o := purser.Operation{
		Key: c.key(), Kind: purser.OperationInstall, Rollback: c.bool("rollback"), From: 1, To: 2,
		Phase:   rapid.SampledFrom([]purser.Phase{purser.PhaseQueued, purser.PhaseDeploy, purser.PhaseWait, purser.PhaseDone}).Draw(c.T, "phase"),
		Timeout: time.Duration(rapid.Int64().Draw(c.T, "timeout")), Deadline: c.time("deadline"), Owner: c.owner(), LeaseUntil: c.time("lease"),
		Message: c.name("message"), StartedAt: c.time("started"), FinishedAt: c.time("finished"),
	}
	if c.bool("activation") {
		o.Activation = &purser.Activation{Mode: purser.ActivateEither, Revert: c.stage(), Archive: c.bool("archive"), Lenient: c.bool("lenient")}
	}
	if c.bool("lists") {
		o.Deploy, o.Remove = []string{c.name("deployed")}, []string{}
		o.Scale = []purser.ScaleRequest{{DeploymentID: c.name("scaled"), Count: 2, Properties: map[string]string{"a": ""}}}
	}
	return o
}

// uuidOf is the UUID that a version has, if it has one.
func uuidOf(key purser.ReleaseKey, version int) string {
	return fmt.Sprintf("uuid of %q %d", key, version)
}

// checkOrDelivery draws a write of one of the two.
func (c *comparison) checkOrDelivery(id int64) write {
	k := CheckOf(uuidOf(c.key(), rapid.IntRange(1, 2).Draw(c.T, "checked version")), fmt.Sprintf("check %d", id), c.name("context"))
	d := DeliveryOf(int(id))
	d.ID, d.UUID = id, rapid.StringMatching("[0-9a-f]{32}").Draw(c.T, "uuid of delivery")
	d.Hook, d.State = c.name("hook"), rapid.SampledFrom([]purser.DeliveryState{purser.DeliveryPending, purser.DeliveryDead}).Draw(c.T, "state")
	d.Body, d.NextAt, d.EndedAt, d.Owner, d.LeaseUntil = c.bytes("body"), c.time("next"), c.time("end"), c.owner(), c.time("lease")
	owner, now := c.owner(), c.time("now")
	switch rapid.IntRange(0, 5).Draw(c.T, "check or delivery") {
	case 0:
		k.UUID = d.UUID
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.CreateCheck(ctx, k) }
	case 1:
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.UpdateCheck(ctx, k) }
	case 2, 3:
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			made := d
			err := tx.CreateDelivery(ctx, &made)
			return made.ID, err
		}
	case 4:
		return func(ctx context.Context, tx purser.Tx) (any, error) { return nil, tx.UpdateDelivery(ctx, d) }
	default:
		return func(ctx context.Context, tx purser.Tx) (any, error) {
			if err := tx.DropDeliveries(ctx, now); err != nil {
				return nil, err
			}
			claimed, err := tx.ClaimDeliveries(ctx, owner, now, now.Add(time.Second), 2)
			return listOf(claimed, 0), err
		}
	}
}

func (c *comparison) versionFilter() purser.VersionFilter {
	f := purser.VersionFilter{
		Key: c.key(), After: rapid.IntRange(0, 3).Draw(c.T, "after"), Ascending: c.bool("ascending"), Archived: c.bool("archived ones"),
		Light: c.bool("light"), Limit: rapid.IntRange(0, 2).Draw(c.T, "limit"),
	}
	if c.bool("stages") {
		f.Stages = rapid.SliceOfN(rapid.SampledFrom(purser.Stages), 0, 3).Draw(c.T, "stages")
	}
	return f
}

func (c *comparison) deliveryFilter() purser.DeliveryFilter {
	return purser.DeliveryFilter{
		State:  rapid.SampledFrom([]purser.DeliveryState{"", purser.DeliveryPending, purser.DeliveryDead}).Draw(c.T, "state"),
		Before: rapid.Int64Range(0, 4).Draw(c.T, "before"), Limit: rapid.IntRange(0, 2).Draw(c.T, "limit"),
	}
}

func (c *comparison) releaseFilter() purser.ReleaseFilter {
	f := purser.ReleaseFilter{
		Tag: rapid.SampledFrom([]string{"", "", "", "t1"}).Draw(c.T, "tag"), AllSpaces: c.bool("all spaces"), NameContains: c.part(), Latest: c.bool("latest"), Light: c.bool("light"),
		Order: c.order(), Page: c.page(), Version: rapid.IntRange(0, 2).Draw(c.T, "version"),
	}
	if c.bool("names") {
		f.Names = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "A", "it's"}), 0, 3).Draw(c.T, "names")
	}
	if c.bool("stages") {
		f.Stages = rapid.SliceOfN(rapid.SampledFrom(purser.Stages), 0, 3).Draw(c.T, "stages")
	}
	if c.bool("package ids") {
		f.PackageIDs = rapid.SliceOfN(rapid.Int64Range(0, 3), 0, 3).Draw(c.T, "package ids")
	}
	return f
}

func (c *comparison) order() []purser.Order {
	field := rapid.SampledFrom([]purser.OrderField{
		purser.OrderName, purser.OrderVersion, purser.OrderPlatformName, purser.OrderTags, purser.OrderRepositoryID, purser.OrderRepoOrder,
		purser.OrderLocal, purser.OrderDescription, "unknown",
	})
	order := rapid.Custom(func(rt *rapid.T) purser.Order {
		return purser.Order{Field: field.Draw(rt, "field"), Descending: rapid.Bool().Draw(rt, "descending")}
	})
	return rapid.SliceOfN(order, 0, 3).Draw(c.T, "order")
}

func (c *comparison) page() purser.Page {
	return purser.Page{Offset: rapid.IntRange(0, 4).Draw(c.T, "offset"), Limit: rapid.IntRange(0, 3).Draw(c.T, "limit")}
}

func (c *comparison) event() purser.Event {
	return purser.Event{
		Kind: purser.EventRelease, Key: c.key(), Version: rapid.IntRange(0, 3).Draw(c.T, "version"), At: c.time("at"), Detail: c.name("detail"),
		Stage: c.stage(), Operation: rapid.Int64Range(0, 3).Draw(c.T, "operation"), Application: c.name("application"), State: purser.StateFailed,
	}
}
