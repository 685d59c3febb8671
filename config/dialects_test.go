package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// theWhole is the example of spec/setup.md.
const theWhole = `purser:
  dialects:
    connect:
      enabled: true
      strict-protocol-version: false
      default-scope: default
      tokens: []
    catalog:
      enabled: true
      strict-import: false
      verify: {inline-timeout: 10s, inline-bytes: 67108864, max-bytes: 1073741824, redirects: 3, allow-hosts: [], deny-private: true}
      projects:
        - {id: 1, name: demo, tokens: [{token: pt-demo, subject: ci}]}
      users:
        - {token: u-alice, subject: alice@example.org, roles: [create-release, upload-artifact], projects: [demo]}
    apps:
      enabled: true
      activation-timeout: 60s
      orgs:
        - id: acme
          workspaces:
            - id: main
              apps:
                - {id: shop, package: demo, platform: default, values: {}}
      users:
        - {token: t-admin, subject: alice, orgs: ["*"],  permissions: ["release:*"]}
        - {token: t-view,  subject: bob,   orgs: [acme], permissions: ["release:read"]}
    akkeris:
      enabled: true
      key: s3cret
      unknown-after: 10m
      hooks: [{url: "http://127.0.0.1:9000/hook", secret: hooksecret, events: [release, released]}]
      apps:
        - {name: shop, space: dev, package: demo, platform: default, downstream: false, values: {}}
`

// nobody is what there is when nothing is said.
func nobody() Dialects {
	return Dialects{
		Connect: ConnectDialect{Enabled: true, DefaultScope: "default"},
		Catalog: CatalogDialect{Enabled: true, Verify: Verify{InlineTimeout: 10 * time.Second, InlineBytes: 64 << 20, MaxBytes: 1 << 30, Redirects: 3, DenyPrivate: true}},
		Apps:    AppsDialect{Enabled: true, ActivationTimeout: time.Minute},
		Akkeris: AkkerisDialect{Enabled: true, UnknownAfter: 10 * time.Minute},
	}
}

func TestDialects(t *testing.T) {
	whole := nobody()
	whole.Catalog.Projects = []Project{{ID: 1, Name: "demo", Tokens: []Token{{"pt-demo", "ci"}}}}
	whole.Catalog.Users = []User{{Token: Token{"u-alice", "alice@example.org"}, Roles: []string{"create-release", "upload-artifact"}, Projects: []string{"demo"}}}
	whole.Apps.Orgs = []Org{{ID: "acme", Workspaces: []Workspace{{ID: "main", Apps: []App{{ID: "shop", Package: "demo", Platform: "default"}}}}}}
	whole.Apps.Users = []User{
		{Token: Token{"t-admin", "alice"}, Orgs: []string{"*"}, Permissions: []string{"release:*"}},
		{Token: Token{"t-view", "bob"}, Orgs: []string{"acme"}, Permissions: []string{"release:read"}},
	}
	whole.Akkeris.Key = "s3cret"
	whole.Akkeris.Hooks = []Hook{{URL: "http://127.0.0.1:9000/hook", Secret: "hooksecret", Events: []string{"release", "released"}}}
	whole.Akkeris.Apps = []AkkerisApp{{Name: "shop", Space: "dev", Package: "demo", Platform: "default"}}
	for _, row := range []struct {
		rule, file string
		want       Dialects
	}{
		{"nothing is said", "", nobody()},
		{"nothing is said of any", "purser.dialects: {apps: {}, akkeris: null, catalog: {verify: {}, users: []}}", nobody()},
		{"all is said", theWhole, whole},
		{"in any spelling", strings.NewReplacer("unknown-after", "unknownAfter", "activation-timeout", "activation_timeout").Replace(theWhole), whole},
		{"defaults of items", strings.NewReplacer(", platform: default", "", ", downstream: false", "", ", values: {}", "", `, orgs: ["*"]`, "", ", events: [release, released]", "").Replace(theWhole), whole},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c, report := MustLoad(t, map[string]string{"purser.yml": row.file})
			if diff := cmp.Diff(row.want, c.Dialects); diff != "" || len(report.Warnings) > 0 {
				t.Error(diff, report.Warnings)
			}
		})
	}
}

func TestDialectsOfSeveralSources(t *testing.T) {
	o := options(MustDir(t, map[string]string{"purser.yml": theWhole}))
	o.Environ = []string{"PURSER_DIALECTS_AKKERIS_KEY=other", "PURSER_DIALECTS_CATALOG_VERIFY_ALLOWHOSTS=a,b:1"}
	o.Args = []string{"--purser.dialects.connect.enabled=false"}
	c, report := MustLoadWith(t, o)
	d := c.Dialects
	if d.Connect.Enabled || d.Akkeris.Key != "other" || strings.Join(d.Catalog.Verify.AllowHosts, " ") != "a b:1" || len(report.Warnings) > 0 {
		t.Errorf("%+v, %v", d, report.Warnings)
	}
}

