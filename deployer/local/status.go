package local

import (
	"context"
	"strconv"

	"purser"
)

// Status implements purser.Deployer. It looks at what is known, and whether another server has changed a record.
func (d *Deployer) Status(ctx context.Context, ids ...string) ([]purser.AppStatus, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if err := d.refresh(ctx, id); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	statuses := make([]purser.AppStatus, 0, len(ids))
	for _, id := range ids {
		statuses = append(statuses, d.status(id))
	}
	return statuses, nil
}

// status gives what is known of a deployment, in a copy; the lock is held.
func (d *Deployer) status(id string) purser.AppStatus {
	s := purser.AppStatus{DeploymentID: id, State: purser.StateUnknown}
	dep := d.deployments[id]
	if dep == nil || dep.record.Removed {
		return s
	}
	for _, slot := range dep.record.Instances {
		if i := dep.live[slot.Home]; i != nil {
			s.Instances = append(s.Instances, purser.Instance{
				ID: i.guid(), State: i.state, Final: i.final, Reason: i.reason, Attributes: i.attributes(),
			})
		}
	}
	s.State = purser.Aggregate(s.Instances)
	return s
}

// attributes are what Skipper tells of an instance (spec/deployers.md §2.8), and how it ended; the lock is held.
func (i *instance) attributes() map[string]string {
	a := map[string]string{
		"guid":        i.guid(),
		"port":        strconv.Itoa(i.slot.Port),
		"url":         i.url(),
		"working.dir": i.slot.Dir,
	}
	if !i.slot.Inherit {
		a["stdout"], a["stderr"] = i.slot.stdout(), i.slot.stderr()
	}
	if i.pid > 0 {
		a["pid"] = strconv.Itoa(i.pid)
	}
	if i.end != nil && i.end.Reason == "" {
		a["exitCode"] = strconv.Itoa(i.end.Code)
		if i.end.Signal != "" {
			a["signal"] = i.end.Signal
		}
	}
	return a
}
