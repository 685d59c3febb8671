package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"

	"purser"
)

// Deploy implements purser.Deployer. The order is durable when it returns; a resource that cannot be had, or run, is a
// failed instance.
func (d *Deployer) Deploy(ctx context.Context, dep purser.Deployment) error {
	var picked []int
	defer func() { d.releaseAll(picked) }()
	return d.change(ctx, dep.ID, func(r *record) (bool, error) {
		if r.ID != "" && !r.Removed {
			return false, nil
		}
		s, err := d.options.Account.settingsFor(dep.DeploymentProperties)
		if err != nil {
			return false, err
		}
		fresh := newRecord(dep)
		fresh.Doomed = r.Doomed
		*r = fresh
		picked, err = d.grow(r, s, s.count, nil)
		return true, err
	})
}

// Undeploy implements purser.Deployer. The order is durable when it returns; the instances end in the background.
func (d *Deployer) Undeploy(ctx context.Context, id string) error {
	return d.change(ctx, id, func(r *record) (bool, error) {
		if r.ID == "" || r.Removed {
			return false, nil
		}
		r.doom(0)
		r.Removed = true
		return true, nil
	})
}

// Scale implements purser.Deployer. The properties are deployment properties of the instances that are added. The highest
// indexes go first.
func (d *Deployer) Scale(ctx context.Context, id string, count int, properties map[string]string) error {
	if count < 0 || count > most {
		return tooMany(count)
	}
	var picked []int
	defer func() { d.releaseAll(picked) }()
	return d.change(ctx, id, func(r *record) (bool, error) {
		if r.ID == "" || r.Removed {
			return false, purser.Errorf(purser.CodeNotFound, "App with deploymentId %s is not in a deployed state.", id)
		}
		if count == len(r.Instances) {
			return false, nil
		}
		s, err := d.options.Account.settingsFor(overlay(r.DeploymentProperties, properties))
		if err != nil {
			return false, err
		}
		r.doom(count)
		picked, err = d.grow(r, s, count, properties)
		return true, err
	})
}

// overlay gives base with the properties over it.
func overlay(base, over map[string]string) map[string]string {
	if len(over) == 0 {
		return base
	}
	all := maps.Clone(base)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, over)
	return all
}

// grow adds instances to a record, in a run folder of their own, and gives the ports that it reserved for them.
func (d *Deployer) grow(r *record, s settings, count int, properties map[string]string) (picked []int, err error) {
	if count <= len(r.Instances) {
		return nil, nil
	}
	p, err := readProperties(r.Properties)
	if err != nil {
		return nil, err
	}
	port, fixed, err := p.port()
	if err != nil {
		return nil, err
	}
	dir, err := d.makeRunFolder(s, r.ID)
	if err != nil {
		return nil, platformError("the working directories root", err)
	}
	for n := len(r.Instances); n < count; n++ {
		if !fixed {
			if port, err = d.options.Ports.pick(s.PortRangeLow, s.PortRangeHigh); err != nil {
				removeRunFolder(dir)
				return picked, err
			}
			picked = append(picked, port)
		}
		r.Instances = append(r.Instances, slot{
			Index: n, Home: newHome(n), Port: port, Dir: dir, Inherit: s.InheritLogging, Properties: properties,
		})
	}
	return picked, nil
}

func (d *Deployer) releaseAll(ports []int) {
	for _, port := range ports {
		d.options.Ports.release(port)
	}
}

// makeRunFolder makes <root>/<milliseconds>/<id>/ (spec/deployers.md §2.5).
func (d *Deployer) makeRunFolder(s settings, id string) (string, error) {
	root, err := filepath.Abs(s.WorkingDirectoriesRoot)
	if err != nil {
		return "", err
	}
	for millis := d.options.Clock.Now().UnixMilli(); ; millis++ {
		parent := filepath.Join(root, strconv.FormatInt(millis, 10))
		if err := os.MkdirAll(parent, 0o700); err != nil {
			return "", err
		}
		dir := filepath.Join(parent, fileName(id))
		if err := os.Mkdir(dir, 0o700); !errors.Is(err, fs.ErrExist) {
			return dir, err
		}
	}
}

// removeRunFolder removes a run folder, and the folder of its millisecond when that was the last one.
func removeRunFolder(dir string) {
	if err := os.RemoveAll(dir); err == nil {
		_ = os.Remove(filepath.Dir(dir))
	}
}

// errNotRunning is the refusal for an instance that is not there (spec/deployers.md §1.2).
func errNotRunning(id, guid string) error {
	return purser.Errorf(purser.CodeNotFound, "App with deploymentId %s and guid %s not deployed", id, guid)
}

// url gives the base URL of an instance.
func url(host string, port int) string { return fmt.Sprintf("http://%s:%d", host, port) }
