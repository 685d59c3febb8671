package chaos_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// theGrace is server.shutdown-grace in these tests.
const theGrace = 5 * time.Second

// A server that is told to stop while upgrades wait and a download hangs is gone at once and well, its applications run
// on, and the next one carries on with everything.
func TestShutdownLeavesNothingUndone(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	downloads := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
			http.ServeFile(w, r, theBuilt.payload)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(downloads.Close)
	s := MustSite(t, "--server.shutdown-grace="+theGrace.String())
	s.mustStart(t)
	s.mustSend(t, change{kind: "install", name: "calm", version: healthy, values: token("calm")})
	s.mustSend(t, change{kind: "install", name: "busy", version: healthy, values: token("busy")})
	for _, c := range []change{
		{kind: "upgrade", name: "busy", version: deaf},
		{kind: "install", name: "fetched", version: healthy, values: token("fetched") + "  resource: " + downloads.URL + "/app\n"},
	} {
		if _, err := c.send(t.Context(), s.api); err != nil {
			t.Fatal(err)
		}
	}
	s.mustSettle(t, "before the end", func() error {
		if apps := len(takeCensus(s.server.Folder).apps); apps != 3 {
			return fmt.Errorf("%d applications run", apps)
		}
		return nil
	})
	before := takeCensus(s.server.Folder)

	took := s.mustEnd(t)
	t.Logf("ended %d ms after SIGTERM", took.Milliseconds())
	if after := takeCensus(s.server.Folder); !slices.Equal(before.appPIDs(), after.appPIDs()) || len(after.servers) != 0 {
		t.Errorf("before the end: %+v\nafter it: %+v", before, after)
	}
	s.mustStart(t)
	if err := s.reads("busy", "DEPLOYED", "UNKNOWN"); err != nil {
		t.Errorf("the upgrade does not go on: %v", err)
	}
	close(release)
	s.mustSettle(t, "the download goes on", func() error { return s.up("fetched") })
	if yes, err := cancel(t.Context(), s.api, "busy"); !yes || err != nil {
		t.Errorf("cancel: %v, %v", yes, err)
	}
	s.mustSettle(t, "in the end", func() error {
		return errors.Join(s.reads("busy", "DEPLOYED", "FAILED"), s.exactAll("calm", "busy", "fetched"))
	})
	s.mustBeStartedOnce(t, "calm", "busy", "fetched")
}

// While a request that came before the end is still answered, reads go on and writes are refused with 503, on new
// connections too.
func TestShutdownRefusesWrites(t *testing.T) {
	t.Parallel()
	s := MustSite(t, "--server.shutdown-grace="+theGrace.String())
	s.mustStart(t)
	s.mustSend(t, change{kind: "install", name: "calm", version: healthy, values: token("calm")})
	upload := s.mustBeginUpload(t)
	if err := s.server.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.mustSettle(t, "the server refuses writes", func() error {
		if _, err := (change{kind: "delete", name: "nobody"}).send(t.Context(), s.api); !isUnavailable(err) {
			return err
		}
		return nil
	})
	for _, c := range []change{
		{kind: "install", name: "late", version: healthy},
		{kind: "upgrade", name: "calm", version: parent},
		{kind: "rollback", name: "calm", back: 1},
		{kind: "scale", name: "calm", count: 2},
		{kind: "delete", name: "calm"},
	} {
		_, err := c.send(t.Context(), s.api)
		if !isUnavailable(err) {
			t.Errorf("%s: %v", c, err)
		}
	}
	if err := s.reads("calm", "DEPLOYED"); err != nil {
		t.Errorf("a read: %v", err)
	}
	if answer := upload.finish(t); !strings.Contains(answer, "201 Created") {
		t.Errorf("the upload that had begun before was answered %s", answer)
	}
	s.mustHaveEnded(t)
	s.mustStart(t)
	s.mustSend(t, change{kind: "install", name: "late", pkg: "uploaded", version: "9.0.0", values: token("late")})
	s.mustSettle(t, "in the end", func() error { return s.exactAll("calm", "late") })
}

// isUnavailable tells whether a request was refused with 503 and a time after which to come again.
func isUnavailable(err error) bool {
	refusal, answered := errors.AsType[*live.Refusal](err)
	return answered && refusal.Status == http.StatusServiceUnavailable && refusal.RetryAfter != ""
}

// A client that never finishes its request cannot keep the server longer than the grace.
func TestShutdownEndsWithinItsGrace(t *testing.T) {
	t.Parallel()
	const grace = time.Second
	s := MustSite(t, "--server.shutdown-grace="+grace.String())
	s.mustStart(t)
	s.mustBeginUpload(t)
	begun := time.Now()
	if err := s.server.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.mustHaveEnded(t)
	if took := time.Since(begun); took < grace || took > grace+2*time.Second {
		t.Errorf("the server ended %s after SIGTERM, with a grace of %s", took, grace)
	}
}

