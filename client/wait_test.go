package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/client"
)

// step is how a release stands until the next step.
type step struct {
	code    client.StatusCode
	states  string // of its applications, e.g. "deployed,deploying"
	outcome string // of the operation; "-": it is not known
	detail  string // description
	event   string // what tells of the step, "" for nothing
	earlier bool   // the version before is still deployed
	away    bool   // the server is restarting
}

// play is a server whose release goes through steps: with each event, or, without events, with each reading of the status.
type play struct {
	tb     testing.TB
	next   http.Handler
	kind   string // of the operation
	silent bool   // it has no events

	mu    sync.Mutex
	steps []step
	now   int
	told  chan struct{} // has one for each reading of the status
}

func (p *play) step() step { return p.steps[min(p.now, len(p.steps)-1)] }

func (p *play) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/purser/operations":
		p.mu.Lock()
		now := p.step()
		p.mu.Unlock()
		outcome, list := "null", ""
		if now.outcome != "" {
			outcome = `"` + now.outcome + `"`
		}
		if now.outcome != "-" {
			list = fmt.Sprintf(`{"id":9,"kind":"upgrade","to":7},{"id":8,"kind":%q,"phase":"x","to":2,"outcome":%s,"message":"the reason"}`, p.kind, outcome)
		}
		reply(w, `{"_embedded":{"operations":[`+list+`]}}`)
	case "/api/release/status/hello/2":
		p.mu.Lock()
		now := p.step()
		if p.silent {
			p.now++
		}
		p.mu.Unlock()
		if now.away {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if now.code == "" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, refusal(404, "ReleaseNotFoundException", `"releaseName":"hello"`).body)
			return
		}
		reply(w, now.status())
		select {
		case p.told <- struct{}{}:
		default:
		}
	case "/api/release/list/hello":
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.now > 0 && p.steps[p.now-1].earlier {
			reply(w, `{"_embedded":{"releases":[{"name":"hello","version":1,"info":{"status":{"statusCode":"DEPLOYED"}}}]}}`)
			return
		}
		reply(w, `{"_embedded":{"releases":[{"name":"hello","version":2,"info":{"status":{"statusCode":"DEPLOYED"}}}]}}`)
	case "/api/events":
		p.events(w, r)
	default:
		p.next.ServeHTTP(w, r)
	}
}

func reply(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

func (s step) status() string {
	if s.states == "" {
		return fmt.Sprintf(`{"status":{"statusCode":%q,"platformStatus":null},"description":%q}`, s.code, s.detail)
	}
	var list []string
	for i, state := range strings.Split(s.states, ",") {
		list = append(list, fmt.Sprintf(`{\"deploymentId\":\"d%d\",\"state\":\"%s\"}`, i, state))
	}
	return fmt.Sprintf(`{"status":{"statusCode":%q,"platformStatus":"[%s]"},"description":%q}`, s.code, strings.Join(list, ","), s.detail)
}

// events tells of each step once the client has read the one before.
func (p *play) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_, _ = io.WriteString(w, opening)
	_ = out.Flush()
	for id := 7; ; id++ {
		select {
		case <-p.told:
		case <-r.Context().Done():
			return
		}
		p.mu.Lock()
		p.now++
		now, over := p.step(), p.now >= len(p.steps)
		p.mu.Unlock()
		if over {
			<-r.Context().Done()
			return
		}
		_, _ = io.WriteString(w, now.event)
		_ = out.Flush()
	}
}

func done(outcome string) string {
	return eventText(9, "operation", `,"operation":{"id":8,"phase":"done","outcome":"`+outcome+`"},"detail":"over"`)
}

func application(n int, state string) string {
	return eventText(9, "application", fmt.Sprintf(`,"application":"app%d","deploymentId":"d%d","state":%q,"detail":"d%d-0 is %s"`, n, n, state, n, state))
}

const otherVersion = "id: 8\nevent: operation\ndata: {\"version\":1,\"operation\":{\"phase\":\"done\"}}\n\n"

// MustPlay starts a server whose release goes through steps.
func MustPlay(tb testing.TB, p *play) *client.Client {
	tb.Helper()
	p.tb, p.told = tb, make(chan struct{}, 1)
	rows := native(tb)
	if p.silent {
		rows = nil
	}
	p.next = http.HandlerFunc(MustServer(tb, indexes(tb), rows).ServeHTTP)
	front := httptest.NewServer(p)
	tb.Cleanup(front.Close)
	return MustClient(tb, front.URL+"/api", client.Options{})
}

