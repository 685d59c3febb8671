package local

import (
	"context"
	"time"
)

// Hasten makes deployed instances be probed as often as starting ones.
func (o *Options) Hasten() {
	o.pace = usualPace()
	o.pace.longest, o.pace.health, o.pace.connect, o.pace.confirm = 20*time.Millisecond, 20*time.Millisecond, 20*time.Millisecond, time.Millisecond
}

// OrderUndeploy does what Undeploy does until the order is durable, as a server does that dies then.
func (d *Deployer) OrderUndeploy(ctx context.Context, id string) error {
	return d.disk.exclusive(ctx, func() error {
		at := d.disk.folder(id)
		r, _, _, err := at.load()
		if err != nil {
			return err
		}
		r.doom(0)
		r.Removed = true
		_, err = at.store(r)
		return err
	})
}
