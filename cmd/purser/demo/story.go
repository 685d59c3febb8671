package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"purser/cmd/purser/live"
)

// Options say what the story is told with.
type Options struct {
	Binary   string // the server
	Apps     string // folder of the built sample applications
	Packages string // folder of the example packages
	Out      io.Writer
}

// name of the package, and of the release that is made of it.
const name = "hello"

// noGrace makes the upgrade that crashes fail without a pause in the story.
const noGrace = "--purser.strategies.fail-fast-grace=0s"

// story is the state that the steps share.
type story struct {
	Options
	folder string
	server *live.Server
	api    *live.API
	url    string // of the application that runs
	pid    string // of the application that runs
}

// Run tells the whole story. The error says which step did not hold.
func Run(ctx context.Context, o Options) (err error) {
	folder, err := os.MkdirTemp("", "purser-demo-")
	if err != nil {
		return err
	}
	port, err := live.FreePort(ctx)
	if err != nil {
		return err
	}
	s := &story{Options: o, folder: folder}
	s.server = &live.Server{Binary: o.Binary, Folder: folder, Port: port, Args: []string{noGrace}}
	s.api = live.NewAPI(s.server.Base())
	defer func() { err = errors.Join(err, s.clear(err != nil)) }()

	begun := time.Now()
	for i, step := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"Start a server on an empty folder", s.start},
		{"Upload three versions of a package", s.upload},
		{"Install 1.0.0 and fetch its page", s.install},
		{"Upgrade to 1.0.1 with a changed property, without a gap", s.upgrade},
		{"Upgrade to 2.0.0, whose application crashes", s.upgradeBroken},
		{"Roll back to 1.0.0", s.rollback},
		{"Kill the server with SIGKILL and start it again", s.crash},
		{"Delete, and leave nothing behind", s.delete},
	} {
		s.printf("\n%d. %s\n", i+1, step.title)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, strings.ToLower(step.title[:1])+step.title[1:], err)
		}
	}
	s.printf("\nEach step was checked. %.1f s in all.\n", time.Since(begun).Seconds())
	return nil
}

func (s *story) printf(format string, args ...any) { fmt.Fprintf(s.Out, format, args...) }

func (s *story) start(ctx context.Context) error {
	took, err := s.server.Start(ctx, s.api)
	if err != nil {
		return err
	}
	s.printf("   purser serve --server.port=%d --purser.data-dir=%s %s\n", s.server.Port, s.server.DataDir(), noGrace)
	s.printf("   answers after %d ms\n", took.Milliseconds())
	return nil
}

func (s *story) upload(ctx context.Context) error {
	archives, err := live.Pack(s.Packages, s.Apps)
	if err != nil {
		return err
	}
	for _, a := range archives {
		if err := s.api.Upload(ctx, a); err != nil {
			return err
		}
		s.printf("   POST /api/package/upload                  %s %s, %d bytes\n", a.Name, a.Version, len(a.Zip))
	}
	return nil
}

func (s *story) install(ctx context.Context) error {
	r, err := s.api.Install(ctx, name, "1.0.0")
	if err != nil {
		return err
	}
	s.say("POST /api/package/install", r.Version, r.Info)
	if s.url, s.pid, err = s.running(ctx, r.Version); err != nil {
		return err
	}
	return s.expectPage(ctx, s.url, "Hello from version 1.0.0")
}

// upgrade asks for the page all the time: at every moment the old or the new version must answer.
func (s *story) upgrade(ctx context.Context) error {
	watch := s.watchGaps(ctx, s.url)
	r, err := s.api.Upgrade(ctx, name, "1.0.1", "spec:\n  applicationProperties:\n    hello.greeting: Good evening\n")
	if err != nil {
		return errors.Join(err, watch.end())
	}
	s.say("POST /api/release/upgrade", r.Version, r.Info)
	if err := s.settled(ctx, r.Version, "DEPLOYED"); err != nil {
		return errors.Join(err, watch.end())
	}
	old := s.url
	if s.url, s.pid, err = s.running(ctx, r.Version); err != nil {
		return errors.Join(err, watch.end())
	}
	if err := s.settled(ctx, 1, "DELETED"); err != nil {
		return errors.Join(err, watch.end())
	}
	if err := s.gone(ctx, old); err != nil {
		return errors.Join(err, watch.end())
	}
	if err := watch.end(); err != nil {
		return err
	}
	if old == s.url {
		return fmt.Errorf("version 2 answers on the port of version 1: %s", old)
	}
	s.printf("   asked for the page %d times meanwhile: version 1 answered %d, version 2 %d, nobody 0 times\n",
		watch.first+watch.second, watch.first, watch.second)
	return s.expectPage(ctx, s.url, "Good evening from version 1.0.1")
}

