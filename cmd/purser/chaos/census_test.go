package chaos_test

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"purser/cmd/purser/live"
)

// census is what runs on a site, by pid.
type census struct {
	servers, shims, apps, children, others map[int]live.Process
}

func takeCensus(folder string) census {
	c := census{
		servers: map[int]live.Process{}, shims: map[int]live.Process{}, apps: map[int]live.Process{},
		children: map[int]live.Process{}, others: map[int]live.Process{},
	}
	for _, p := range live.Processes(folder) {
		word := ""
		if len(p.Args) > 1 {
			word = p.Args[1]
		}
		switch inRunFolder := strings.HasPrefix(p.Dir, filepath.Join(folder, "run")+"/"); {
		case word == "serve":
			c.servers[p.PID] = p
		case word == "shim":
			c.shims[p.PID] = p
		case inRunFolder && word == "":
			c.apps[p.PID] = p
		case inRunFolder && word == "child":
			c.children[p.PID] = p
		default:
			c.others[p.PID] = p
		}
	}
	return c
}

// appPIDs lists the processes of applications.
func (c census) appPIDs() []int { return slices.Sorted(maps.Keys(c.apps)) }

// compare tells how what runs differs from the instances that the server knows: each that is deployed must be one process,
// under a supervisor of its own, and nothing else may run.
func (c census) compare(instances []live.Instance) error {
	wanted, err := pids(instances)
	if err != nil {
		return err
	}
	var errs []error
	complain := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	known := map[int]bool{}
	for _, i := range instances {
		_, ended := i.Attributes["exitCode"]
		if _, has := i.Attributes["pid"]; has == ended || i.State != "deployed" && !ended {
			complain("instance %s is %s, has a pid: %v, an exit code: %v", i.ID, i.State, has, ended)
		}
	}
	for _, pid := range wanted {
		switch {
		case known[pid]:
			complain("process %d is two instances", pid)
		case c.apps[pid].PID == 0:
			complain("process %d does not run", pid)
		}
		known[pid] = true
	}
	supervised := map[int]int{}
	for pid, p := range c.apps {
		if !known[pid] {
			complain("process %d in %s is nobody's instance", pid, p.Dir)
		}
		supervised[p.Parent]++
		if c.shims[p.Parent].PID == 0 {
			complain("process %d in %s has no supervisor", pid, p.Dir)
		}
	}
	for pid, p := range c.shims {
		if supervised[pid] != 1 {
			complain("supervisor %d of %v has %d processes", pid, p.Args, supervised[pid])
		}
	}
	for pid, p := range c.children {
		if c.apps[p.Parent].PID == 0 {
			complain("process %d in %s was left by an application", pid, p.Dir)
		}
	}
	for pid, p := range c.others {
		complain("process %d is unknown: %v", pid, p.Args)
	}
	return errors.Join(errs...)
}
