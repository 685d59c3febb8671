package local_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser"
	"purser/deployer/local"
)

// files are resources by the paths of files.
type files struct{}

func (files) Fetch(ctx context.Context, location string) (string, error) {
	path, ok := strings.CutPrefix(location, "file:")
	if !ok {
		return "", purser.Errorf(purser.CodeInvalid, "the scheme of %s is not known", location)
	}
	if _, err := os.Stat(path); err != nil {
		return "", purser.Errorf(purser.CodeNotFound, "there is no %s", location)
	}
	return path, ctx.Err()
}

// ground is a folder for the state and the run folders of one account, which outlives the deployers of a test.
type ground struct {
	testing.TB
	dir     string
	options local.Options
}

// MustGround makes a ground. When the test ends everything that still runs on it is a failure, and killed.
func MustGround(tb testing.TB, settings map[string]any) *ground {
	tb.Helper()
	dir, err := os.MkdirTemp("", "local-platform-")
	if err != nil {
		tb.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	// Under the race detector a program would sleep for a second before it exits.
	const race = "GORACE=atexit_sleep_ms=0"
	all := map[string]any{"env-vars-to-inherit": "PATH,LANG,GORACE", "working-directories-root": filepath.Join(dir, "run"), "shutdown-timeout": 5}
	for key, value := range settings {
		all[key] = value
	}
	account, err := local.Decode("default", all)
	if err != nil {
		tb.Fatal(err)
	}
	g := &ground{TB: tb, dir: dir, options: local.Options{
		Account: account, StateDir: filepath.Join(dir, "state"), Shim: []string{"env", race, self, "shim"}, Resources: files{},
		Clock: purser.SystemClock{}, Log: slog.New(slog.DiscardHandler), Environ: []string{"PATH=" + os.Getenv("PATH"), "LANG=C", race},
	}}
	tb.Cleanup(g.verify)
	return g
}

// verify checks that nothing of the ground runs any more.
func (g *ground) verify() {
	deadline := time.Now().Add(10 * time.Second)
	left := g.processes()
	for len(left) > 0 && time.Now().Before(deadline) {
		<-time.After(10 * time.Millisecond)
		left = g.processes()
	}
	for _, pid := range left {
		cmdline, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		g.Errorf("process %d is left: %s", pid, bytes.ReplaceAll(cmdline, []byte{0}, []byte{' '}))
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err := os.RemoveAll(g.dir); err != nil {
		g.Error(err)
	}
}

// processes lists supervisors and applications of the ground: the ones whose command or environment names its folder.
func (g *ground) processes() []int {
	names, _ := filepath.Glob("/proc/[0-9]*")
	var pids []int
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if err != nil || pid == os.Getpid() {
			continue
		}
		for _, file := range []string{"cmdline", "environ"} {
			if b, err := os.ReadFile(filepath.Join(name, file)); err == nil && bytes.Contains(b, []byte(g.dir)) {
				pids = append(pids, pid)
				break
			}
		}
	}
	return pids
}

// MustOpen opens a deployer, which is closed when the test ends.
func (g *ground) MustOpen() *local.Deployer {
	g.Helper()
	d, err := local.New(context.Background(), g.options)
	if err != nil {
		g.Fatal(err)
	}
	g.Cleanup(func() {
		if err := d.Close(); err != nil {
			g.Errorf("close: %v", err)
		}
	})
	return d
}

// MustOpenAndClear opens a deployer; when the test ends everything is undeployed through a deployer of its own.
func (g *ground) MustOpenAndClear() *local.Deployer {
	g.Helper()
	g.Cleanup(g.clear)
	return g.MustOpen()
}

// clear undeploys everything and waits until it is gone.
func (g *ground) clear() {
	d, err := local.New(context.Background(), g.options)
	if err != nil {
		g.Error(err)
		return
	}
	defer d.Close()
	deadline := time.Now().Add(patience)
	for left := g.deployments(); len(left) > 0; left = g.deployments() {
		if time.Now().After(deadline) {
			g.Errorf("deployments are left: %v", left)
			return
		}
		for _, name := range left {
			if err := d.Undeploy(context.Background(), name); err != nil {
				g.Error(err)
				return
			}
		}
		<-time.After(2 * time.Millisecond)
	}
}

// deployments lists the folders of deployments; the ids of the tests are file names.
func (g *ground) deployments() []string {
	entries, _ := os.ReadDir(filepath.Join(g.options.StateDir, "deployments"))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// app makes a deployment of the test's application with properties given as pairs.
func app(name, behaviour string, pairs ...string) purser.Deployment {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	p := map[string]string{"test.app": behaviour}
	for n := 0; n+1 < len(pairs); n += 2 {
		p[pairs[n]] = pairs[n+1]
	}
	return purser.Deployment{
		ID: "test." + name + "-v1", Group: "test", Name: name + "-v1", App: name, Resource: "file:" + self,
		Properties: p, DeploymentProperties: map[string]string{},
	}
}

const patience = 20 * time.Second

// MustAwait watches until a deployment is as wanted.
func MustAwait(tb testing.TB, d purser.Deployer, id string, wanted func(purser.AppStatus) bool) purser.AppStatus {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	updates, err := d.Watch(ctx, id)
	if err != nil {
		tb.Fatal(err)
	}
	var last purser.AppStatus
	for last = range updates {
		if wanted(last) {
			return last
		}
	}
	tb.Fatalf("%s did not become as wanted: %+v", id, last)
	return last
}

func in(state purser.AppState, instances int) func(purser.AppStatus) bool {
	return func(s purser.AppStatus) bool { return s.State == state && len(s.Instances) == instances }
}

func MustDeploy(tb testing.TB, d purser.Deployer, app purser.Deployment) {
	tb.Helper()
	if err := d.Deploy(context.Background(), app); err != nil {
		tb.Fatal(err)
	}
}

// MustRun deploys and waits until it is deployed.
func MustRun(tb testing.TB, d purser.Deployer, app purser.Deployment, count int) purser.AppStatus {
	tb.Helper()
	if count != 1 {
		app.DeploymentProperties["spring.cloud.deployer.count"] = strconv.Itoa(count)
	}
	MustDeploy(tb, d, app)
	return MustAwait(tb, d, app.ID, in(purser.StateDeployed, count))
}

func MustUndeploy(tb testing.TB, d purser.Deployer, id string) {
	tb.Helper()
	if err := d.Undeploy(context.Background(), id); err != nil {
		tb.Fatal(err)
	}
}

// pid gives the process of an instance.
func pid(tb testing.TB, i purser.Instance) int {
	tb.Helper()
	n, err := strconv.Atoi(i.Attributes["pid"])
	if err != nil {
		tb.Fatalf("pid of %+v: %v", i, err)
	}
	return n
}