func TestWait(t *testing.T) {
	const unknown, deployed, failed, deleted = client.StatusUnknown, client.StatusDeployed, client.StatusFailed, client.StatusDeleted
	for _, c := range []struct {
		rule     string
		goal     client.Goal
		steps    []step
		silent   bool // without events
		outcome  client.Outcome
		message  string
		progress []string
	}{
		{
			rule: "it was over before", goal: client.UntilDeployed,
			steps:   []step{{code: deployed, states: "deployed", outcome: "succeeded", detail: "Upgrade complete"}},
			outcome: client.OutcomeSucceeded, message: "Upgrade complete", progress: []string{"d0 deployed", "x"},
		},
		{
			rule: "an upgrade", goal: client.UntilDeployed,
			steps: []step{
				{code: unknown, states: "deploying,deploying"},
				{code: deployed, states: "deployed,deploying", event: otherVersion + application(0, "deployed")},
				{code: deployed, states: "deployed,deployed", outcome: "succeeded", detail: "Upgrade complete", event: done("succeeded")},
			},
			outcome: client.OutcomeSucceeded, message: "Upgrade complete",
			progress: []string{"d0 deploying", "d1 deploying", "x", "d0 app0 deployed: d0-0 is deployed", "done: over", "d1 deployed", "x"},
		},
		{
			rule: "an install whose application comes up later", goal: client.UntilDeployed,
			steps: []step{
				{code: deployed, states: "deploying", outcome: "succeeded"},
				{code: deployed, states: "deployed", outcome: "succeeded", detail: "Install complete", event: application(0, "deployed")},
			},
			outcome: client.OutcomeSucceeded, message: "Install complete", progress: []string{"d0 deploying", "x", "d0 app0 deployed: d0-0 is deployed"},
		},
		{
			rule: "an application fails after all", goal: client.UntilDeployed,
			steps: []step{
				{code: deployed, states: "deployed,deploying", outcome: "succeeded"},
				{code: deployed, states: "deployed,failed", outcome: "succeeded", detail: "Install complete", event: application(1, "failed")},
			},
			outcome: client.OutcomeFailed, message: "d1-0 is failed", progress: []string{"d0 deployed", "d1 deploying", "x", "d1 app1 failed: d1-0 is failed"},
		},
		{
			rule: "an upgrade that fails", goal: client.UntilDeployed,
			steps:   []step{{code: unknown}, {code: failed, outcome: "failed", event: done("failed")}},
			outcome: client.OutcomeFailed, message: "the reason", progress: []string{"x", "done: over", "x"},
		},
		{
			rule: "an upgrade that is cancelled", goal: client.UntilDeployed,
			steps:   []step{{code: unknown}, {code: failed, outcome: "cancelled", event: done("cancelled")}},
			outcome: client.OutcomeCancelled, message: "the reason", progress: []string{"x", "done: over", "x"},
		},
		{
			rule: "events were missed", goal: client.UntilDeployed,
			steps:   []step{{code: unknown}, {code: deployed, states: "deployed", outcome: "succeeded", event: "id: 20\nevent: reset\ndata: {}\n\n"}},
			outcome: client.OutcomeSucceeded, message: "", progress: []string{"x", "d0 deployed"},
		},
		{
			rule: "replaced meanwhile", goal: client.UntilDeployed,
			steps:   []step{{code: deleted, outcome: "succeeded"}},
			outcome: client.OutcomeFailed, message: "hello v2 was replaced or deleted meanwhile", progress: []string{"x"},
		},
		{
			rule: "an operation that nobody remembers", goal: client.UntilDeployed,
			steps:   []step{{code: deployed, states: "deployed", outcome: "-"}},
			outcome: client.OutcomeSucceeded, message: "", progress: []string{"d0 deployed"},
		},
		{
			rule: "a delete", goal: client.UntilDeleted,
			steps:   []step{{code: deployed, states: "deployed"}, {code: deleted, outcome: "succeeded", detail: "Delete complete", event: done("succeeded")}},
			outcome: client.OutcomeSucceeded, message: "Delete complete", progress: []string{"d0 deployed", "x", "done: over", "x"},
		},
		{
			rule: "a delete that fails", goal: client.UntilDeleted,
			steps:   []step{{code: deployed}, {code: deployed, outcome: "failed", event: done("failed")}},
			outcome: client.OutcomeFailed, message: "the reason", progress: []string{"x", "done: over", "x"},
		},
		{
			rule: "a release that is gone", goal: client.UntilDeleted, steps: []step{{outcome: "-"}},
			outcome: client.OutcomeSucceeded, message: "",
		},
		{
			rule: "without events, an upgrade", goal: client.UntilDeployed,
			steps: []step{{code: unknown}, {code: deployed, states: "deploying"}, {code: deployed, states: "deployed", detail: "Upgrade complete"}}, silent: true,
			outcome: client.OutcomeSucceeded, message: "Upgrade complete", progress: []string{"d0 deploying", "d0 deployed"},
		},
		{
			rule: "without events, the version before goes last", goal: client.UntilDeployed,
			steps: []step{
				{code: deployed, states: "deployed", earlier: true, detail: "too early"},
				{code: deployed, states: "deployed", detail: "Upgrade complete"},
			}, silent: true,
			outcome: client.OutcomeSucceeded, message: "Upgrade complete", progress: []string{"d0 deployed"},
		},
		{
			rule: "without events, the server restarts", goal: client.UntilDeployed,
			steps: []step{{away: true}, {away: true}, {code: deployed, states: "deployed"}}, silent: true,
			outcome: client.OutcomeSucceeded, message: "", progress: []string{"d0 deployed"},
		},
		{
			rule: "without events, a failure", goal: client.UntilDeployed, silent: true,
			steps:   []step{{code: failed, detail: "no health"}},
			outcome: client.OutcomeFailed, message: "no health",
		},
		{
			rule: "without events, a cancel", goal: client.UntilDeployed, silent: true,
			steps:   []step{{code: failed, detail: "Cancelled after 5 ms."}},
			outcome: client.OutcomeCancelled, message: "Cancelled after 5 ms.",
		},
		{
			rule: "without events, an application in error", goal: client.UntilDeployed, silent: true,
			steps:   []step{{code: deployed, states: "error"}},
			outcome: client.OutcomeFailed, message: "d0: error", progress: []string{"d0 error"},
		},
		{
			rule: "without events, a delete", goal: client.UntilDeleted, silent: true,
			steps:   []step{{code: deployed}, {code: deleted, detail: "Delete complete"}},
			outcome: client.OutcomeSucceeded, message: "Delete complete",
		},
		{
			rule: "without events, a delete that fails", goal: client.UntilDeleted, silent: true,
			steps:   []step{{code: failed, detail: "no"}},
			outcome: client.OutcomeFailed, message: "no",
		},
	} {
		t.Run(c.rule, func(t *testing.T) {
			kind := "upgrade"
			if c.goal == client.UntilDeleted {
				kind = "delete"
			}
			var told []string
			got, err := MustPlay(t, &play{kind: kind, steps: c.steps, silent: c.silent}).Wait(short(t), client.WaitRequest{
				ReleaseName: "hello", Version: 2, Goal: c.goal, Poll: time.Millisecond,
				Progress: func(p client.Progress) {
					text := strings.Join(strings.Fields(p.DeploymentID+" "+p.Application+" "+string(p.State)+p.Phase), " ")
					if p.Detail != "" {
						text += ": " + p.Detail
					}
					told = append(told, text)
				},
			})
			if err != nil || got.Outcome != c.outcome || got.Message != c.message {
				t.Errorf("%q, %q, %v; want %q, %q", got.Outcome, got.Message, err, c.outcome, c.message)
			}
			if diff := cmp.Diff(c.progress, told); diff != "" {
				t.Errorf("progress, -want +got:\n%s", diff)
			}
		})
	}
}

