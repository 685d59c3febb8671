package local

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/google/uuid"

	"purser"
)

// change runs f on the record of a deployment while nobody else changes it, makes the result durable and then real. f gets
// an empty record when there is none, and tells whether it changed it.
func (d *Deployer) change(ctx context.Context, id string, f func(r *record) (changed bool, err error)) error {
	if id == "" {
		return purser.Errorf(purser.CodeInvalid, "a deployment needs an id")
	}
	d.mu.Lock()
	closed := d.closed
	d.mu.Unlock()
	if closed {
		return d.errClosed()
	}
	at := d.disk.folder(id)
	return d.disk.exclusive(ctx, func() error {
		r, s, exists, err := at.load()
		if err != nil {
			return platformError("the state of a deployment", err)
		}
		if exists && r.ID != id {
			return platformError("the state of a deployment", fmt.Errorf("it belongs to %s", r.ID))
		}
		changed, err := f(&r)
		if err != nil {
			return err
		}
		if changed {
			if s, err = at.store(r); err != nil {
				return platformError("the state of a deployment", err)
			}
		}
		if !changed && !exists {
			return nil
		}
		d.apply(at, r, s)
		if !r.over() {
			return nil
		}
		d.forget(id)
		if err := discard(string(at)); err != nil {
			d.options.Log.WarnContext(ctx, "left-over state cannot be removed", "deployment", id, "error", err)
		}
		return nil
	})
}

// over tells whether nothing is left of a deployment that was undeployed.
func (r record) over() bool { return r.Removed && len(r.Doomed) == 0 }

// apply makes what runs follow a record: it starts to supervise what is wanted, and to stop what is doomed.
func (d *Deployer) apply(at folder, r record, s stamp) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	dep := d.deployments[r.ID]
	if dep == nil {
		dep = &deployment{live: map[string]*instance{}, dying: map[string]*instance{}}
		d.deployments[r.ID] = dep
	}
	dep.record, dep.stamp = r, s
	for _, slot := range r.Doomed {
		i := dep.live[slot.Home]
		switch {
		case dep.dying[slot.Home] != nil:
			continue
		case i == nil:
			i = d.newInstance(at, r, slot)
			close(i.idle)
		}
		delete(dep.live, slot.Home)
		dep.dying[slot.Home] = i
		d.background(func(ctx context.Context) { d.stop(ctx, i) })
	}
	for _, slot := range r.Instances {
		if dep.live[slot.Home] == nil {
			i := d.newInstance(at, r, slot)
			dep.live[slot.Home] = i
			d.background(func(context.Context) { i.supervise(i.ctx) }) //nolint:contextcheck // it ends before the deployer does, when the instance is doomed
		}
	}
	for name, i := range dep.live { // what another server has stopped, or replaced
		if !r.wants(i.slot) {
			d.drop(i)
			delete(dep.live, name)
		}
	}
	d.changed(r.ID)
}

// drop forgets an instance; the lock is held.
func (d *Deployer) drop(i *instance) {
	i.cancel()
	d.options.Ports.release(i.slot.Port)
}

// refresh looks whether another server has changed a deployment, and follows it.
func (d *Deployer) refresh(ctx context.Context, id string) error {
	at := d.disk.folder(id)
	d.mu.Lock()
	closed, known := d.closed, stamp{}
	if dep := d.deployments[id]; dep != nil {
		known = dep.stamp
	}
	d.mu.Unlock()
	if closed {
		return d.errClosed()
	}
	if at.stamp() == known {
		return nil
	}
	return d.disk.exclusive(ctx, func() error {
		r, s, exists, err := at.load()
		if err != nil {
			return platformError("the state of a deployment", err)
		}
		if exists && r.ID == id {
			d.apply(at, r, s)
			return nil
		}
		d.forget(id)
		return nil
	})
}

// forget drops a deployment whose record is gone.
func (d *Deployer) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dep := d.deployments[id]
	if dep == nil {
		return
	}
	for _, i := range dep.live {
		d.drop(i)
	}
	for _, i := range dep.dying {
		d.drop(i)
	}
	delete(d.deployments, id)
	d.changed(id)
}

