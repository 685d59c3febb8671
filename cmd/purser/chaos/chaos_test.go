package chaos_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

var (
	kills = flag.Int("chaos.kills", 5, "how often the server is killed at random")
	seed  = flag.Uint64("chaos.seed", 0, "seed of what the clients do and when the server dies; 0: a new one")
)

const (
	chaosReleases = 7
	chaosClients  = 8
)

// chaos is one server, or several on one data folder, that are killed at random while clients change releases.
type chaos struct {
	sites   []*site
	t       *testing.T
	random  *rand.Rand
	ledgers []*ledger
	uploads *uploads
	clients []*client
	reader  *client

	requests, writes   atomic.Int64
	mu                 sync.Mutex
	violations         []error
	killed, recoveries int
	ready, rest        []time.Duration
}

// Whatever the clients were doing when the server was killed: its successor brings everything to rest in time, every
// acknowledged change is there, and exactly the instances of deployed versions run.
func TestChaos(t *testing.T) {
	const health = "--spring.cloud.skipper.server.strategies.healthcheck.timeout-in-millis=8000"
	newChaos(t, MustSite(t, health)).run(*kills)
}

// The same with two servers on one data folder, of which one dies or both: what belonged to the dead one comes to its
// right end at the other, or at its successor.
func TestChaosOfTwoServers(t *testing.T) {
	const health = "--spring.cloud.skipper.server.strategies.healthcheck.timeout-in-millis=8000"
	first, second := mustTwoServers(t, health)
	first.mustStop(t)
	second.mustStop(t)
	newChaos(t, first, second).run(max(*kills/2, 2))
}

func newChaos(t *testing.T, sites ...*site) *chaos {
	t.Helper()
	if *seed == 0 {
		*seed = rand.Uint64N(1_000_000)
	}
	t.Logf("seed %d", *seed)
	c := &chaos{t: t, sites: sites, random: rand.New(rand.NewPCG(*seed, 0)), uploads: newUploads()}
	for n := range chaosReleases {
		c.ledgers = append(c.ledgers, newLedger(fmt.Sprintf("release%d", n)))
	}
	for n := range chaosClients {
		c.clients = append(c.clients, c.newClient(n))
	}
	c.reader = c.newClient(chaosClients)
	return c
}

func (c *chaos) newClient(n int) *client {
	return &client{
		id: n, api: live.NewKeepAliveAPI(c.sites[n%len(c.sites)].server.Base(), 1), random: rand.New(rand.NewPCG(*seed, uint64(n+1))),
		ledgers: c.ledgers, uploads: c.uploads, fail: c.violated, requests: &c.requests, writes: &c.writes,
	}
}

// run kills so many times, and tells what it found.
func (c *chaos) run(kills int) {
	t := c.t
	for _, s := range c.sites {
		c.start(s)
	}
	for c.killed < kills && len(c.violations) == 0 {
		c.round()
	}
	c.sweep()
	slices.Sort(c.ready)
	slices.Sort(c.rest)
	t.Logf("%d kills (%d of them while a server was coming up), %d requests, %d acknowledged changes, %d versions of %d releases, %d violations",
		c.killed, c.recoveries, c.requests.Load(), c.writes.Load(), c.versionCount(), chaosReleases, len(c.violations))
	if len(c.rest) > 0 {
		t.Logf("from restart to ready: median %d ms, worst %d ms; from ready to rest: median %d ms, worst %d ms",
			c.ready[len(c.ready)/2].Milliseconds(), c.ready[len(c.ready)-1].Milliseconds(),
			c.rest[len(c.rest)/2].Milliseconds(), c.rest[len(c.rest)-1].Milliseconds())
	}
	for _, err := range c.violations {
		t.Errorf("seed %d: %v", *seed, err)
	}
}

func (c *chaos) violated(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.violations = append(c.violations, err)
}

func (c *chaos) start(s *site) {
	c.t.Helper()
	took, err := s.server.Start(context.Background(), s.api)
	if err != nil {
		c.t.Fatal(err)
	}
	c.ready = append(c.ready, took)
}

// round lets the clients work, kills servers, maybe kills their successors while they come up, and looks at what the last
// ones make of it.
func (c *chaos) round() {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, one := range c.clients {
		running.Go(func() { one.run(ctx) })
	}
	running.Go(func() { c.reader.read(ctx) })
	c.pass(600)
	dead := c.victims()
	for n, s := range dead {
		if n > 0 {
			c.pass(300)
		}
		c.kill(s)
	}
	if len(dead) < len(c.sites) {
		c.pass(300)
	}
	stop()
	running.Wait()
	for _, s := range dead {
		for c.random.IntN(4) == 0 {
			if err := s.server.Launch(); err != nil {
				c.t.Fatal(err)
			}
			c.pass(120)
			c.kill(s)
			c.recoveries++
		}
		c.start(s)
	}
	begun := time.Now()
	var versions [][]live.Info
	err := settled(func() (err error) {
		for _, s := range c.sites { // all of them must tell the same
			if versions, err = c.look(s); err != nil {
				return fmt.Errorf("server on port %d: %w", s.server.Port, err)
			}
		}
		return nil
	})
	if err != nil {
		c.violated(fmt.Errorf("after kill %d: %w", c.killed, err))
		return
	}
	c.rest = append(c.rest, time.Since(begun))
	for _, s := range c.sites {
		if err := c.uploads.check(s.api); err != nil {
			c.violated(fmt.Errorf("after kill %d: %w", c.killed, err))
		}
	}
	for n, l := range c.ledgers {
		for _, e := range l.entries[l.checked:] {
			if err := c.stored(e); err != nil {
				c.violated(fmt.Errorf("after kill %d: %w", c.killed, err))
			}
		}
		l.close(versions[n])
	}
}

