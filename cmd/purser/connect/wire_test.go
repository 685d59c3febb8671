package connect_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	rpc "connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	v1 "purser/api/connect/applicationv1"
	"purser/api/connect/applicationv1/applicationv1connect"
)

// An answer is packed for those who accept it, whatever the request was; errors never are.
func TestAcceptEncoding(t *testing.T) {
	s := MustSite(t, "")
	rows := []struct {
		accept string
		packed bool
	}{
		{"", false},
		{"gzip", true},
		{"GZIP", true},
		{"br, gzip", true},
		{"gzip, deflate, br", true},
		{"gzip;q=0.5", true},
		{"gzip; q=1.0, identity; q=0.5", true},
		{"*", true},
		{"identity", false},
		{"gzip;q=0", false},
		{"gzip;q=0, *", false},
		{"identity, gzip;q=0.5", false},
		{"br", false},
		{"gzipped", false},
	}
	const body = `{"name":"x","chartRef":"log","dryRun":true}`
	for _, row := range rows {
		for _, encoding := range []string{"identity", "gzip"} {
			t.Run(row.accept+" of "+encoding, func(t *testing.T) {
				sent, headers := []byte(body), []string{"Content-Encoding: " + encoding}
				if encoding == "gzip" {
					sent = packed(t, body)
				}
				if row.accept != "" {
					headers = append(headers, "Accept-Encoding: "+row.accept)
				}
				a := s.post(t, "CreateRelease", jsonType, sent, headers...)
				if got := a.Header.Get("Content-Encoding") == "gzip"; got != row.packed {
					t.Fatalf("%+v", a)
				}
				if row.packed {
					z, err := gzip.NewReader(strings.NewReader(a.Body))
					if err != nil {
						t.Fatal(err)
					}
					text, err := io.ReadAll(z)
					if err != nil {
						t.Fatal(err)
					}
					a.Body = string(text)
				}
				a.want(t, 200, `"name":"x"`)
			})
		}
		s.call(t, "CreateRelease", `{}`, "Accept-Encoding: "+row.accept).want(t, 400, "invalid_argument")
	}
}

// What is too large is told so in the dialect's form, packed or not, and costs no more than the limit.
func TestTooLarge(t *testing.T) {
	s := MustSite(t, "", "--purser.limits.request-body=64KB")
	kept := &http.Transport{DisableCompression: true} // who wants the connection closed may be cut before he has read why
	t.Cleanup(kept.CloseIdleConnections)
	s.client.Transport = kept
	filled := func(size int) string {
		const frame = `{"name":"x","chartRef":"log","dryRun":true,"valuesYaml":"# "}`
		return strings.Replace(frame, "# ", "# "+strings.Repeat("x", size-len(frame)), 1)
	}
	const limit = 64 << 10
	s.call(t, "CreateRelease", filled(limit)).want(t, 200, "")
	s.post(t, "CreateRelease", jsonType, packed(t, filled(limit)), "Content-Encoding: gzip").want(t, 200, "")
	for _, body := range []string{filled(limit + 1), filled(limit * 4)} {
		if a := s.call(t, "CreateRelease", body).want(t, 429, ""); a.code(t) != "resource_exhausted" {
			t.Error(a.Body)
		}
		if a := s.post(t, "CreateRelease", jsonType, packed(t, body), "Content-Encoding: gzip").want(t, 429, ""); a.code(t) != "resource_exhausted" {
			t.Error(a.Body)
		}
	}
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestCompression)
	zeros := make([]byte, 1<<20)
	for range 60 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	if a := s.post(t, "CreateRelease", protoType, bomb.Bytes(), "Content-Encoding: gzip"); a.Status != 429 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	c := applicationv1connect.NewApplicationServiceClient(h2c(t), s.Base(), rpc.WithGRPC(), rpc.WithSendGzip())
	for _, size := range []int{limit + 1, limit * 400} {
		_, err := c.CreateRelease(t.Context(), &v1.CreateReleaseRequest{ChartRef: proto.String("log"), ValuesYaml: proto.String("# " + strings.Repeat("x", size))})
		if rpc.CodeOf(err) != rpc.CodeResourceExhausted {
			t.Errorf("%d bytes over gRPC: %v", size, err)
		}
	}
}

