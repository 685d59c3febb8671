package hooks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"purser"
	"purser/hooks"
	"purser/repository/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// line is a sender that answers as it is told, and remembers what was sent.
type line struct {
	mu     sync.Mutex
	sent   []string // "<time> <address> <body>"
	answer func(ctx context.Context, address string, n int) (int, error)
	begun  time.Time
}

func (l *line) Send(ctx context.Context, address string, header http.Header, body []byte) (int, error) {
	l.mu.Lock()
	l.sent = append(l.sent, fmt.Sprintf("%s %s %s", time.Since(l.begun), address, body))
	n := len(l.sent)
	answer := l.answer
	l.mu.Unlock()
	if header.Get("X-Akkeris-Delivery") == "" {
		return 0, errors.New("no delivery header")
	}
	if answer == nil {
		return 204, nil
	}
	return answer(ctx, address, n)
}

func (l *line) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.sent)
}

// office is a service on a store in memory, within a bubble of fake time.
type office struct {
	*hooks.Service
	store   *memory.Store
	line    *line
	options hooks.Options
	stop    func()
}

func MustOpen(t *testing.T, change ...func(o *hooks.Options)) *office {
	t.Helper()
	o := &office{store: memory.New(), line: &line{begun: time.Now()}}
	o.options = hooks.Options{
		Store: o.store, Sender: o.line, Owner: "server", Prefix: "x-akkeris-", Jitter: func() float64 { return 1 },
		Targets: []hooks.Target{
			{Name: "a", URL: "http://a", Secret: "s", Events: []string{"release", "released"}},
			{Name: "b", URL: "http://b", Secret: "s", Events: []string{"released"}},
		},
		Attempts: 4,
	}
	for _, c := range change {
		c(&o.options)
	}
	o.start(t)
	t.Cleanup(func() { o.stop() })
	return o
}

// start runs a new service on the same store.
func (o *office) start(t *testing.T) {
	t.Helper()
	o.Service = hooks.New(o.options)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		o.Run(ctx)
		close(ended)
	}()
	o.stop = func() {
		cancel()
		<-ended
	}
}

func notice(event, body string) purser.Notice {
	return purser.Notice{Event: event, Key: purser.ReleaseKey{Space: "akkeris/dev", Name: "shop"}, Body: []byte(body)}
}

func (o *office) MustNotify(t *testing.T, notices ...purser.Notice) {
	t.Helper()
	if err := o.notify(t, nil, notices...); err != nil {
		t.Fatal(err)
	}
}

func (o *office) notify(t *testing.T, fail error, notices ...purser.Notice) error {
	t.Helper()
	err := o.store.Update(t.Context(), func(tx purser.Tx) error {
		if err := o.Notify(t.Context(), tx, notices...); err != nil {
			return err
		}
		return fail
	})
	o.Publish(t.Context())
	return err
}

// want compares the deliveries, the oldest first, as "hook event state attempts status error".
func (o *office) want(t *testing.T, want ...string) {
	t.Helper()
	found, err := o.Find(t.Context(), purser.DeliveryFilter{})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, d := range slices.Backward(found) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %d %d %s", d.Hook, d.Event, d.State, d.Attempts, d.Status, d.Error)))
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}

func (o *office) wantSent(t *testing.T, want ...string) {
	t.Helper()
	got := o.line.all()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(append([]string{}, want...), append([]string{}, got...)); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestEachHookIsToldWhatItWants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		o.MustNotify(t, notice("release", "1"), notice("released", "2"), notice("other", "3"))
		synctest.Wait()
		o.wantSent(t, "0s http://a 1", "0s http://a 2", "0s http://b 2")
		o.want(t, "a release delivered 1 204", "a released delivered 1 204", "b released delivered 1 204")
	})
}

func TestWhatIsRolledBackIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		if err := o.notify(t, io.EOF, notice("release", "1")); !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		o.wantSent(t)
		o.want(t)
	})
}

func TestOnceIsOnceForEachHook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		n := notice("released", "1")
		n.Once = "web of version 1"
		for range 3 {
			o.MustNotify(t, n, n)
			synctest.Wait()
		}
		o.want(t, "a released delivered 1 204", "b released delivered 1 204")
		n.Once = "web of version 2"
		o.MustNotify(t, n)
		synctest.Wait()
		if sent := o.line.all(); len(sent) != 4 {
			t.Errorf("%v", sent)
		}
	})
}

func TestAttemptsAreFartherAndFartherApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		o.line.answer = func(context.Context, string, int) (int, error) { return 503, nil }
		o.MustNotify(t, notice("release", "1"))
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		o.wantSent(t, "0s http://a 1", "1s http://a 1", "3s http://a 1", "7s http://a 1")
		o.want(t, "a release dead 4 503 it answered 503")
	})
}

func TestDelaysAreBoundedAndScattered(t *testing.T) {
	for _, row := range []struct {
		jitter float64
		want   []string
	}{
		{1, []string{"0s", "1s", "3s", "6s", "9s"}},
		{0, []string{"0s", "500ms", "1.5s", "3s", "4.5s"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := MustOpen(t, func(o *hooks.Options) {
				o.Attempts, o.LastDelay, o.Jitter = 5, 3*time.Second, func() float64 { return row.jitter }
			})
			o.line.answer = func(context.Context, string, int) (int, error) { return 0, io.ErrUnexpectedEOF }
			o.MustNotify(t, notice("release", "1"))
			time.Sleep(time.Hour)
			var want []string
			for _, at := range row.want {
				want = append(want, at+" http://a 1")
			}
			o.wantSent(t, want...)
			o.want(t, "a release dead 5 0 unexpected EOF")
		})
	}
}

func TestTheDeadAreTriedAgainOnRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t, func(o *hooks.Options) { o.Attempts = 1 })
		o.line.answer = func(_ context.Context, _ string, n int) (int, error) { return []int{301, 200}[n-1], nil }
		o.MustNotify(t, notice("release", "1"))
		synctest.Wait()
		o.want(t, "a release dead 1 301 it answered 301")
		time.Sleep(time.Minute)
		if _, err := o.Retry(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		o.want(t, "a release delivered 1 200")
		o.wantSent(t, "0s http://a 1", "1m0s http://a 1")
		for id, code := range map[int64]purser.Code{1: purser.CodeConflict, 99: purser.CodeNotFound} {
			if _, err := o.Retry(t.Context(), id); purser.ErrorCode(err) != code {
				t.Errorf("retry of %d: %v", id, err)
			}
		}
	})
}

func TestASlowHookDelaysNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		o.line.answer = func(ctx context.Context, address string, _ int) (int, error) {
			if address == "http://a" {
				<-ctx.Done()
				return 0, ctx.Err()
			}
			return 200, nil
		}
		o.MustNotify(t, notice("released", "1"))
		time.Sleep(time.Second)
		o.MustNotify(t, notice("released", "2"))
		synctest.Wait()
		o.wantSent(t, "0s http://a 1", "0s http://b 1", "1s http://a 2", "1s http://b 2")
		o.want(t, "a released pending 0 0", "b released delivered 1 200", "a released pending 0 0", "b released delivered 1 200")
		time.Sleep(hooks.DefaultTimeout - time.Second)
		synctest.Wait()
		o.want(t, "a released pending 1 0 context deadline exceeded", "b released delivered 1 200", "a released pending 0 0", "b released delivered 1 200")
	})
}

// A server that ends, well or not, leaves nothing untold; what it was at is told again under the same id.
func TestResume(t *testing.T) {
	for _, same := range []bool{true, false} {
		t.Run(fmt.Sprintf("the same server %v", same), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := MustOpen(t)
				o.line.answer = func(ctx context.Context, _ string, _ int) (int, error) {
					<-ctx.Done()
					return 0, ctx.Err()
				}
				o.MustNotify(t, notice("release", "1"))
				synctest.Wait()
				if !same { // it dies: nothing is stored of its end
					o.options.Store = deadStore{o.store}
					found, err := o.Find(t.Context(), purser.DeliveryFilter{})
					if err != nil || found[0].Owner != "server" {
						t.Fatalf("%+v, %v", found, err)
					}
				}
				o.stop()
				if !same {
					o.own(t, "server")
					o.options.Store, o.options.Owner = o.store, "another"
				}
				o.line.answer = nil
				o.start(t)
				synctest.Wait()
				if !same {
					o.want(t, "a release pending 0 0")
					time.Sleep(time.Minute)
					synctest.Wait()
				}
				o.want(t, "a release delivered 1 204")
				if sent := o.line.all(); len(sent) != 2 {
					t.Errorf("%v", sent)
				}
			})
		})
	}
}

// own puts the only delivery back as a dead server would have left it.
func (o *office) own(t *testing.T, owner string) {
	t.Helper()
	err := o.store.Update(t.Context(), func(tx purser.Tx) error {
		found, err := tx.FindDeliveries(t.Context(), purser.DeliveryFilter{})
		if err != nil {
			return err
		}
		found[0].Owner, found[0].LeaseUntil = owner, time.Now().Add(30*time.Second)
		return tx.UpdateDelivery(t.Context(), found[0])
	})
	if err != nil {
		t.Fatal(err)
	}
}

