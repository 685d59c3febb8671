package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"purser"
	"purser/cmd/purser/live"
	"purser/config"
	"purser/repository/storetest"
)

// statements counts what the store runs for requests that are counted, by its lines in the log.
type statements struct {
	slog.Handler
	mu   sync.Mutex
	list []string
}

type countedKey struct{}

// counted marks a request.
func counted(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), countedKey{}, true))
}

func (s *statements) Enabled(context.Context, slog.Level) bool { return true }

func (s *statements) Handle(ctx context.Context, r slog.Record) error {
	if r.Message != "statement" || ctx.Value(countedKey{}) == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "sql" {
			s.list = append(s.list, a.Value.String())
		}
		return true
	})
	return nil
}

func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

// read says what is asked of a route that answers GET.
type read struct {
	paths  []string // {deployer} stands for the id of a deployer
	header string   // Authorization
	status int      // of the answers; 0 for 200
	stream string   // why it is not asked, "" when it is
	most   int      // statements; 0 for 3. Pages for people are made of several answers of the API.
}

// The releases of an app: the route, and its path for the app of mustOpenCounting.
const (
	underApp = "/v1/orgs/{org_id}/workspaces/{workspace_id}/apps/{app_id}/releases"
	theApp   = "/v1/orgs/o/workspaces/w/apps/a/releases"
)

// The releases of a project: the route, and its path for the project of mustOpenCounting.
const (
	underProject = "/api/v1/catalog/releases/project/{projectIdentifier}"
	theProject   = "/api/v1/catalog/releases/project/p"
)

// The app of mustOpenCounting in a space, and a version and a build of it that are not there.
const (
	theAkkerisApp = "/apps/b-s"
	unknownUUID   = "11111111-0000-4000-8000-999999999999"
)

