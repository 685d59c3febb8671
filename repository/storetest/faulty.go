package storetest

import (
	"context"

	"purser"
)

// Point is a moment of a write at which a Faulty store can be made to fail, to wait, or to die.
type Point string

// The points of an Update.
const (
	BeforeUpdate Point = "update/before" // nothing was done yet
	BeforeCommit Point = "update/commit" // the work is done; an error rolls it back
	AfterCommit  Point = "update/after"  // it is stored; an error loses the answer on its way
)

// Faulty is a store on which writes go wrong as Hook says: the error that it returns is what the caller gets. A hook
// may wait, or end the process or the goroutine, as well; it is called by whoever writes, and is safe for concurrent use
// if the writers are concurrent. A nil Hook never interferes.
type Faulty struct {
	purser.Store
	Hook func(Point) error
}

// Update implements purser.Store.
func (f *Faulty) Update(ctx context.Context, do func(tx purser.Tx) error) error {
	if f.Hook == nil {
		return f.Store.Update(ctx, do)
	}
	if err := f.Hook(BeforeUpdate); err != nil {
		return err
	}
	err := f.Store.Update(ctx, func(tx purser.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return f.Hook(BeforeCommit)
	})
	if err != nil {
		return err
	}
	return f.Hook(AfterCommit)
}

var _ purser.Store = (*Faulty)(nil)
