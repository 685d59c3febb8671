package main

import (
	"cmp"
	"log/slog"
	"net/url"
	"time"

	"github.com/google/uuid"

	"purser"
	"purser/api/akkeris"
	"purser/config"
	"purser/hooks"
	"purser/principals"
	"purser/repository/sqlite"
)

// hookSubject is who the bearer of a token that hooks are sent is.
const hookSubject = "hook"

// newHooks makes the service that tells the hooks of the configuration; nil when there are none.
func newHooks(c config.AkkerisDialect, store *sqlite.Store, owner string, log *slog.Logger) *hooks.Service {
	if !c.Enabled || len(c.Hooks) == 0 {
		return nil
	}
	key := cmp.Or(c.Key, uuid.NewString()) // without a key everything is open, and what a token is signed with does not matter
	o := hooks.Options{
		Store: store, Owner: owner, Log: log, Prefix: "x-akkeris-",
		Token: func(now time.Time) string { return principals.Sign(key, hookSubject, now) },
	}
	for _, h := range c.Hooks {
		o.Targets = append(o.Targets, hooks.Target{Name: hookName(h.URL), URL: h.URL, Secret: h.Secret, Events: h.Events})
	}
	return hooks.New(o)
}

// hookName is what a hook is called in its deliveries: its address without a password.
func hookName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Redacted()
}

// outbox is who is told of events before the commit; nil when nobody is.
func (s *server) outbox() purser.Outbox {
	if s.hooks == nil {
		return nil
	}
	return &akkeris.Outbox{Notifier: s.hooks, Memory: s.hooks.Keep}
}

// publisher is who is told of events after the commit, besides the log.
func (s *server) publisher(log *slog.Logger) purser.Publisher {
	all := purser.Publishers{purser.LogPublisher{Log: log}, s.events}
	if s.hooks != nil {
		all = append(all, s.hooks)
	}
	return all
}
