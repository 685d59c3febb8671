package pages_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// readme is the readme of a package that shows what readmes may hold.
const readme = `# Hello

Greets whoever comes, on the port that the platform chooses.

## Settings

- **hello.greeting**: what it says, "Hello" by default
- ` + "`server.port`" + `: set by the platform

` + "```yaml\nspec:\n  applicationProperties:\n    hello.greeting: Good morning\n```" + `

See the [project](https://example.org/hello) for more.
`

// story fills a server with what the pictures and the checks of accessibility look at: packages, a release with a history
// that knows a failure and a rollback, one that is being upgraded, and one that is deleted.
func story(tb testing.TB, a *live.API) {
	tb.Helper()
	mustUpload(tb, a, examples(tb)...)
	mustUpload(tb, a, described(tb))
	install := func(name, version, values string) {
		properties := map[string]any{"releaseName": name, "platformName": "default"}
		if values != "" {
			properties["configValues"] = map[string]string{"raw": values}
		}
		mustCall(tb, a, http.MethodPost, "/api/package/install", map[string]any{
			"packageIdentifier": map[string]string{"packageName": "hello", "packageVersion": version}, "installProperties": properties,
		})
	}
	for _, name := range []string{"storefront", "checkout", "search", "mailer"} {
		install(name, "1.0.0", "")
	}
	const ahoy = "# The harbour's greeting\nspec:\n  applicationProperties:\n    hello.greeting: Ahoy\n"
	hello := map[string]any{"packageName": "hello", "packageVersion": "1.0.1"}
	mustCall(tb, a, http.MethodPost, "/api/release/upgrade", map[string]any{
		"packageIdentifier": hello, "upgradeProperties": map[string]any{"releaseName": "storefront", "configValues": map[string]string{"raw": ahoy}},
	})
	mustSettle(tb, a, "storefront", 2, "DEPLOYED")
	hello["packageVersion"] = "2.0.0"
	mustCall(tb, a, http.MethodPost, "/api/release/upgrade", map[string]any{
		"packageIdentifier": hello, "upgradeProperties": map[string]any{"releaseName": "storefront"},
	})
	mustSettle(tb, a, "storefront", 3, "FAILED")
	mustCall(tb, a, http.MethodPost, "/api/release/rollback", map[string]any{"releaseName": "storefront", "version": 1})
	mustSettle(tb, a, "storefront", 4, "DEPLOYED")
	mustCall(tb, a, http.MethodPost, "/api/release/scale/storefront", map[string]any{"scale": []map[string]any{{"name": "hello", "count": 2}}})
	mustCall(tb, a, http.MethodDelete, "/api/release/mailer", nil)
	// A probe that nobody answers keeps this one waiting.
	const never = "spec:\n  deploymentProperties:\n    spring.cloud.deployer.local.startup-probe.path: /nosuch\n"
	hello["packageVersion"] = "1.0.1"
	mustCall(tb, a, http.MethodPost, "/api/release/upgrade", map[string]any{
		"packageIdentifier": hello, "upgradeProperties": map[string]any{"releaseName": "checkout", "configValues": map[string]string{"raw": never}},
	})
}

