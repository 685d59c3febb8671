package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// site is a data folder with a server on it, and a client.
type site struct {
	server *live.Server
	api    *live.API
}

// MustSite makes a site in a folder of the test, with all packages uploaded. Its server does not run.
func MustSite(tb testing.TB, args ...string) *site {
	tb.Helper()
	s := mustServer(tb, theBuilt.purser, tb.TempDir(), args...)
	s.mustStart(tb)
	MustUpload(tb, s.api, s.startsFile())
	s.mustStop(tb)
	return s
}

// mustServer makes a server on a folder, and ends it, with everything it started, after the test.
func mustServer(tb testing.TB, binary, folder string, args ...string) *site {
	tb.Helper()
	s := &site{server: &live.Server{Binary: binary, Folder: folder, Port: mustPort(tb), Args: args}}
	s.api = live.NewAPI(s.server.Base())
	tb.Cleanup(func() {
		if tb.Failed() {
			tb.Logf("the server's last words:\n%s", s.lastWords())
		}
		_ = s.server.Kill()
		s.clear(tb)
	})
	return s
}

// mustPort finds a port that stays free while the server is down: the kernel gives it to nobody's outgoing connection, and
// the platform to no application.
func mustPort(tb testing.TB) int {
	tb.Helper()
	for range 1000 {
		port := 10000 + rand.IntN(10000)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = l.Close()
			return port
		}
	}
	tb.Fatal("no port is free")
	return 0
}

// lastWords gives the end of the server's log, without the requests.
func (s *site) lastWords() string {
	text, _ := os.ReadFile(s.server.LogFile())
	lines := slices.Collect(strings.Lines(string(text)))
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, `"msg":"request"`) })
	return strings.Join(lines[max(len(lines)-40, 0):], "")
}

// clear ends every process of the folder.
func (s *site) clear(tb testing.TB) {
	err := live.Until(context.Background(), 10*time.Second, 5*time.Millisecond, "everything has ended", func() (bool, error) {
		left := live.Leftovers(s.server.Folder)
		for _, pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		return len(left) == 0, nil
	})
	if err != nil {
		tb.Error(err)
	}
}

func (s *site) mustStart(tb testing.TB) {
	tb.Helper()
	if _, err := s.server.Start(context.Background(), s.api); err != nil {
		tb.Fatal(err)
	}
}

func (s *site) mustStop(tb testing.TB) {
	tb.Helper()
	if err := s.server.Stop(); err != nil {
		tb.Fatalf("stopping the server: %v", err)
	}
}

// mustStartCrashing starts a server that dies at a point, or with ? prints them.
func (s *site) mustStartCrashing(tb testing.TB, at string) {
	tb.Helper()
	plain := *s.server
	s.server.Binary, s.server.Env = theBuilt.crashing, []string{"PURSER_CRASH_AT=" + at}
	s.mustStart(tb)
	s.server.Binary, s.server.Env = plain.Binary, plain.Env
}

// mustDie waits until the server has killed itself.
func (s *site) mustDie(tb testing.TB) {
	tb.Helper()
	state, err := s.server.Wait(20 * time.Second)
	if err != nil {
		tb.Fatal(err)
	}
	if status, ok := state.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		tb.Fatalf("the server did not die by SIGKILL: %s", state)
	}
}

// mustSend sends changes one after the other, each when the one before has come to its end.
func (s *site) mustSend(tb testing.TB, changes ...change) {
	tb.Helper()
	for _, c := range changes {
		r, err := c.send(context.Background(), s.api)
		if err != nil {
			tb.Fatalf("%s: %v", c, err)
		}
		s.mustSettle(tb, c.String(), func() error {
			i, err := s.api.Status(context.Background(), c.name, r.Version)
			if err == nil && i.Status.StatusCode == "UNKNOWN" {
				err = errors.New("it is under way")
			}
			return errors.Join(err, s.up(c.name))
		})
	}
}

// settling is how long everything may take to come to rest.
const settling = 10 * time.Second

// mustSettle waits until everything is as it should be.
func (s *site) mustSettle(tb testing.TB, what string, asItShouldBe func() error) {
	tb.Helper()
	if err := settled(asItShouldBe); err != nil {
		tb.Fatalf("%s: after %s: %v", what, settling, err)
	}
}

// settled waits until something is as it should be; after too long it tells what is not.
func settled(asItShouldBe func() error) error {
	last := errors.New("nobody has looked")
	err := live.Until(context.Background(), settling, 20*time.Millisecond, "as it should be", func() (bool, error) {
		last = asItShouldBe()
		return last == nil, nil
	})
	if err != nil {
		return last
	}
	return nil
}

// versions reads all versions of a release, the first at 0.
func (s *site) versions(name string) ([]live.Info, error) {
	var all []live.Info
	for {
		i, err := s.api.Status(context.Background(), name, len(all)+1)
		if r, ok := errors.AsType[*live.Refusal](err); ok && r.Status == http.StatusNotFound {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
}

// up tells whether the instances of what is deployed of a release run, or have ended.
func (s *site) up(name string) error {
	versions, err := s.versions(name)
	if err != nil {
		return err
	}
	for _, v := range versions {
		instances, err := v.Instances()
		if err != nil {
			return err
		}
		for _, i := range instances {
			if i.State != "deployed" && i.Attributes["exitCode"] == "" {
				return fmt.Errorf("%s is %s", i.ID, i.State)
			}
		}
	}
	return nil
}

// startsFile is where applications note each of their starts.
func (s *site) startsFile() string { return filepath.Join(s.server.Folder, "starts") }

// starts counts how often each instance of a release was started, ever.
func (s *site) starts(name string) (map[string]int, error) {
	text, err := os.ReadFile(s.startsFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	counts := map[string]int{}
	for guid := range strings.Lines(string(text)) {
		if strings.HasPrefix(guid, name+".") {
			counts[strings.TrimSpace(guid)]++
		}
	}
	return counts, nil
}

// pids gives the processes of instances that run.
func pids(instances []live.Instance) ([]int, error) {
	var all []int
	for _, i := range instances {
		text, ok := i.Attributes["pid"]
		if !ok {
			continue
		}
		pid, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("instance %s: pid %q", i.ID, text)
		}
		all = append(all, pid)
	}
	return all, nil
}