// reads has a row for each route that answers GET.
var reads = map[string]read{
	"/":                                      {paths: []string{"/"}, status: http.StatusFound},
	"/actuator":                              {paths: []string{"/actuator"}},
	"/actuator/health":                       {paths: []string{"/actuator/health"}},
	"/actuator/health/*":                     {paths: []string{"/actuator/health/x"}, status: http.StatusNotFound},
	"/actuator/info":                         {paths: []string{"/actuator/info"}},
	"/api":                                   {paths: []string{"/api"}},
	"/api/about":                             {paths: []string{"/api/about"}},
	"/api/events":                            {stream: "it lasts as long as its caller likes, and asks the store anew for what is logged meanwhile"},
	"/api/openapi.json":                      {paths: []string{"/api/openapi.json"}},
	"/api/openapi.yaml":                      {paths: []string{"/api/openapi.yaml"}},
	"/api/package":                           {paths: []string{"/api/package"}},
	"/api/profile":                           {paths: []string{"/api/profile"}},
	"/api/profile/{resource}":                {paths: []string{"/api/profile/releases", "/api/profile/packageMetadata"}},
	"/api/release":                           {paths: []string{"/api/release"}},
	"/api/release/list":                      {paths: []string{"/api/release/list"}},
	"/api/release/list/{name}":               {paths: []string{"/api/release/list/r1", "/api/release/list/R", "/api/release/list/none"}},
	"/api/release/logs/{name}":               {paths: []string{"/api/release/logs/gone"}},
	"/api/release/logs/{name}/{app}":         {paths: []string{"/api/release/logs/gone/gone.log-v1"}},
	"/api/release/manifest/{name}":           {paths: []string{"/api/release/manifest/r1"}},
	"/api/release/manifest/{name}/{version}": {paths: []string{"/api/release/manifest/r1/3"}},
	"/api/release/status/{name}":             {paths: []string{"/api/release/status/r2", "/api/release/status/gone"}},
	"/api/release/status/{name}/{version}":   {paths: []string{"/api/release/status/r2/2"}},
	"/api/release/statuses":                  {paths: []string{"/api/release/statuses?names=r1,r2,r3,gone,none"}},
	"/api/release/states":                    {paths: []string{"/api/release/states?names=r1,r2,r3,gone,none"}},
	"/api/release/actuator/{name}/{app}/{instance}": {
		paths: []string{"/api/release/actuator/r1/r1.log-v10/r1.log-v10-0?endpoint=health"}, status: http.StatusConflict,
	},

	"/api/releases":                 {paths: []string{"/api/releases", "/api/releases?page=3&size=7&sort=name,desc", "/api/releases?page=90"}},
	"/api/releases/search":          {paths: []string{"/api/releases/search"}},
	"/api/releases/search/{search}": {paths: []string{"/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=R"}},
	"/api/releases/{id}":            {paths: []string{"/api/releases/7"}},

	"/api/packageMetadata":        {paths: []string{"/api/packageMetadata", "/api/packageMetadata?page=1&size=9&projection=summary"}},
	"/api/packageMetadata/search": {paths: []string{"/api/packageMetadata/search"}},
	"/api/packageMetadata/search/{search}": {paths: []string{
		"/api/packageMetadata/search/findByName?name=log", "/api/packageMetadata/search/findByNameContainingIgnoreCase?name=L",
	}},
	"/api/packageMetadata/{id}": {paths: []string{"/api/packageMetadata/7"}},

	"/api/repositories":                 {paths: []string{"/api/repositories", "/api/repositories?size=1"}},
	"/api/repositories/search":          {paths: []string{"/api/repositories/search"}},
	"/api/repositories/search/{search}": {paths: []string{"/api/repositories/search/findByName?name=local"}},
	"/api/repositories/{id}":            {paths: []string{"/api/repositories/1"}},

	"/api/deployers":                 {paths: []string{"/api/deployers"}},
	"/api/deployers/search":          {paths: []string{"/api/deployers/search"}},
	"/api/deployers/search/{search}": {paths: []string{"/api/deployers/search/findByName?name=default"}},
	"/api/deployers/{id}":            {paths: []string{"/api/deployers/{deployer}"}},

	"/api/purser":                            {paths: []string{"/api/purser"}},
	"/api/purser/operations":                 {paths: []string{"/api/purser/operations", "/api/purser/operations?name=r1&size=2&page=1"}},
	"/api/purser/packages/{id}":              {paths: []string{"/api/purser/packages/1"}},
	"/api/purser/releases/{name}/logs":       {paths: []string{"/api/purser/releases/gone/logs"}},
	"/api/purser/releases/{name}/difference": {paths: []string{"/api/purser/releases/r1/difference"}},

	"/otterscale/application/v1/application.proto": {paths: []string{"/otterscale/application/v1/application.proto"}},
	"/otterscale/application/v1/openapi.json":      {paths: []string{"/otterscale/application/v1/openapi.json"}},
	"/otterscale/application/v1/openapi.yaml":      {paths: []string{"/otterscale/application/v1/openapi.yaml"}},

	"/api/v1/catalog/openapi.json": {paths: []string{"/api/v1/catalog/openapi.json"}},
	"/api/v1/catalog/openapi.yaml": {paths: []string{"/api/v1/catalog/openapi.yaml"}},
	// A release, its artifacts, and which is the latest.
	underProject:                               {paths: []string{theProject}, header: "Bearer t"},
	underProject + "/version/{version}":        {paths: []string{theProject + "/version/1.0.3", theProject + "/version/1.0.4"}, header: "Bearer t"},
	underProject + "/version/{version}/export": {paths: []string{theProject + "/version/1.0.3/export"}, header: "Bearer t"},
	underProject + "/version/{version}/artifacts/{artifactId}": {
		paths: []string{theProject + "/version/1.0.3/artifacts/4"}, header: "Bearer t", status: http.StatusNotFound,
	},

	"/apps/openapi.json": {paths: []string{"/apps/openapi.json"}},
	"/apps/openapi.yaml": {paths: []string{"/apps/openapi.yaml"}},
	"/apps":              {paths: []string{"/apps"}},
	"/apps/{app}":        {paths: []string{theAkkerisApp}},
	"/apps/{app}/builds": {paths: []string{theAkkerisApp + "/builds"}},
	"/apps/{app}/builds/{build}": {
		paths: []string{theAkkerisApp + "/builds/" + unknownUUID}, status: http.StatusNotFound,
	},
	"/apps/{app}/releases":           {paths: []string{theAkkerisApp + "/releases"}},
	"/apps/{app}/releases/{release}": {paths: []string{theAkkerisApp + "/releases/22222222-0000-4000-8000-000000000003"}},
	"/apps/{app}/releases/{release}/statuses": {
		paths: []string{theAkkerisApp + "/releases/22222222-0000-4000-8000-000000000003/statuses"},
	},
	"/apps/{app}/releases/{release}/statuses/{status}": {
		paths: []string{theAkkerisApp + "/releases/22222222-0000-4000-8000-000000000003/statuses/" + unknownUUID}, status: http.StatusNotFound,
	},

	"/v1/openapi.json": {paths: []string{"/v1/openapi.json"}},
	"/v1/openapi.yaml": {paths: []string{"/v1/openapi.yaml"}},
	// A page, how many there are, and which is active.
	underApp:                   {paths: []string{theApp, theApp + "?include_archived=true&limit=2"}, header: "Bearer t"},
	underApp + "/active":       {paths: []string{theApp + "/active"}, header: "Bearer t"},
	underApp + "/{release_id}": {paths: []string{theApp + "/11111111-0000-4000-8000-000000000003"}, header: "Bearer t"},

	"/api/docs":                       {paths: []string{"/api/docs"}},
	"/explorer":                       {paths: []string{"/explorer"}},
	"/browse":                         {paths: []string{"/browse"}, status: http.StatusSeeOther},
	"/browse/static/{file}":           {paths: []string{"/browse/static/none.css"}, status: http.StatusNotFound},
	"/browse/upload":                  {paths: []string{"/browse/upload"}},
	"/browse/install/{id}":            {paths: []string{"/browse/install/7"}},
	"/browse/package/{name}/delete":   {paths: []string{"/browse/package/log/delete"}},
	"/browse/release/{name}/upgrade":  {paths: []string{"/browse/release/r1/upgrade"}, most: 5},
	"/browse/release/{name}/rollback": {paths: []string{"/browse/release/r1/rollback"}, most: 4},
	"/browse/release/{name}/scale":    {paths: []string{"/browse/release/r1/scale"}, most: 4},
	"/browse/release/{name}/cancel":   {paths: []string{"/browse/release/r1/cancel"}, most: 4},
	"/browse/release/{name}/delete":   {paths: []string{"/browse/release/r1/delete"}, most: 4},
}