func TestValuesOfApps(t *testing.T) {
	c, _ := MustLoad(t, map[string]string{"purser.yml": `purser.dialects.akkeris.apps:
  - name: a
    space: b
    package: p
    values:
      Some.Key: "true"
      someKey: {version: 1.0, count: 2, off: no, text: "01", none: null, list: [a, {b: "c: d"}], multi: "x\ny"}
`})
	var got, want any
	if err := yaml.Unmarshal([]byte(*c.Dialects.Akkeris.Apps[0].Values), &got); err != nil {
		t.Fatal(err)
	}
	const text = `{Some.Key: "true", someKey: {version: 1.0, count: 2, off: no, text: "01", none: null, list: [a, {b: "c: d"}], multi: "x\ny"}}`
	if err := yaml.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(*c.Dialects.Akkeris.Apps[0].Values, "version: 1.0") {
		t.Errorf("a number has changed its form:\n%s", *c.Dialects.Akkeris.Apps[0].Values)
	}
}

func TestDialectProblems(t *testing.T) {
	for _, row := range []struct{ rule, from, to, want string }{
		{"an unknown dialect", "    connect:", "    conect: {}\n    connect:", "3: purser.dialects.conect is a map, expected one of the keys connect, catalog, apps, akkeris in its place"},
		{"an unknown key", "strict-import", "strictly-import", "10: purser.dialects.catalog.strictly-import is 'false', expected one of the keys enabled, strict-import, verify, projects, users in its place"},
		{"an unknown key of an item", "downstream", "upstream", "34: purser.dialects.akkeris.apps[0].upstream is 'false', expected one of the keys name, space, package, platform, downstream, values in its place"},
		{"an unknown key deep down", "values: {}}\n      users", "value: {}}\n      users", "24: purser.dialects.apps.orgs[0].workspaces[0].apps[0].value is a map, expected one of the keys id, package, platform, values in its place"},
		{"a missing package", "{id: shop, package: demo,", "{id: shop,", "24: purser.dialects.apps.orgs[0].workspaces[0].apps[0].package is empty, expected a value"},
		{"an empty package", "space: dev, package: demo,", "space: dev, package: '',", "34: purser.dialects.akkeris.apps[0].package is '', expected a value"},
		{"a missing id", "- id: acme\n", "- name: acme\n", "20: purser.dialects.apps.orgs[0].id is empty, expected a value"},
		{"an id twice", "        - id: acme", "        - {id: acme}\n        - id: acme", "21: purser.dialects.apps.orgs[1].id is 'acme', expected a value that no other one has, DIR/purser.yml:20 has it already"},
		{"a number twice", "      projects:", "      projects:\n        - {id: 1, name: other}", "14: purser.dialects.catalog.projects[1].id is '1', expected a value that no other one has, DIR/purser.yml:13 has it already"},
		{"a project's name twice", "      projects:", "      projects:\n        - {id: 2, name: demo}", "14: purser.dialects.catalog.projects[1].name is 'demo', expected a value that no other one has, DIR/purser.yml:13 has it already"},
		{"an app twice", "        - {name: shop,", "        - {name: shop-dev, space: x, package: p}\n        - {name: shop, space: dev-x, package: p}\n        - {name: shop,", "35: purser.dialects.akkeris.apps[1] is 'shop-dev-x', expected a name that no other one has, DIR/purser.yml:34 has it already"},
		{"a token twice", "token: t-view", "token: t-admin", "27: purser.dialects.apps.users[1].token is '***', expected a value that no other one has, DIR/purser.yml:26 has it already"},
		{"a number that is none", "redirects: 3", "redirects: many", "11: purser.dialects.catalog.verify.redirects is 'many', expected a whole number from 0 to 20"},
		{"a time that is none", "unknown-after: 10m", "unknown-after: soon", "31: purser.dialects.akkeris.unknown-after is 'soon', expected"},
		{"a hook that is no address", `"http://127.0.0.1:9000/hook"`, "nowhere", "32: purser.dialects.akkeris.hooks[0].url is 'nowhere', expected a URL of scheme http, https"},
		{"a list that is a text", "tokens: []", "tokens: x", "7: purser.dialects.connect.tokens is '***', expected a list"},
		{"an item that is no map", "tokens: []", "tokens: [x]", "7: purser.dialects.connect.tokens[0] is '***', expected settings below it"},
		{"an item without anything", "      projects:", "      projects:\n        -", "13: purser.dialects.catalog.projects[0].name is empty, expected a value"},
		{"values that are no map", "values: {}}\n      users", "values: []}\n      users", "24: purser.dialects.apps.orgs[0].workspaces[0].apps[0].values is a list, expected a map"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			text := strings.Replace(theWhole, row.from, row.to, 1)
			if text == theWhole {
				t.Fatal("nothing was changed")
			}
			o := options(MustDir(t, map[string]string{"purser.yml": text}))
			_, _, err := Load(o)
			if err == nil {
				t.Fatal("it was taken")
			}
			got := strings.ReplaceAll(err.Error(), o.Dir, "DIR")
			if !strings.Contains(got, "DIR/purser.yml:"+row.want) {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestWordsThatMeanNothing(t *testing.T) {
	_, report := MustLoad(t, map[string]string{"purser.yml": strings.Replace(theWhole, `"release:read"`, `"release:raed"`, 1)})
	if len(report.Warnings) != 1 || !strings.Contains(report.Warnings[0], "27: 'release:raed' in purser.dialects.apps.users[1].permissions means nothing") {
		t.Error(report.Warnings)
	}
}
