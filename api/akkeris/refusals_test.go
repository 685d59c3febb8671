package akkeris_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"purser"
)

// Codes of the core, in the statuses and texts of the dialect.
func TestRefusalsOfTheCore(t *testing.T) {
	for _, row := range []struct {
		err    error
		status int
		text   string
	}{
		{purser.Errorf(purser.CodeInvalid, "the template is wrong"), 422, "the template is wrong"},
		{purser.Errorf(purser.CodeNotFound, "No deployer named 'x'"), 404, "No deployer named 'x'"},
		{purser.ErrVersionNotFound("shop", 3), 404, "Release with the name [shop] and version [3] doesn't exist"},
		{purser.Errorf(purser.CodeConflict, "it is there"), 409, "it is there"},
		{purser.Errorf(purser.CodeBusy, "busy"), 409, "busy"},
		{purser.Errorf(purser.CodeTooLarge, "too large"), 413, "too large"},
		{purser.Errorf(purser.CodeUnavailable, "The server is shutting down."), 503, "The server is shutting down."},
		{purser.Errorf(purser.CodePlatform, "secret of the platform"), 500, "Internal Server Error"},
		{purser.Errorf(purser.CodeInternal, "secret of the server"), 500, "Internal Server Error"},
		{errDisk, 500, "Internal Server Error"},
	} {
		t.Run(row.err.Error(), func(t *testing.T) {
			s := MustFilledSite(t)
			s.engine.err = row.err
			w := s.ask("POST /apps/shop-dev/releases", `{"release":"`+idOf(1)+`"}`)
			if w.Code != row.status || w.Body.String() != row.text || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
			}
			if limit(w.Header()) != "2400" {
				t.Errorf("%v", w.Header())
			}
		})
	}
}

// What the server itself refuses has the dialect's form on its paths, and only there.
func TestRefusalsOfTheServer(t *testing.T) {
	s := MustFilledSite(t)
	for _, row := range []struct {
		do, header string
		status     int
		text       string
	}{
		{"GET /apps/shop-dev", "nobody", 401, ""},
		{"GET /apps/shop-dev", "bearer nobody", 401, ""},
		{"GET /apps/nosuch", "Bearer nobody", 401, ""},
		{"GET /apps/shop-dev/nosuch", "nobody", 404, ""},
		{"PUT /APPS", "", 404, ""},
		{"GET /Events/x", "", 404, ""},
		{"GET /apps/../x", "", 404, ""},
		{"GET /apps//shop-dev", "", 404, ""},
	} {
		w := s.ask(row.do, "", "Authorization", row.header)
		if w.Code != row.status || w.Body.String() != row.text || limit(w.Header()) == "" || w.Header().Get("Allow") != "" {
			t.Errorf("%s: %d %q %v", row.do, w.Code, w.Body, w.Header())
		}
	}
	for _, do := range []string{"GET /appsx", "GET /nosuch", "GET /v1/apps", "GET /eventsx"} {
		if w := s.ask(do, ""); w.Code != 404 || limit(w.Header()) != "" || !strings.Contains(w.Body.String(), "timestamp") {
			t.Errorf("%s: %d %s", do, w.Code, w.Body)
		}
	}
	if w := s.ask("GET /apps/%2F", ""); w.Code != 400 || limit(w.Header()) == "" || strings.HasPrefix(w.Body.String(), "{") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A list that cannot be read is a fault as long as nothing of it was sent, and is cut off afterwards.
func TestListsThatBreak(t *testing.T) {
	const reads = 1 + 5 + 1 // the current release, five full pages, and one that is empty
	for after := range reads + 1 {
		t.Run(fmt.Sprintf("after %d reads", after), func(t *testing.T) {
			s := MustSite(t)
			s.mustStore(t, many(1, 1000, stage(purser.StageFailed))...)
			s.store.after, s.store.broken = after, errDisk
			text, cut := s.mayBeCut("GET /apps/shop-dev/releases")
			switch {
			case after < 2: // not even the first page
				if cut || text != "Internal Server Error" {
					t.Errorf("%.200q, cut off: %v", text, cut)
				}
			case after < reads:
				if !cut {
					t.Errorf("%.200q is not cut off", text)
				}
			case cut || !json.Valid([]byte(text)):
				t.Errorf("%.200q, cut off: %v", text, cut)
			}
		})
	}
}

// mayBeCut gives an answer, or tells that it was cut off.
func (s *site) mayBeCut(do string) (text string, cut bool) {
	defer func() {
		if p := recover(); p != nil {
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			cut = true
		}
	}()
	return s.ask(do, "").Body.String(), false
}

// A list is the same, compressed or not.
func TestListsAreCompressed(t *testing.T) {
	s := MustSite(t)
	s.mustStore(t, many(1, 1000, stage(purser.StageFailed))...)
	plain := s.ask("GET /apps/shop-dev/releases", "")
	small := s.ask("GET /apps/shop-dev/releases", "", "Accept-Encoding", "gzip")
	if small.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" || small.Header().Get("Content-Length") != "" {
		t.Errorf("%v, %v", small.Header(), plain.Header())
	}
	z, err := gzip.NewReader(small.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil || string(text) != plain.Body.String() || !json.Valid(text) {
		t.Errorf("%v: %.200s", err, text)
	}
}