// readOf gives the row of a route. What stands behind the items of the stored resources is refused for all of them.
func readOf(pattern string) (read, bool) {
	rest := resourceRoute.FindStringSubmatch(pattern)
	if rest != nil && strings.HasPrefix(rest[1], "/{id}/") {
		return read{paths: []string{example(pattern)}, status: http.StatusNotFound}, true
	}
	row, ok := reads[pattern]
	return row, ok
}

// No GET of an API asks the store more than three times, however much it reads. What a status finds changed on its platform is stored
// besides, once: here nothing has changed. The contents of the packages are kept ready, as they are of what was made or read since
// the start.
func TestEveryReadTakesThreeStatementsAtMost(t *testing.T) {
	s, ran := mustOpenCounting(t)
	seedReads(t, s)
	deployer := regexp.MustCompile(`/api/deployers/([0-9a-f-]+)`).FindStringSubmatch(ask(s, http.MethodGet, "/api/deployers").Body.String())
	if deployer == nil {
		t.Fatal("there is no deployer")
	}
	ask(s, http.MethodGet, "/apps") // ids of apps are kept from then on
	served, all := map[string]bool{}, 0
	for r := range routesOf(t, s) {
		if r.method != http.MethodGet {
			continue
		}
		served[r.pattern] = true
		row, ok := readOf(r.pattern)
		if !ok {
			t.Errorf("GET %s has no row in the table of reads", r.pattern)
			continue
		}
		for _, path := range row.paths {
			path = strings.ReplaceAll(path, "{deployer}", deployer[1])
			for _, nth := range []string{"first", "second"} {
				w := httptest.NewRecorder()
				request := counted(httptest.NewRequest(http.MethodGet, path, nil))
				if row.header != "" {
					request.Header.Set("Authorization", row.header)
				}
				s.http.ServeHTTP(w, request)
				if want := max(row.status, http.StatusOK); w.Code != want {
					t.Errorf("GET %s: status %d, want %d:\n%s", path, w.Code, want, w.Body)
				}
				list := ran.take()
				if len(list) > cmp.Or(row.most, 3) {
					t.Errorf("GET %s, the %s time: %d statements:\n%s", path, nth, len(list), strings.Join(list, "\n"))
				}
				all += len(list)
			}
		}
		if len(row.paths) == 0 && row.stream == "" {
			t.Errorf("GET %s is not asked, and nothing says why", r.pattern)
		}
	}
	if all < len(served) {
		t.Errorf("%d statements for %d routes: they are not counted", all, len(served))
	}
	for pattern := range reads {
		if !served[pattern] {
			t.Errorf("the table of reads has %s, which is no route", pattern)
		}
	}
}