func TestBrokenRequests(t *testing.T) {
	s := MustSite(t, "")
	half := packed(t, `{"chartRef":"log"}`)
	s.post(t, "CreateRelease", jsonType, half[:len(half)-4], "Content-Encoding: gzip").want(t, 400, "invalid_argument")
	s.call(t, "CreateRelease", "{\"name\":\"\xff\",\"chartRef\":\"log\"}").want(t, 400, "invalid_argument")
	s.call(t, "CreateRelease", strings.Repeat(`{"x":`, 20000)).want(t, 400, "invalid_argument")
	a := s.call(t, "CreateRelease", `{"chartRef":7}`).want(t, 400, "chartRef")
	for _, leak := range []string{"applicationv1", "*v1", "proto:", "\u00a0", ".go"} {
		if strings.Contains(a.Body, leak) {
			t.Errorf("%q tells %q", a.Body, leak)
		}
	}
	if a := s.do(t, "POST", "/otterscale.application.v1.ApplicationService/%2F", nil, "Content-Type: application/json"); a.Status != 400 || a.code(t) != "invalid_argument" {
		t.Errorf("%+v", a)
	}
	if a := s.do(t, "OPTIONS", service+"CreateRelease", nil); a.Status != 200 || a.Header.Get("Allow") != "OPTIONS,POST" {
		t.Errorf("%+v", a)
	}
	if a := s.do(t, "POST", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", nil, "Content-Type: application/grpc"); a.Status != 505 {
		t.Errorf("%+v", a)
	}
}

// Details of errors are base64 without padding, and their type has no address before it.
func TestDetails(t *testing.T) {
	s := MustSite(t, "")
	a := s.call(t, "CreateRelease", `{"name":"B","chartRef":"log"}`).want(t, 400, "")
	var e struct {
		Code, Message string
		Details       []struct {
			Type, Value string
			Debug       struct {
				FieldViolations []struct{ Field, Description string }
			}
		}
	}
	d := json.NewDecoder(strings.NewReader(a.Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil || len(e.Details) != 1 {
		t.Fatalf("%v: %s", err, a.Body)
	}
	one := e.Details[0]
	if _, err := base64.RawStdEncoding.DecodeString(one.Value); err != nil || one.Type != "google.rpc.BadRequest" ||
		len(one.Debug.FieldViolations) != 1 || one.Debug.FieldViolations[0].Field != "name" || !strings.HasPrefix(e.Message, "name: ") {
		t.Errorf("%v: %s", err, a.Body)
	}
}

// Of calls for one name at the same time one wins, and the others are told that it is taken.
func TestOneNameForMany(t *testing.T) {
	s := MustSite(t, "")
	statuses := make([]int, 12)
	var all sync.WaitGroup
	for n := range statuses {
		all.Go(func() {
			a := s.call(t, "CreateRelease", `{"name":"web","chartRef":"log:1.0.0"}`)
			if statuses[n] = a.Status; a.Status != 200 && a.code(t) != "already_exists" {
				t.Errorf("%+v", a)
			}
		})
	}
	all.Wait()
	slices.Sort(statuses)
	if want := append([]int{200}, slices.Repeat([]int{409}, len(statuses)-1)...); !slices.Equal(statuses, want) {
		t.Errorf("%v", statuses)
	}
	s.running(t, 1)
	// Names that nobody has given are all different.
	names := map[string]bool{}
	for range 10 {
		names[s.call(t, "CreateRelease", `{"chartRef":"log","dryRun":true}`).release(t).Name] = true
	}
	if len(names) != 10 {
		t.Errorf("%v", names)
	}
}

// A server that is killed behind its answer is succeeded by one that has the release, and its application runs.
func TestKillBehindTheAnswer(t *testing.T) {
	s := MustSite(t, "")
	for n := range 5 {
		name := fmt.Sprintf("web-%d", n)
		made := s.call(t, "CreateRelease", `{"name":"`+name+`","chartRef":"log:1.0.0","valuesMap":{"greeting":"Hi"}}`).release(t)
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		s.mustStart(t)
		if got := s.latest(t, name); got != made {
			t.Fatalf("%+v, not %+v", got, made)
		}
		s.settle(t, name, 1, "deployed")
		s.running(t, n+1)
		if got := s.stored(t, "scope/default/default", name, 1); !strings.Contains(got.Values, "Hi") {
			t.Errorf("%+v", got)
		}
	}
	begun := time.Now()
	s.call(t, "DeleteRelease", `{"name":"web-0"}`).want(t, http.StatusOK, "{}")
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	s.mustStart(t)
	s.running(t, 4)
	if slices.Contains(s.list(t), "default/web-0") {
		t.Errorf("it came back after %s", time.Since(begun))
	}
}
