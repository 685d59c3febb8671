package client_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"purser/client"
)

// flaky is a server that ends each of its first connections, after the request was read, without an answer.
func flaky(tb testing.TB, drops int32) (base string, requests *atomic.Int32) {
	tb.Helper()
	requests = &atomic.Int32{}
	var config net.ListenConfig
	l, err := config.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	serve := func(conn net.Conn) {
		defer conn.Close()
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		if requests.Add(1) <= drops {
			return
		}
		body := `{"_links":{"about":{"href":"/api/about"},"package":{"href":"/api/package"},"install":{"href":"/api/install"}},"name":"` + r.Method + `"}`
		answer := http.Response{StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Close: true, Header: http.Header{"Content-Type": {"application/json"}}}
		answer.Body = closing{bytes.NewReader([]byte(body))}
		_ = answer.Write(conn)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serve(conn)
		}
	}()
	return "http://" + l.Addr().String() + "/api", requests
}

type closing struct{ *bytes.Reader }

func (closing) Close() error { return nil }

// A connection that is dropped may have brought the request: only a GET is sent again.
func TestDroppedConnections(t *testing.T) {
	base, requests := flaky(t, 2)
	if _, err := MustClient(t, base, client.Options{}).About(short(t)); err != nil || requests.Load() != 4 {
		t.Errorf("a GET after two drops: %v with %d requests", err, requests.Load())
	}

	base, requests = flaky(t, 100)
	if _, err := MustClient(t, base, client.Options{Retry: client.Retry{Times: 4, First: 1, Most: 1}}).About(short(t)); !isType[*client.UnreachableError](err) || requests.Load() != 5 {
		t.Errorf("a GET that is always dropped: %v with %d requests", err, requests.Load())
	}

	base, requests = flaky(t, 0)
	c := MustClient(t, base, client.Options{})
	if _, err := c.Install(short(t), client.InstallRequest{ReleaseName: "a"}); err != nil {
		t.Fatal(err)
	}
	before := requests.Load()
	requests.Store(-1000) // drop what comes
	defer requests.Store(before)
	if _, err := c.Install(short(t), client.InstallRequest{ReleaseName: "a"}); !isType[*client.UnreachableError](err) || requests.Load() != -999 {
		t.Errorf("a POST that is dropped: %v with %d requests", err, requests.Load()+1000)
	}
}

// refusing is a transport whose server is not there at first.
type refusing struct {
	next  http.RoundTripper
	times atomic.Int32 // that it still refuses
	asked atomic.Int32
}

func (r *refusing) RoundTrip(request *http.Request) (*http.Response, error) {
	r.asked.Add(1)
	if r.times.Add(-1) >= 0 {
		if request.Body != nil {
			_ = request.Body.Close()
		}
		_, err := (&net.Dialer{}).DialContext(request.Context(), "tcp", "127.0.0.1:1") // where nobody listens
		return nil, err
	}
	return r.next.RoundTrip(request)
}

// A refused connection has never reached the server: any request is sent again, an upload too, which has not been read.
func TestRefusedConnections(t *testing.T) {
	s := MustServer(t, indexes(t), map[string]row{
		"POST /api/package/upload": created(t, "upload.json"),
		"DELETE /api/release/a":    file(t, "delete.json"),
	})
	way := &refusing{next: &http.Transport{DisableKeepAlives: true}}
	c := MustClient(t, s.URL+"/api", client.Options{HTTPClient: &http.Client{Transport: way}})
	for name, do := range map[string]func() error{
		"GET":    func() error { _, err := c.About(short(t)); return err },
		"DELETE": func() error { _, err := c.Delete(short(t), "a"); return err },
		"upload": func() error {
			_, err := c.Upload(short(t), client.Upload{Name: "demo", Version: "1.0.0", Archive: strings.NewReader("zip")})
			return err
		},
	} {
		if err := do(); err != nil { // the indexes are known from now on
			t.Fatal(err)
		}
		way.asked.Store(0)
		way.times.Store(2)
		if err := do(); err != nil || way.asked.Load() != 3 {
			t.Errorf("%s: %v after %d attempts", name, err, way.asked.Load())
		}
		way.times.Store(100)
		if err := do(); !isType[*client.UnreachableError](err) {
			t.Errorf("%s without a server: %v", name, err)
		}
		way.times.Store(0)
	}
}

// The context of a call bounds its retries.
func TestRetriesEndWithTheContext(t *testing.T) {
	way := &refusing{}
	way.times.Store(1 << 30)
	c := MustClient(t, "http://127.0.0.1:1/api", client.Options{
		HTTPClient: &http.Client{Transport: way}, Retry: client.Retry{Times: 1 << 20, First: time.Hour, Most: time.Hour},
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.About(ctx); !isType[*client.UnreachableError](err) {
		t.Errorf("the reason is lost: %v", err)
	}
	if ctx.Err() == nil {
		t.Error("it ended before its time")
	}
	none := MustClient(t, "http://127.0.0.1:1/api", client.Options{HTTPClient: &http.Client{Transport: way}, Retry: client.Retry{Times: -1}})
	way.asked.Store(0)
	if _, err := none.About(t.Context()); err == nil || way.asked.Load() != 1 {
		t.Errorf("without retries: %v after %d attempts", err, way.asked.Load())
	}
}

// Redirects are followed for GET alone.
func TestRedirects(t *testing.T) {
	s := MustServer(t, indexes(t), map[string]row{
		"GET /":                     {status: 302, header: map[string]string{"Location": "<base>/api"}},
		"DELETE /api/package/a":     {status: 302, header: map[string]string{"Location": "<base>/api/about"}},
		"POST /api/release/upgrade": {status: 307, header: map[string]string{"Location": "<base>/api/about"}},
	})
	c := MustClient(t, s.URL, client.Options{})
	if a, err := c.About(short(t)); err != nil || a.VersionInfo.Server.Version != "2.11.5" {
		t.Errorf("a GET: %v %v", a, err)
	}
	err := c.DeletePackage(short(t), "a")
	if e, ok := errors.AsType[*client.HTTPError](err); !ok || e.Status != 302 || !strings.Contains(e.Error(), "redirects to") {
		t.Errorf("a DELETE: %v", err)
	}
	_, err = c.Upgrade(short(t), client.UpgradeRequest{ReleaseName: "a"})
	if e, ok := errors.AsType[*client.HTTPError](err); !ok || e.Status != 307 {
		t.Errorf("a POST: %v", err)
	}
}
