package local_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"purser"
	"purser/deployer/local"
)

// applications lists the application processes of a ground by the environment that they were started with.
func (g *ground) applications() []int {
	var pids []int
	for _, pid := range g.processes() {
		b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
		if err == nil && bytes.Contains(b, []byte("SUPERVISED_INSTANCE="+g.dir)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// TestRandomOrders gives random orders to two servers on one folder, closes and opens them, and kills supervisors. In the
// end exactly what was ordered runs.
func TestRandomOrders(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	g := MustGround(t, map[string]any{"shutdown-timeout": 1})
	g.Cleanup(g.clear)
	servers := []*local.Deployer{g.MustOpen(), g.MustOpen()}
	wanted := map[string]int{}
	app := func(n int) purser.Deployment {
		return app(fmt.Sprint("m", n), []string{"serve", "hang", "stubborn"}[n])
	}
	for range 60 {
		d, a := servers[random.IntN(2)], app(random.IntN(3))
		_, exists := wanted[a.ID]
		switch action := random.IntN(10); {
		case action < 4:
			count := random.IntN(3)
			a.DeploymentProperties["spring.cloud.deployer.count"] = strconv.Itoa(count)
			MustDeploy(t, d, a)
			if !exists {
				wanted[a.ID] = count
			}
		case action < 6:
			MustUndeploy(t, d, a.ID)
			delete(wanted, a.ID)
		case action < 8 && exists:
			wanted[a.ID] = random.IntN(4)
			if err := d.Scale(t.Context(), a.ID, wanted[a.ID], nil); err != nil {
				t.Fatal(err)
			}
		case action == 8:
			n := random.IntN(2)
			if err := servers[n].Close(); err != nil {
				t.Fatal(err)
			}
			servers[n] = g.MustOpen()
		case action == 9:
			killSupervisor(g, random)
		}
	}
	total := 0
	for n := range 3 {
		a := app(n)
		total += wanted[a.ID]
		for _, d := range servers {
			MustAwait(t, d, a.ID, func(s purser.AppStatus) bool {
				settled := len(s.Instances) == wanted[a.ID]
				for _, i := range s.Instances {
					settled = settled && (i.State == purser.StateDeployed || n == 1 && i.Attributes["pid"] != "")
				}
				return settled
			})
		}
	}
	deadline := time.Now().Add(patience)
	for len(g.applications()) != total {
		if time.Now().After(deadline) {
			t.Fatalf("%d applications run, wanted are %v", len(g.applications()), wanted)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// killSupervisor kills one that has written its state.
func killSupervisor(g *ground, random *rand.Rand) {
	names, _ := filepath.Glob(filepath.Join(g.options.StateDir, "deployments", "*", "*", "state.json"))
	if len(names) == 0 {
		return
	}
	home := filepath.Dir(names[random.IntN(len(names))])
	for _, pid := range g.processes() {
		b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		if err == nil && bytes.HasSuffix(bytes.TrimRight(b, "\x00"), []byte(home)) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