func (s *story) upgradeBroken(ctx context.Context) error {
	r, err := s.api.Upgrade(ctx, name, "2.0.0", "")
	if err != nil {
		return err
	}
	s.say("POST /api/release/upgrade", r.Version, r.Info)
	if err := s.settled(ctx, r.Version, "FAILED"); err != nil {
		return err
	}
	if err := s.settled(ctx, 2, "DEPLOYED"); err != nil {
		return err
	}
	return s.expectPage(ctx, s.url, "Good evening from version 1.0.1")
}

func (s *story) rollback(ctx context.Context) error {
	var r live.Release
	if err := s.api.Call(ctx, http.MethodPost, "/api/release/rollback", map[string]any{"releaseName": name, "version": 1}, &r); err != nil {
		return err
	}
	s.say("POST /api/release/rollback", r.Version, r.Info)
	if err := s.settled(ctx, r.Version, "DEPLOYED"); err != nil {
		return err
	}
	old := s.url
	var err error
	if s.url, s.pid, err = s.running(ctx, r.Version); err != nil {
		return err
	}
	if err := s.gone(ctx, old); err != nil {
		return err
	}
	return s.expectPage(ctx, s.url, "Hello from version 1.0.0")
}

func (s *story) crash(ctx context.Context) error {
	pid := s.server.PID()
	if err := s.server.Kill(); err != nil {
		return err
	}
	s.printf("   kill -9 %d\n", pid)
	if err := s.expectPage(ctx, s.url, "Hello from version 1.0.0"); err != nil {
		return fmt.Errorf("the application did not survive its server: %w", err)
	}
	took, err := s.server.Start(ctx, s.api)
	if err != nil {
		return err
	}
	s.printf("   started again, answers after %d ms\n", took.Milliseconds())
	url, appPID, err := s.running(ctx, 0)
	if err != nil {
		return err
	}
	if url != s.url || appPID != s.pid {
		return fmt.Errorf("the server knows an application at %s (pid %s), the one that runs is at %s (pid %s)", url, appPID, s.url, s.pid)
	}
	return s.expectPage(ctx, s.url, "Hello from version 1.0.0")
}

func (s *story) delete(ctx context.Context) error {
	var r live.Release
	if err := s.api.Call(ctx, http.MethodDelete, "/api/release/"+name, nil, &r); err != nil {
		return err
	}
	s.say("DELETE /api/release/"+name, r.Version, r.Info)
	if r.Info.Status.StatusCode != "DELETED" {
		return fmt.Errorf("the release reads %s", r.Info.Status.StatusCode)
	}
	if err := s.api.Call(ctx, http.MethodDelete, "/api/package/"+name, nil, nil); err != nil {
		return err
	}
	s.printf("   DELETE /api/package/%s\n", name)
	if err := s.gone(ctx, s.url); err != nil {
		return err
	}
	if err := s.server.Stop(); err != nil {
		return fmt.Errorf("stopping the server: %w", err)
	}
	err := live.Until(ctx, 10*time.Second, 20*time.Millisecond, "every process has ended", func() (bool, error) {
		return len(live.Leftovers(s.folder)) == 0, nil
	})
	if err != nil {
		return fmt.Errorf("%w: still there: %v", err, live.Leftovers(s.folder))
	}
	s.printf("   no process is left, and the folder is removed\n")
	return nil
}

// clear removes whatever is still there; with failed set it shows the server's last words first.
func (s *story) clear(failed bool) error {
	if failed {
		s.printf("\nThe server's last words:\n%s\n", live.Tail(s.server.LogFile()))
	}
	if failed {
		_ = s.server.Kill()
	}
	for _, pid := range live.Leftovers(s.folder) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return os.RemoveAll(s.folder)
}