// With stop-on-exit applications end with their server, and come back with the next one.
func TestStopOnExit(t *testing.T) {
	t.Parallel()
	s := MustSite(t, "--purser.platform.local.stop-on-exit=true")
	s.mustStart(t)
	s.mustSend(
		t,
		change{kind: "install", name: "three", version: parent, values: token("three")},
		change{kind: "scale", name: "three", count: 3},
		change{kind: "install", name: "ended", version: broken},
		change{kind: "install", name: "busy", version: healthy, values: token("busy")},
	)
	if _, err := (change{kind: "upgrade", name: "busy", version: deaf}).send(t.Context(), s.api); err != nil {
		t.Fatal(err)
	}
	before, err := s.versions("ended")
	if err != nil {
		t.Fatal(err)
	}
	s.mustEnd(t)
	if left := live.Processes(s.server.Folder); len(left) != 0 {
		t.Fatalf("these are still there: %+v", left)
	}
	s.mustStart(t)
	if yes, err := cancel(t.Context(), s.api, "busy"); !yes || err != nil {
		t.Errorf("cancel: %v, %v", yes, err)
	}
	s.mustSettle(t, "after the next start", func() error {
		return errors.Join(s.reads("busy", "DEPLOYED", "FAILED"), s.up("three"), s.exactAll("three", "ended", "busy"))
	})
	if apps := len(takeCensus(s.server.Folder).apps); apps != 4 {
		t.Errorf("%d applications run, expected 4", apps)
	}
	after, err := s.versions("ended")
	if err != nil || after[0].Status.PlatformStatus != before[0].Status.PlatformStatus {
		t.Errorf("what had ended before reads %+v after, %v; before %+v", after, err, before)
	}
	// Killed, it leaves them running all the same: nobody could have stopped them.
	running := takeCensus(s.server.Folder)
	if err := s.server.Kill(); err != nil {
		t.Fatal(err)
	}
	if after := takeCensus(s.server.Folder); !slices.Equal(running.appPIDs(), after.appPIDs()) {
		t.Errorf("before the kill: %+v\nafter it: %+v", running.apps, after.apps)
	}
	s.mustStart(t)
	s.mustSettle(t, "after the kill", func() error { return s.exactAll("three", "ended", "busy") })
	if after := takeCensus(s.server.Folder); !slices.Equal(running.appPIDs(), after.appPIDs()) {
		t.Errorf("before the kill: %+v\nafter the next start: %+v", running.apps, after.apps)
	}
}

// mustEnd tells the server to stop and gives the time that took.
func (s *site) mustEnd(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	if err := s.server.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.mustHaveEnded(t)
	return time.Since(begun)
}

// mustHaveEnded waits for the end of a server that was told to stop: within the grace and a second, with exit code 0.
func (s *site) mustHaveEnded(t *testing.T) {
	t.Helper()
	state, err := s.server.Wait(theGrace + time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if !state.Success() {
		t.Fatalf("the server ended with %s", state)
	}
}

// request is one that has been sent in part.
type request struct {
	connection net.Conn
	rest       string
}

// mustBeginUpload sends the first half of the upload of the package uploaded 9.0.0.
func (s *site) mustBeginUpload(t *testing.T) *request {
	t.Helper()
	zip, err := live.Zip("uploaded-9.0.0", map[string]string{
		"package.yml":       fmt.Sprintf(packageYAML, "uploaded", "9.0.0"),
		"values.yml":        fmt.Sprintf(valuesYAML, theBuilt.payload, "9.0.0", s.startsFile(), ""),
		"templates/web.yml": webTemplate,
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{
		"repoName": "local", "name": "uploaded", "version": "9.0.0", "extension": "zip", "packageFileAsBytes": zip,
	})
	if err != nil {
		t.Fatal(err)
	}
	body := string(text)
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.server.Base(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	half := len(body) / 2
	_, err = fmt.Fprintf(connection, "POST /api/package/upload HTTP/1.1\r\nHost: purser\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(body))
	if err != nil {
		t.Fatal(err)
	}
	// The server asks for the body when the handler reads it: then the request is under way.
	_ = connection.SetReadDeadline(time.Now().Add(settling))
	answer := make([]byte, 25)
	if _, err := io.ReadFull(connection, answer); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 100 Continue") {
		t.Fatalf("%q, %v", answer, err)
	}
	if _, err := connection.Write([]byte(body[:half])); err != nil {
		t.Fatal(err)
	}
	return &request{connection, body[half:]}
}

// finish sends the rest and gives the answer.
func (r *request) finish(t *testing.T) string {
	t.Helper()
	if _, err := r.connection.Write([]byte(r.rest)); err != nil {
		t.Fatal(err)
	}
	_ = r.connection.SetReadDeadline(time.Now().Add(settling))
	answer := make([]byte, 4096)
	n, err := r.connection.Read(answer)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	return string(answer[:n])
}