// described is the example package with a readme.
func described(tb testing.TB) live.Archive {
	tb.Helper()
	const values = "# What an install or upgrade may set.\nmetadata:\n  name: hello\n  type: web\nspec:\n  resource: file:%s/hello-1.0.1\n" +
		"  applicationProperties:\n    hello.greeting: Good evening\n  deploymentProperties:\n    spring.cloud.deployer.count: 1\n"
	const template = "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\nmetadata:\n  name: \"{{{metadata.name}}}\"\n" +
		"  type: \"{{{metadata.type}}}\"\nspec:\n  resource: \"{{{spec.resource}}}\"\n  applicationProperties:\n" +
		"    {{#spec.applicationProperties.entrySet}}\n    \"{{{key}}}\": \"{{{value}}}\"\n    {{/spec.applicationProperties.entrySet}}\n"
	data, err := live.Zip("greeter-1.2.0", map[string]string{
		"package.yml": "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\norigin: purser-examples\nname: greeter\ndisplayName: Greeter\n" +
			"version: 1.2.0\ntags: web, example, greeting\nmaintainer: Purser\ndescription: \"A web server that greets in the evening.\\n\\nIt says **one** thing, and says it well.\"\n" +
			"packageHomeUrl: https://example.org/hello\n",
		"values.yml": fmt.Sprintf(values, theBuilt.apps), "templates/greeter.yml": template, "README.md": readme,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return live.Archive{Name: "greeter", Version: "1.2.0", Zip: data}
}

func mustCall(tb testing.TB, a *live.API, method, path string, body any) {
	tb.Helper()
	if err := a.Call(tb.Context(), method, path, body, nil); err != nil {
		tb.Fatalf("%s %s: %v", method, path, err)
	}
}

// mustSettle waits until a version has a status, and what it replaces is gone.
func mustSettle(tb testing.TB, a *live.API, name string, version int, code string) {
	tb.Helper()
	err := live.Until(tb.Context(), patience, 20*time.Millisecond, fmt.Sprintf("%s v%d %s", name, version, code), func() (bool, error) {
		i, err := a.Status(tb.Context(), name, version)
		if err != nil || i.Status.StatusCode != code {
			return false, err
		}
		var open struct {
			Embedded struct{ Operations []any } `json:"_embedded"`
		}
		err = a.Call(tb.Context(), http.MethodGet, "/api/purser/operations?open=true&name="+name, nil, &open)
		return len(open.Embedded.Operations) == 0, err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// view is a page that is looked at.
type view struct{ name, path string }

// views lists the pages of a server that has had its story.
func views() []view {
	views := []view{
		{"overview", "/api"},
		{"releases", "/api/release/list"},
		{"release", "/api/release/status/storefront"},
		{"upgrading", "/api/release/status/checkout"},
		{"manifest", "/api/release/manifest/storefront"},
		{"difference", "/api/purser/releases/storefront/difference?from=2&to=4"},
		{"logs", "/api/purser/releases/storefront/logs"},
		{"deleted", "/api/release/status/mailer"},
		{"history", "/api/releases"},
		{"packages", "/api/packageMetadata"},
		{"package", "/api/packageMetadata/4"},
		{"operations", "/api/purser/operations"},
		{"platforms", "/api/deployers"},
		{"repositories", "/api/repositories"},
		{"events", "/api/events"},
		{"explorer", "/explorer"},
		{"docs", "/api/docs"},
		{"upload", "/browse/upload"},
		{"install", "/browse/install/4"},
		{"upgrade", "/browse/release/storefront/upgrade"},
		{"rollback", "/browse/release/storefront/rollback"},
		{"scale", "/browse/release/storefront/scale"},
		{"cancel", "/browse/release/checkout/cancel"},
		{"delete", "/browse/release/storefront/delete"},
		{"delete-package", "/browse/package/hello/delete"},
		{"resource", "/api/about"},
		{"not-found", "/api/release/status/nosuch"},
	}
	return views
}

// pathOf finds the page of a platform, which has an id of its own.
func pathOf(tb testing.TB, a *live.API, collection string) string {
	tb.Helper()
	var doc struct {
		Embedded map[string][]struct {
			Links map[string]struct{ Href string } `json:"_links"`
		} `json:"_embedded"`
	}
	if err := a.Call(tb.Context(), http.MethodGet, collection, nil, &doc); err != nil {
		tb.Fatal(err)
	}
	for _, list := range doc.Embedded {
		return list[0].Links["self"].Href[strings.Index(list[0].Links["self"].Href, "/api/"):]
	}
	tb.Fatalf("%s is empty", collection)
	return ""
}