// finished takes a doomed instance that has ended out of the record, with its home; with the last one of a deployment that
// was undeployed the record goes as well.
func (d *Deployer) finished(ctx context.Context, i *instance) error {
	return d.disk.exclusive(ctx, func() error {
		r, s, exists, err := i.folder.load()
		if err != nil {
			return err
		}
		if exists { // else another server was first
			if s, err = d.takeOff(ctx, &r, i); err != nil {
				return err
			}
		}
		d.mu.Lock()
		if dep := d.deployments[i.record.ID]; dep != nil && dep.dying[i.slot.Home] == i {
			delete(dep.dying, i.slot.Home)
			d.drop(i)
		}
		d.mu.Unlock()
		if !exists || r.over() {
			d.forget(i.record.ID)
			return nil
		}
		d.apply(i.folder, r, s) // another server may have changed more
		return nil
	})
}

// takeOff changes what is on disk for finished.
func (d *Deployer) takeOff(ctx context.Context, r *record, i *instance) (s stamp, err error) {
	r.Doomed = slices.DeleteFunc(r.Doomed, func(s slot) bool { return s.Home == i.slot.Home })
	if d.options.Account.DeleteFilesOnExit && !r.uses(i.slot.Dir) {
		if err := d.expired.add(i.slot.Dir); err != nil {
			d.options.Log.WarnContext(ctx, "a run folder will not be deleted", "deployment", r.ID, "error", err)
		}
	}
	if r.over() {
		return stamp{}, discard(string(i.folder))
	}
	if s, err = i.folder.store(*r); err != nil {
		return stamp{}, err
	}
	return s, discard(string(i.home))
}

// wants tells whether an instance is to run.
func (r record) wants(i slot) bool {
	return slices.ContainsFunc(r.Instances, func(s slot) bool { return s.Home == i.Home })
}

// uses tells whether an instance, doomed or not, has that run folder.
func (r record) uses(dir string) bool {
	has := func(s slot) bool { return s.Dir == dir }
	return slices.ContainsFunc(r.Instances, has) || slices.ContainsFunc(r.Doomed, has)
}

// renew gives an instance a new home, because what ran in the old one was lost with the last run of the machine.
func (d *Deployer) renew(ctx context.Context, i *instance) error {
	return d.change(ctx, i.record.ID, func(r *record) (bool, error) {
		for n := range r.Instances {
			if r.Instances[n].Home == i.slot.Home {
				r.Instances[n].Home = newHome(r.Instances[n].Index)
				return true, discard(string(i.home))
			}
		}
		return false, nil
	})
}

// newHome names a home. No two are ever alike, those of deployments with the same id, one after the other, included: a
// server that is late would stop the wrong one.
func newHome(index int) string {
	return fmt.Sprintf("%d-%s", index, uuid.NewString()[:13])
}

// adopt reads the records and follows them. It waits, for a moment only, until the state of what runs is known.
func (d *Deployer) adopt(ctx context.Context) error {
	folders, err := d.disk.folders()
	if err != nil {
		return platformError("the state folder", err)
	}
	err = d.disk.exclusive(ctx, func() error {
		for _, at := range folders {
			r, s, exists, err := at.load()
			switch {
			case err != nil:
				d.options.Log.ErrorContext(ctx, "a deployment cannot be adopted", "folder", filepath.Base(string(at)), "error", err)
			case !exists: // what a crash has left of one that was being made, or removed
				err = discard(string(at))
			default:
				err = d.follow(at, r, s)
			}
			if err != nil {
				d.options.Log.ErrorContext(ctx, "left-over state cannot be removed", "folder", filepath.Base(string(at)), "error", err)
			}
		}
		return nil
	})
	if err != nil {
		return platformError("the state folder", err)
	}
	d.settle(ctx)
	return nil
}

// follow applies a record that was found, and removes one that nothing is left of.
func (d *Deployer) follow(at folder, r record, s stamp) error {
	if r.over() {
		return discard(string(at))
	}
	d.apply(at, r, s)
	return nil
}