// What a reading is refused with ends the waiting, and the end of the context does without events as well.
func TestWaitEndsWithARefusal(t *testing.T) {
	for _, silent := range []bool{false, true} {
		c := MustPlay(t, &play{kind: "upgrade", silent: silent, steps: []step{{outcome: "succeeded"}}})
		if _, err := c.Wait(short(t), client.WaitRequest{ReleaseName: "hello", Version: 2}); !isType[*client.ReleaseNotFoundError](err) {
			t.Errorf("%T %v", err, err)
		}
	}
	c := MustPlay(t, &play{silent: true, steps: []step{{code: client.StatusUnknown}}})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if got, err := c.Wait(ctx, client.WaitRequest{ReleaseName: "hello", Version: 2}); !errors.Is(err, context.DeadlineExceeded) || got.Info.Status.Code != client.StatusUnknown {
		t.Errorf("%+v %v", got, err)
	}
}

// When the context ends, what is known comes back with its error.
func TestWaitEndsWithTheContext(t *testing.T) {
	c := MustPlay(t, &play{kind: "upgrade", steps: []step{{code: client.StatusUnknown, states: "deploying"}}})
	ctx, cancel := context.WithCancel(short(t))
	got, err := c.Wait(ctx, client.WaitRequest{ReleaseName: "hello", Version: 2, Progress: func(p client.Progress) {
		if p.Phase != "" { // the last that is read
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || got.Outcome != "" || got.Info.Status.State() != client.StateDeploying {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := c.Wait(short(t), client.WaitRequest{ReleaseName: "hello"}); err == nil {
		t.Error("it waits for no version")
	}
}
