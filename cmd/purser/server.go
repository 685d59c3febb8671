package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"

	"github.com/google/uuid"

	"purser"
	"purser/api"
	"purser/api/browse"
	"purser/api/data"
	"purser/api/events"
	"purser/api/native"
	"purser/api/openapi"
	"purser/api/rest"
	"purser/artifacts"
	"purser/config"
	"purser/deployer"
	"purser/deployer/local"
	"purser/hooks"
	"purser/packages"
	"purser/release"
	"purser/repository/sqlite"
	"purser/templates"
)

// server is everything that runs, in the order in which it was opened.
type server struct {
	config    *config.Config
	log       *slog.Logger
	identity  *identity
	store     *sqlite.Store
	packages  *packages.Service
	resources *deployer.Resources
	platforms purser.Platforms
	artifacts *artifacts.Service
	events    *events.Hub
	hooks     *hooks.Service // nil: there are none
	engine    *release.Engine
	http      *api.Server
	listener  net.Listener

	background sync.WaitGroup
	stop       context.CancelFunc
}

// openServer opens everything but does not answer requests yet; whoever connects meanwhile waits. The port comes first,
// so that a server that is started twice has touched nothing. After an error nothing is open.
func openServer(ctx context.Context, c *config.Config, log *slog.Logger) (_ *server, err error) {
	s := &server{config: c, log: log, stop: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}()
	address := net.JoinHostPort(c.Server.Address, strconv.Itoa(c.Server.Port))
	if s.listener, err = api.Listen(ctx, address); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder (purser.data-dir) cannot be used: %w", err)
	}
	if s.identity, err = newIdentity(c.DataDir); err != nil {
		return nil, fmt.Errorf("the data folder (purser.data-dir) cannot be used: %w", err)
	}
	if s.store, err = sqlite.Open(ctx, storeOptions(c, log)); err != nil {
		return nil, err
	}
	s.packages = packages.New(packages.Options{
		Store: s.store, Log: log, Limits: packageLimits(c.Limits),
		FetchTimeout: c.FetchTimeout, CacheBytes: orNone(c.PackageCacheBytes),
	})
	if err := s.packages.AddRepositories(ctx, c.Repositories); err != nil {
		return nil, err
	}
	resources, err := resourceOptions(c, log)
	if err != nil {
		return nil, err
	}
	if s.resources, err = deployer.NewResources(resources); err != nil {
		return nil, err
	}
	s.platforms, err = openPlatforms(ctx, platformParts{config: c, resources: s.resources, ports: local.NewPorts(), log: log})
	if err != nil {
		return nil, err
	}
	if s.artifacts, err = openArtifacts(ctx, c, s.store, s.packages, s.identity.name, log); err != nil {
		return nil, err
	}
	s.events = events.NewHub(events.HubOptions{Store: s.store, Log: log, Streams: c.Events.Streams})
	s.hooks = newHooks(c.Dialects.Akkeris, s.store, s.identity.name, log)
	s.engine = release.New(release.Options{
		Store: s.store, Platforms: s.platforms, Packages: s.packages, Renderer: templates.New(), Log: log,
		Owner: s.identity.name, LeaseTTL: c.Engine.Lease, Parallel: c.Engine.Parallel,
		Timeout: c.Health.Timeout, FailFast: c.Health.FailFast, FailFastGrace: c.Health.Grace, Lazy: !c.PollStates,
		Publisher: s.publisher(log),
		Outbox:    s.outbox(),
		Hook:      crashHook(),
	})
	s.http = s.newHTTP()
	return s, nil
}

// newHTTP mounts the dialects. A new dialect is one line here.
func (s *server) newHTTP() *api.Server {
	adapter := api.NewAdapter(s.log, purser.SystemClock{}, uuid.NewString, api.BareLinks(s.config.BareLinks))
	about := about(s.config.VersionInfo)
	dialects := []api.Dialect{
		rest.New(rest.Options{
			Adapter: adapter, Engine: s.engine, Packages: s.packages, Store: s.store,
			About: about, Build: buildInfo(about.ServerVersion), Ready: s.ready, Probes: s.config.Server.Probes,
		}),
		data.New(data.Options{
			Adapter: adapter, Store: s.store, Packages: s.packages, Platforms: s.platforms,
			Filter: optionFilter(s.config.Options), NewID: uuid.NewString,
		}),
		events.New(events.Options{Adapter: adapter, Hub: s.events}),
		native.New(native.Options{
			Adapter: adapter, Engine: s.engine, Packages: s.packages, Store: s.store, Streams: s.config.Logs.Streams,
		}),
	}
	further, documents := s.furtherDialects(adapter)
	dialects = append(append(dialects, further...), openapi.New(adapter, documents...))
	var pages func(http.Handler) http.Handler
	if s.config.Browse {
		b := browse.New(browse.Options{Adapter: adapter, Version: version})
		dialects, pages = append(dialects, b), b.Wrap
	}
	return api.New(api.Options{
		Adapter: adapter, Dialects: dialects, Pages: pages,
		Log: s.log, NewID: uuid.NewString,
		Forward: api.ForwardStrategy(s.config.Server.ForwardHeaders), MaxBody: s.config.Limits.RequestBytes,
	})
}

// ready tells whether the store answers.
func (s *server) ready(ctx context.Context) error {
	_, _, err := s.store.FindRepositories(ctx, purser.RepositoryFilter{Page: purser.Page{Limit: 1}})
	return err
}

// serve answers requests until ctx ends, and then closes everything within the grace of the configuration.
func (s *server) serve(ctx context.Context) error {
	if err := s.engine.Start(ctx); err != nil {
		return errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	if s.config.ReadIndexes {
		s.background.Go(func() { s.packages.Refresh(background, s.config.RefreshInterval) })
	}
	s.background.Go(func() { s.events.Run(background) })
	if s.hooks != nil {
		s.background.Go(func() { s.hooks.Run(background) })
	}
	if s.artifacts != nil {
		s.background.Go(func() { s.artifacts.Run(background) })
	}
	ended := make(chan error, 1)
	s.background.Go(func() { ended <- s.http.Serve(s.listener) })
	s.log.InfoContext(ctx, "listening", "address", s.listener.Addr().String(), "data_dir", s.config.DataDir, "version", version)

	var failed error
	select {
	case <-ctx.Done():
		s.log.InfoContext(ctx, "stopping", "grace", s.config.Server.ShutdownGrace.String())
	case failed = <-ended:
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Server.ShutdownGrace)
	defer cancel()
	return errors.Join(failed, s.close(grace))
}

// close ends whatever is open, the youngest first. Requests and steps in flight have until ctx ends; until they are done
// reads are answered, and writes refused.
func (s *server) close(ctx context.Context) error {
	var errs []error
	if s.http != nil {
		s.http.Drain()
	}
	if s.events != nil {
		s.events.Close() // streams have no end of their own, and their clients know how to come back
	}
	if s.artifacts != nil { // as do imports
		s.artifacts.Drain()
	}
	if s.engine != nil { // answers the requests that wait for it
		errs = append(errs, s.engine.Close(ctx))
	}
	if s.http != nil {
		if err := s.http.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			errs = append(errs, err)
		}
	}
	s.stop()
	s.background.Wait()
	if s.artifacts != nil {
		s.artifacts.Close()
	}
	errs = append(errs, closePlatforms(s.platforms))
	if s.resources != nil {
		errs = append(errs, s.resources.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.listener != nil {
		if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.identity != nil {
		errs = append(errs, s.identity.Close())
	}
	return errors.Join(errs...)
}
