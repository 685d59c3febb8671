package native_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"purser"
	"purser/api"
)

func TestRefusals(t *testing.T) {
	missing := purser.Errorf(purser.CodeNotFound, "nobody has it")
	unknown := purser.ErrReleaseNotFound("web")
	for _, row := range []struct {
		name      string
		do, body  string
		err       error
		status    int
		exception string
		message   string
	}{
		{"VersionThatIsNoNumber", "GET /api/purser/releases/web/difference?from=x", "", nil, 400, api.TypeMismatchException, `The parameter 'from' is "x", expected the number of a version`},
		{"VersionBeyondNumbers", "GET /api/purser/releases/web/difference?to=99999999999", "", nil, 400, api.TypeMismatchException, `The parameter 'to' is "99999999999", expected the number of a version`},
		{"VersionBelowOne", "GET /api/purser/releases/web/difference?to=0", "", nil, 404, api.ReleaseNotFoundException, "Release with the name [web] and version [0] doesn't exist"},
		{"TheFirstRefusalCounts", "GET /api/purser/releases/web/difference?from=-1&to=x", "", nil, 404, api.ReleaseNotFoundException, "Release with the name [web] and version [-1] doesn't exist"},
		{"ReleaseUnknown", "GET /api/purser/releases/web/difference", "", unknown, 404, api.ReleaseNotFoundException, "Release with the name [web] doesn't exist"},
		{"LinesThatAreNoNumber", "GET /api/purser/releases/web/logs?lines=all", "", nil, 400, api.TypeMismatchException, `The parameter 'lines' is "all", expected a whole number from 0 to 10000`},
		{"TooManyLines", "GET /api/purser/releases/web/logs?lines=10001", "", nil, 400, api.TypeMismatchException, `The parameter 'lines' is "10001", expected a whole number from 0 to 10000`},
		{"FollowThatIsNoTruth", "GET /api/purser/releases/web/logs?follow=1", "", nil, 400, api.TypeMismatchException, `The parameter 'follow' is "1", expected true or false`},
		{"LongValuesAreCut", "GET /api/purser/operations?open=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "", nil, 400, api.TypeMismatchException, `The parameter 'open' is "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", expected true or false`},
		{"ApplicationUnknown", "GET /api/purser/releases/web/logs?app=x", "", missing, 404, api.SkipperException, "nobody has it"},
		{"ApplicationToFollowUnknown", "GET /api/purser/releases/web/logs?app=x&follow=true", "", missing, 404, api.SkipperException, "nobody has it"},
		{"PageBelowNone", "GET /api/purser/operations?page=-1", "", nil, 400, api.TypeMismatchException, `The parameter 'page' is "-1", expected a whole number from 0 to 1073741824`},
		{"PageOfNothing", "GET /api/purser/operations?size=0", "", nil, 400, api.TypeMismatchException, `The parameter 'size' is "0", expected a whole number from 1 to 1000`},
		{"StoreFails", "GET /api/purser/operations", "", errors.New("disk"), 500, "", "Internal error. The server's log has the details. Error id: id"},
		{"PackageUnknown", "GET /api/purser/packages/9", "", missing, 404, api.SkipperException, "nobody has it"},
		{"PackageWithoutNumber", "GET /api/purser/packages/x", "", nil, 400, api.TypeMismatchException, "The id of a package is a whole number, not 'x'"},
		{"PackageThatCannotBeRead", "GET /api/purser/packages/9", "", purser.Errorf(purser.CodeInvalid, "broken"), 409, api.SkipperException, "broken"},
		{"InstallRefused", "POST /api/purser/preview/install", `{"installProperties":{}}`, missing, 409, api.SkipperException, "nobody has it"},
		{"InstallWithoutProperties", "POST /api/purser/preview/install", `{}`, nil, 409, api.SkipperException, "Install properties must not be null"},
		{"InstallThatIsNoJSON", "POST /api/purser/preview/install", `{`, nil, 400, api.NotReadableException, ""},
		{"UpgradeWithoutName", "POST /api/purser/preview/upgrade", `{"upgradeProperties":{}}`, nil, 409, api.SkipperException, "Release name must not be empty"},
		{"UpgradeOfNothing", "POST /api/purser/preview/upgrade", `{"upgradeProperties":{"releaseName":"web"}}`, unknown, 404, api.ReleaseNotFoundException, "Release with the name [web] doesn't exist"},
		{"RollbackWithoutVersion", "POST /api/purser/preview/rollback", `{"releaseName":"web"}`, nil, 409, api.SkipperException, "Rollback version must not be null"},
		{"RollbackOfNothing", "POST /api/purser/preview/rollback", `{"releaseName":"web","version":1}`, unknown, 404, api.ReleaseNotFoundException, "Release with the name [web] doesn't exist"},
		{"MethodUnknown", "DELETE /api/purser/operations", "", nil, 405, api.MethodNotSupportedException, "Request method 'DELETE' not supported"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newSite()
			s.engine.err, s.rest.err = row.err, row.err
			w := s.ask(row.do, row.body)
			var got struct {
				Exception, Message string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatalf("%v in %s", err, w.Body)
			}
			if w.Code != row.status || row.exception != "" && got.Exception != row.exception || row.message != "" && got.Message != row.message {
				t.Errorf("%d %s %q", w.Code, got.Exception, got.Message)
			}
			if row.err == nil && (s.engine.got != nil || s.rest.got != nil) {
				t.Errorf("it was asked all the same: %v %v", s.engine.got, s.rest.got)
			}
		})
	}
}

// Whatever a query holds, it is answered, and what is asked for then is within bounds.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{
		"", "lines=5&app=x", "lines=&follow=", "page=1&size=1000", "from=1&to=2", "page=999999999&size=1000", "%zz", "a;b", "lines=1&lines=2",
		"from=-0", "to=+1", "open=TRUE", "name=%00", "size=1e3", "page=0x1",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, c := range query {
			if c <= ' ' || c >= 0x7f || c == '#' {
				return // no request line holds it
			}
		}
		s := newSite()
		s.engine.feed = func(context.Context) purser.LogFeed { return over("it ends") }
		for _, path := range []string{"releases/web/difference", "releases/web/logs", "operations"} {
			w := s.ask("GET /api/purser/"+path+"?"+query, "")
			if w.Code != 200 && w.Code != 400 && w.Code != 404 {
				t.Errorf("%s?%s: %d %s", path, query, w.Code, w.Body)
			}
			if r, ok := s.engine.got.(purser.LogRequest); ok && (r.Lines < 0 || r.Lines > 10_000) {
				t.Errorf("%s: %+v", query, r)
			}
		}
		if r, ok := s.rest.got.(purser.OperationFilter); ok && (r.Page.Limit < 1 || r.Page.Limit > 1000 || r.Page.Offset < 0) {
			t.Errorf("%s: %+v", query, r.Page)
		}
	})
}