// mustOpenCounting opens a server as it is in service, and counts its statements.
func mustOpenCounting(t *testing.T) (*server, *statements) {
	t.Helper()
	c, err := load(process{}, []string{
		"--server.port=0", "--server.address=127.0.0.1", "--purser.data-dir=" + t.TempDir(), "--purser.store.synchronous=off",
	}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	c.Dialects.Apps.Orgs = []config.Org{{ID: "o", Workspaces: []config.Workspace{{ID: "w", Apps: []config.App{{ID: "a", Package: "log", Platform: "default"}}}}}}
	c.Dialects.Apps.Users = []config.User{{Token: config.Token{Token: "t"}, Orgs: []string{"*"}, Permissions: []string{"release:read"}}}
	c.Dialects.Catalog.Projects = []config.Project{{ID: 1, Name: "p"}}
	c.Dialects.Catalog.Users = []config.User{{Token: config.Token{Token: "t"}, Projects: []string{"*"}}}
	c.Dialects.Akkeris.Apps = []config.AkkerisApp{{Name: "b", Space: "s", Package: "log", Platform: "default"}}
	ran := &statements{Handler: slog.DiscardHandler}
	s, err := openServer(t.Context(), c, slog.New(ran))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return s, ran
}

// seedReads stores ten versions each of nine releases, and of one that is deleted; forty packages, each release of a package of
// its own; and operations. The platform knows none of the applications, and the statuses say so.
func seedReads(t *testing.T, s *server) {
	t.Helper()
	archive, err := live.Zip("log-1.0.0", map[string]string{
		"package.yml": "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: log\nversion: 1.0.0\n",
		"README.md":   "# log",
	})
	if err != nil {
		t.Fatal(err)
	}
	storetest.MustUpdate(t, s.store, func(ctx context.Context, tx purser.Tx) error {
		for i := range 40 {
			m := storetest.MetadataOf("log", fmt.Sprintf("1.0.%d", i), 1)
			if err := tx.CreatePackage(ctx, &m, archive); err != nil {
				return err
			}
		}
		for i := range 100 {
			name, stage := fmt.Sprintf("r%d", i%10), purser.StageDeployed
			if i%10 == 0 {
				name, stage = "gone", purser.StageDeleted
			}
			r := storetest.ReleaseOf(name, 1+i/10, stage)
			r.Package = storetest.PackageOf("log", fmt.Sprintf("1.0.%d", i%40))
			r.Package.Values = &r.Package.Metadata.Version // a content of its own
			r.Package.Dependencies = nil                   // or versions could not be compared
			r.Manifest = fmt.Sprintf("apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\nmetadata:\n  name: log\n"+
				"spec:\n  resource: file:/log-%d.jar\n", i)
			r.Statuses = nil
			for _, a := range r.Applications {
				if stage == purser.StageDeployed {
					r.Statuses = append(r.Statuses, purser.AppStatus{DeploymentID: a.DeploymentID, State: purser.StateUnknown})
				}
			}
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
		}
		for i := range 10 { // of an app
			r := storetest.ReleaseOf("a", 1+i, purser.StageDraft)
			if i == 2 {
				r.Stage = purser.StageDeployed
			}
			r.Key.Space, r.UUID, r.Facts = "orgs/o/workspaces/w", fmt.Sprintf("11111111-0000-4000-8000-%012d", 1+i), "{}"
			r.Statuses, r.Package, r.Applications = nil, storetest.PackageOf("log", fmt.Sprintf("1.0.%d", i)), nil
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
		}
		for i := range 10 { // of an app in a space
			r := storetest.ReleaseOf("b", 1+i, purser.StageSuperseded)
			if i == 9 {
				r.Stage = purser.StageDeployed
			}
			r.Key.Space, r.UUID, r.Facts = "akkeris/s", fmt.Sprintf("22222222-0000-4000-8000-%012d", 1+i), "{}"
			r.Statuses, r.Package, r.Applications = nil, storetest.PackageOf("log", fmt.Sprintf("1.0.%d", i)), nil
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
		}
		inSpace := purser.ReleaseKey{Space: "akkeris/s", Name: "b"} // has been asked for its id before
		if err := tx.SetKeyUUID(ctx, inSpace, "33333333-0000-4000-8000-000000000001"); err != nil {
			return err
		}
		for i := range 10 { // of a project
			v := storetest.PackageVersionOf("p", fmt.Sprintf("1.0.%d", i))
			if i%2 == 1 {
				v.Stage = purser.PackageReleased
			}
			if err := tx.CreatePackageVersion(ctx, &v); err != nil {
				return err
			}
			a := storetest.ArtifactOf(v.ID, "a")
			a.State = purser.ArtifactError
			if err := tx.CreateArtifact(ctx, &a); err != nil {
				return err
			}
		}
		for range 5 {
			o := storetest.OperationOf("r1")
			if err := tx.CreateOperation(ctx, &o); err != nil {
				return err
			}
			o.Phase, o.Outcome, o.FinishedAt = purser.PhaseDone, purser.OutcomeSucceeded, time.Now()
			if err := tx.UpdateOperation(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
}
