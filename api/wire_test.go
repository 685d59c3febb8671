package api_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"purser/api"
)

// mustListen takes a free port.
func mustListen(tb testing.TB) net.Listener {
	tb.Helper()
	listener, err := api.Listen(tb.Context(), "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	return listener
}

// mustRun lets a server answer on a free port until the test ends.
func mustRun(tb testing.TB, settings ...setting) string {
	tb.Helper()
	s, _ := mustServer(tb, settings...)
	listener := mustListen(tb)
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			tb.Error(err)
		}
		if err := <-served; err != nil {
			tb.Error(err)
		}
	})
	return listener.Addr().String()
}

// What comes over the wire for requests that clients of net/http would not send.
func TestOnTheWire(t *testing.T) {
	address := mustRun(t)
	for _, row := range []struct {
		rule, request string
		status        int
		head, body    string // parts of them
	}{
		{"an answer", "GET /thing HTTP/1.1\r\nHost: a.b:1\r\n\r\n", 200, "Content-Type: application/hal+json\r\n", `"http://a.b:1/thing"`},
		{"no Host header", "GET /thing HTTP/1.0\r\n\r\n", 200, "", `"http://` + address + `/thing"`},
		{"a proxy's form", "GET http://a.b:1/thing?x=y HTTP/1.1\r\nHost: c.d\r\n\r\n", 200, "", `/thing?x=y"`},
		{"two slashes at the start", "GET //thing HTTP/1.1\r\nHost: a\r\n\r\n", 404, "Vary: Access-Control-Request-Headers\r\n", `"path":"//thing"`},
		{"dots", "GET /thing/../thing HTTP/1.1\r\nHost: a\r\n\r\n", 404, "", `"path":"/thing/../thing"`},
		{"dots that leave the root", "GET /../thing HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", ""},
		{"a broken escape", "GET /thing/%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", ""},
		{"an escaped slash", "GET /thing/a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", ""},
		{"an invented method", "FOO /thing HTTP/1.1\r\nHost: a\r\n\r\n", 405, "Allow: GET\r\n", "not supported"},
		{"HEAD", "HEAD /thing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200, "Content-Type: application/hal+json\r\n", ""},
		{"an empty body has no type", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 302, "Content-Length: 0\r\n", ""},
		{"a body that ends early", "POST /body HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"text\"", 400, "", "ended early"},
		{"a body in chunks", "POST /body HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200, "", `"text":null`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, row.request); err != nil {
				t.Fatal(err)
			}
			if row.status == 400 && strings.Contains(row.request, "Content-Length: 100") {
				if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
					t.Fatal(err)
				}
			}
			method, _, _ := strings.Cut(row.request, " ")
			answer, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			var head strings.Builder
			if err := answer.Header.Write(&head); err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != row.status || !strings.Contains(head.String()+"Content-Length: 0\r\n", row.head) || !strings.Contains(string(body), row.body) {
				t.Errorf("%d\n%s\n%s", answer.StatusCode, head.String(), body)
			}
			if strings.Contains(head.String(), "Server:") || row.status != 400 && !strings.Contains(head.String(), "Date:") {
				t.Errorf("a Server header, or no Date: %s", head.String())
			}
			if answer.StatusCode == http.StatusFound && (answer.ContentLength != 0 || answer.Header.Get("Content-Type") != "") {
				t.Errorf("an empty body with a type or without a length: %s", head.String())
			}
		})
	}
}
