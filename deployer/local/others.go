package local

import (
	"context"
	"path/filepath"
)

// followOthers keeps an eye on the servers that share the state folder: what one of them has ordered, and has not lived to
// see done, the others finish. While nobody else changes the folder a look is the reading of one number.
func (d *Deployer) followOthers(ctx context.Context) {
	for wait(ctx, d.options.pace.others) {
		if !d.disk.changedByOthers() {
			continue
		}
		if err := d.disk.following(ctx, d.followChanged); err != nil && ctx.Err() == nil {
			d.options.Log.WarnContext(ctx, "what other servers have changed cannot be followed, will be tried again", "error", err)
		}
	}
}

// followChanged follows the records that are not as this server knows them, and forgets those that are gone.
func (d *Deployer) followChanged() error {
	folders, err := d.disk.folders()
	if err != nil {
		return err
	}
	d.mu.Lock()
	gone := make(map[folder]string, len(d.deployments))
	known := make(map[folder]stamp, len(d.deployments))
	for id, dep := range d.deployments {
		at := d.disk.folder(id)
		gone[at], known[at] = id, dep.stamp
	}
	d.mu.Unlock()
	for _, at := range folders {
		s := at.stamp()
		if s == (stamp{}) {
			continue // it is being removed
		}
		delete(gone, at)
		if s == known[at] {
			continue
		}
		r, s, exists, err := at.load()
		if err == nil && exists {
			err = d.follow(at, r, s)
		}
		if err != nil { // one damaged record does not keep the others from being followed
			d.options.Log.ErrorContext(d.ctx, "a deployment cannot be followed", "folder", filepath.Base(string(at)), "error", err)
		}
	}
	for _, id := range gone {
		d.forget(id)
	}
	return nil
}
