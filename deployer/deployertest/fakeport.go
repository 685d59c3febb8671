package deployertest

import (
	"context"
	"fmt"
	"maps"
	"strconv"

	"purser"
)

var _ purser.Deployer = (*Fake)(nil)

// Info implements purser.Deployer.
func (f *Fake) Info() purser.PlatformInfo {
	return purser.PlatformInfo{Name: f.name, Type: "fake", Description: "in memory"}
}

// DeploymentID implements purser.Deployer, in the form of the local platform.
func (f *Fake) DeploymentID(group, name string) string { return group + "." + name }

// Deploy implements purser.Deployer.
func (f *Fake) Deploy(ctx context.Context, d purser.Deployment) error {
	if err := f.enter(ctx, OpDeploy, d.ID); err != nil {
		return err
	}
	if err := f.deploy(d); err != nil {
		return err
	}
	return f.step(ctx, After(OpDeploy), d.ID)
}

func (f *Fake) deploy(d purser.Deployment) error {
	count := 1
	if text, ok := d.DeploymentProperties["spring.cloud.deployer.count"]; ok {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return purser.Errorf(purser.CodeInvalid, "spring.cloud.deployer.count is %q, expected a number of 0 or more", text)
		}
		count = n
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.deployments[d.ID] != nil {
		return nil
	}
	made := &deployment{Deployment: d}
	f.deployments[d.ID] = made
	f.history = append(f.history, "deploy "+d.ID)
	f.start(made, count)
	f.changed(d.ID)
	return nil
}

// Undeploy implements purser.Deployer.
func (f *Fake) Undeploy(ctx context.Context, id string) error {
	if err := f.enter(ctx, OpUndeploy, id); err != nil {
		return err
	}
	f.undeploy(id)
	return f.step(ctx, After(OpUndeploy), id)
}

func (f *Fake) undeploy(id string) {
	f.lock.Lock()
	defer f.lock.Unlock()
	d := f.deployments[id]
	if d == nil {
		return
	}
	for _, i := range d.instances {
		i.stop()
	}
	delete(f.deployments, id)
	f.history = append(f.history, "undeploy "+id)
	f.changed(id)
}

// Scale implements purser.Deployer.
func (f *Fake) Scale(ctx context.Context, id string, count int, _ map[string]string) error {
	if err := f.enter(ctx, OpScale, id); err != nil {
		return err
	}
	if err := f.scale(id, count); err != nil {
		return err
	}
	return f.step(ctx, After(OpScale), id)
}

func (f *Fake) scale(id string, count int) error {
	if count < 0 {
		return purser.Errorf(purser.CodeInvalid, "the number of instances of %s is %d, expected 0 or more", id, count)
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	d := f.deployments[id]
	if d == nil {
		return purser.Errorf(purser.CodeNotFound, "App with deploymentId %s is not deployed", id)
	}
	if count == len(d.instances) {
		return nil
	}
	for n := len(d.instances) - 1; n >= count; n-- {
		d.instances[n].stop()
		d.instances = d.instances[:n]
	}
	f.start(d, count)
	f.history = append(f.history, fmt.Sprintf("scale %s %d", id, count))
	f.changed(id)
	return nil
}

// Status implements purser.Deployer.
func (f *Fake) Status(ctx context.Context, ids ...string) ([]purser.AppStatus, error) {
	if err := f.enter(ctx, OpStatus, only(ids)); err != nil {
		return nil, err
	}
	f.lock.Lock()
	statuses := make([]purser.AppStatus, 0, len(ids))
	for _, id := range ids {
		statuses = append(statuses, f.status(id))
	}
	f.lock.Unlock()
	return statuses, f.step(ctx, After(OpStatus), only(ids))
}

// status gives a copy that shares nothing; the lock is held.
func (w *world) status(id string) purser.AppStatus {
	s := purser.AppStatus{DeploymentID: id}
	if d := w.deployments[id]; d != nil {
		for _, i := range d.instances {
			c := i.Instance
			c.Attributes = maps.Clone(c.Attributes)
			s.Instances = append(s.Instances, c)
		}
	}
	s.State = purser.Aggregate(s.Instances)
	return s
}

// Logs implements purser.Deployer.
func (f *Fake) Logs(ctx context.Context, id string) (string, error) {
	if err := f.enter(ctx, OpLogs, id); err != nil {
		return "", err
	}
	f.lock.Lock()
	text := ""
	if f.deployments[id] != nil {
		text = "stdout:\n" + id + "\n"
		if set, ok := f.logs[id]; ok {
			text = set
		}
	}
	f.lock.Unlock()
	return text, f.step(ctx, After(OpLogs), id)
}

// Actuator implements purser.Deployer.
func (f *Fake) Actuator(ctx context.Context, r purser.ActuatorRequest) (purser.ActuatorResponse, error) {
	if err := f.enter(ctx, OpActuator, r.DeploymentID); err != nil {
		return purser.ActuatorResponse{}, err
	}
	f.lock.Lock()
	found := false
	for _, i := range f.status(r.DeploymentID).Instances {
		found = found || i.Attributes["guid"] == r.InstanceGUID && i.State == purser.StateDeployed
	}
	answer := f.actuator
	f.lock.Unlock()
	if !found {
		return purser.ActuatorResponse{}, purser.Errorf(purser.CodeNotFound,
			"App with deploymentId %s and guid %s not deployed", r.DeploymentID, r.InstanceGUID)
	}
	response := purser.ActuatorResponse{Status: 200, ContentType: "application/json", Body: []byte(`{"status":"UP"}`)}
	if answer != nil {
		var err error
		if response, err = answer(r); err != nil {
			return purser.ActuatorResponse{}, err
		}
	}
	return response, f.step(ctx, After(OpActuator), r.DeploymentID)
}

// Close implements purser.Deployer.
func (f *Fake) Close() error {
	f.mu.Lock()
	f.closed = true
	for w := range f.watchers {
		w.end()
	}
	for l := range f.followers {
		l.ending()
	}
	f.mu.Unlock()
	f.running.Wait()
	f.lock.Lock()
	defer f.lock.Unlock()
	delete(f.fakes, f)
	return nil
}

func only(ids []string) string {
	if len(ids) == 1 {
		return ids[0]
	}
	return ""
}