// deadStore is a store that nobody reaches any more.
type deadStore struct{ *memory.Store }

func (deadStore) Update(context.Context, func(tx purser.Tx) error) error { return io.ErrClosedPipe }

func TestTwoServersSendOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		second := *o
		second.options.Owner = "second"
		second.start(t)
		t.Cleanup(func() { second.stop() })
		for n := range 50 {
			o.MustNotify(t, notice("release", fmt.Sprint(n)))
			second.MustNotify(t, notice("release", fmt.Sprint(n)))
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if sent := o.line.all(); len(sent) != 100 {
			t.Errorf("%d sent", len(sent))
		}
	})
}

func TestAHookThatIsGoneIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		o.line.answer = func(context.Context, string, int) (int, error) { return 500, nil }
		o.MustNotify(t, notice("release", "1"))
		synctest.Wait()
		o.stop()
		o.options.Targets = o.options.Targets[1:]
		o.start(t)
		time.Sleep(time.Minute)
		synctest.Wait()
		o.want(t, "a release dead 2 0 the hook is not in the configuration any more")
	})
}

func TestOldDeliveriesGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := MustOpen(t)
		o.MustNotify(t, notice("release", "1"))
		time.Sleep(hooks.DefaultKeep - time.Hour)
		o.MustNotify(t, notice("release", "2"))
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		o.want(t, "a release delivered 1 204")
	})
}

// Over HTTP: what arrives is what was told, signed, and a redirect is not followed.
func TestOverHTTP(t *testing.T) {
	type arrival struct {
		header http.Header
		body   string
	}
	arrived := make(chan arrival, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- arrival{r.Header, r.Method + " " + r.URL.Path + " " + string(body)}
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	store := memory.New()
	s := hooks.New(hooks.Options{
		Store: store, Owner: "server", Prefix: "x-akkeris-", Attempts: 1, Token: func(time.Time) string { return "token" },
		Targets: []hooks.Target{
			{Name: "a", URL: server.URL + "/a", Secret: "hooksecret", Events: []string{"release"}},
			{Name: "moved", URL: server.URL + "/moved", Events: []string{"moved"}},
			{Name: "refused", URL: "http://user:secret@127.0.0.1:1/", Events: []string{"moved"}},
		},
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		s.Run(ctx)
		close(ended)
	}()
	err := store.Update(t.Context(), func(tx purser.Tx) error {
		return s.Notify(t.Context(), tx, notice("release", `{"a":1}`), notice("moved", "{}"))
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Publish(t.Context())
	for range 2 {
		got := <-arrived
		if strings.HasPrefix(got.body, "POST /moved") {
			continue
		}
		want := map[string]string{
			"X-Akkeris-Event": "release", "X-Akkeris-Token": "token", "Content-Type": "application/json",
			// printf '{"a":1}' | openssl dgst -sha1 -hmac hooksecret
			"X-Akkeris-Signature": hooks.Signature("hooksecret", []byte(`{"a":1}`)),
		}
		for name, value := range want {
			if got.header.Get(name) != value {
				t.Errorf("%s: %q, want %q", name, got.header.Get(name), value)
			}
		}
		if got.body != `POST /a {"a":1}` || got.header.Get("X-Akkeris-Delivery") == "" {
			t.Errorf("%+v", got)
		}
	}
	for len(mustFind(t, s, purser.DeliveryPending)) > 0 {
		time.Sleep(time.Millisecond)
	}
	for _, d := range mustFind(t, s, purser.DeliveryDead) {
		if d.Hook == "moved" && d.Status != http.StatusTemporaryRedirect || strings.Contains(d.Error, "secret") || d.Error == "" {
			t.Errorf("%+v", d)
		}
	}
	cancel()
	<-ended
	if len(arrived) > 0 {
		t.Errorf("%+v came as well", <-arrived)
	}
}

func mustFind(t *testing.T, s *hooks.Service, state purser.DeliveryState) []purser.Delivery {
	t.Helper()
	found, err := s.Find(t.Context(), purser.DeliveryFilter{State: state})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The signature is the one that the contract's receivers compute.
func TestSignature(t *testing.T) {
	// RFC 2202, test case 2
	const want = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
	if got := hooks.Signature("Jefe", []byte("what do ya want for nothing?")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