// victims draws who is to die: one at least, in any order.
func (c *chaos) victims() []*site {
	all := slices.Clone(c.sites)
	c.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+c.random.IntN(len(all))]
}

// pass lets up to so many milliseconds pass.
func (c *chaos) pass(most int) { <-time.After(time.Duration(c.random.IntN(most)) * time.Millisecond) }

func (c *chaos) kill(s *site) {
	c.t.Helper()
	if err := s.server.Kill(); err != nil {
		c.t.Fatalf("kill %d: %v", c.killed, err)
	}
	c.killed++
}

// look tells what is not as it should be at a server, and gives the versions of each release.
func (c *chaos) look(s *site) ([][]live.Info, error) {
	var all [][]live.Info
	var running []live.Instance
	for _, l := range c.ledgers {
		versions := slices.Clone(l.settled[:l.final()])
		for {
			i, err := s.api.Status(context.Background(), l.name, len(versions)+1)
			if r, ok := errors.AsType[*live.Refusal](err); ok && r.Status == http.StatusNotFound {
				break
			}
			if err != nil {
				return nil, err
			}
			versions = append(versions, i)
		}
		all = append(all, versions)
		deployed := 0
		for n, v := range versions {
			switch v.Status.StatusCode {
			case "UNKNOWN":
				return nil, fmt.Errorf("%s: version %d is UNKNOWN, %q", l.name, n+1, v.Description)
			case "DEPLOYED":
				deployed++
				instances, err := v.Instances()
				if err != nil {
					return nil, err
				}
				running = append(running, instances...)
			}
		}
		if deployed > 1 {
			return nil, fmt.Errorf("%s: %d versions are DEPLOYED", l.name, deployed)
		}
		if err := errors.Join(l.check(versions)...); err != nil {
			return nil, err
		}
	}
	return all, takeCensus(s.server.Folder).compare(running)
}

// stored tells whether an acknowledged version holds what its client has sent.
func (c *chaos) stored(e *entry) error {
	if e.outcome != accepted || e.token == "" {
		return nil
	}
	var manifest struct{ Data string }
	path := fmt.Sprintf("/api/release/manifest/%s/%d", e.name, e.answer.Version)
	if err := c.sites[0].api.Call(context.Background(), http.MethodGet, path, nil, &manifest); err != nil {
		return fmt.Errorf("%s: its manifest: %w", e, err)
	}
	if !strings.Contains(manifest.Data, e.token) || !strings.Contains(manifest.Data, `"payload.release": "`+e.version+`"`) {
		return fmt.Errorf("%s: its manifest as version %d does not hold %s and %s:\n%s", e, e.answer.Version, e.token, e.version, manifest.Data)
	}
	return nil
}

// sweep reads every version once more: none has changed behind the back of the checks, and none is lost.
func (c *chaos) sweep() {
	for _, l := range c.ledgers {
		versions, err := c.sites[0].versions(l.name)
		if err != nil {
			c.violated(err)
			continue
		}
		if len(versions) != len(l.settled) && len(c.violations) == 0 {
			c.violated(fmt.Errorf("%s has %d versions in the end, there were %d", l.name, len(versions), len(l.settled)))
			continue
		}
		for n, v := range l.settled {
			if now := versions[n]; now.Status.StatusCode != v.Status.StatusCode || now.Description != v.Description {
				c.violated(fmt.Errorf("%s: version %d is %s, %q in the end, it was %s, %q", l.name, n+1,
					now.Status.StatusCode, now.Description, v.Status.StatusCode, v.Description))
			}
		}
		for _, e := range l.entries {
			if err := c.stored(e); err != nil {
				c.violated(err)
			}
		}
		if err := c.startedOnce(l); err != nil {
			c.violated(err)
		}
	}
}

// startedOnce tells whether an instance was started again without having been scaled away in between.
func (c *chaos) startedOnce(l *ledger) error {
	starts, err := c.sites[0].starts(l.name)
	if err != nil {
		return err
	}
	for guid, count := range starts {
		var version, index int
		if _, err := fmt.Sscanf(guid, l.name+".web-v%d-%d", &version, &index); err != nil {
			return fmt.Errorf("an instance is called %s: %w", guid, err)
		}
		if most := 1 + l.scales(version); count > most {
			return fmt.Errorf("%s was started %d times, expected %d at most", guid, count, most)
		}
	}
	return nil
}

func (c *chaos) versionCount() int {
	count := 0
	for _, l := range c.ledgers {
		count += len(l.settled)
	}
	return count
}
