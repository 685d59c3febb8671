package config

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// MustPrint gives the printed configuration.
func MustPrint(tb testing.TB, c *Config) string {
	tb.Helper()
	var b bytes.Buffer
	if err := c.Print(&b); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// everywhere has settings from every source, with secrets in each.
func everywhere(tb testing.TB) Options {
	tb.Helper()
	o := options(MustDir(tb, map[string]string{"purser.yml": `
server.port: 8080
logging: {format: "json"}
maven.proxy: {host: p, auth: {username: u, password: s3cret-proxy}}
spring.cloud.skipper.server:
  platform:
    local.accounts:
      Prod.EU-West:
        javaOpts: -Dkeystore.password=s3cret-opts -Xmx1g
        app-admin: {password: s3cret-admin}
        env-vars-to-inherit: ["A", "B,C", "true", "12"]
        portRange: {low: 1}
    kubernetes.accounts.k: {limits: {memory: 1024Mi, a.b/c: "01"}, fabric8: {oauthToken: s3cret-k8s}}
  package-repositories.far: {url: "https://u:s3cret-repo@h/x", description: ""}
purser.dialects:
  akkeris: {key: s3cret-key, hooks: [{url: "http://h", secret: s3cret-hook}]}
  catalog: {projects: [{id: 1, name: demo, tokens: [{token: s3cret-token, subject: "true"}]}], users: [], verify: {}}
  apps: {orgs: [{id: acme, workspaces: [{id: main, apps: [{id: shop, package: demo, values: {empty: {}, nothing: null, Text: "01", List: [1.0, "yes"]}}]}]}]}
`}))
	o.Environ = []string{"MAVEN_REMOTE_REPOSITORIES_OWN_URL=http://s3cret-env@h/x", "PURSER_DATA_DIR=/data", "SPRING_APPLICATION_JSON={\"server\":{\"address\":\"::1\"}}"}
	o.Args = []string{"--maven.remote-repositories.own.auth.password=s3cret-arg", "--purser.limits.request-body=1536KB"}
	return o
}

func TestPrint(t *testing.T) {
	c, _ := MustLoadWith(t, everywhere(t))
	text := MustPrint(t, c)
	if strings.Contains(text, "s3cret") {
		t.Errorf("a secret is shown:\n%s", text)
	}
	for _, want := range []string{
		`server.port: 8080 +# .*purser.yml:2`,
		`server.address: "::1" +# SPRING_APPLICATION_JSON`,
		`logging.format: json +# .*purser.yml:3`,
		`logging.level.root: info +# default`,
		`purser.data-dir: /data +# env PURSER_DATA_DIR`,
		`purser.limits.request-body: 1536KB +# command line`,
		`purser.limits.archive-size: 32MB +# default`,
		`purser.engine.lease: 30s +# default`,
		`purser.repositories.fetch-timeout: 1m +# default`,
		`purser.platform.local.keep-files: 1h +# default`,
		`spring.cloud.skipper.server.strategies.healthcheck.timeout-in-millis: 300000 +# default`,
		`maven.proxy.auth.password: "\*\*\*" +# .*purser.yml:4`,
		`maven.remote-repositories.own.url: "http://\*\*\*@h/x" +# env MAVEN_REMOTE_REPOSITORIES_OWN_URL`,
		`spring.cloud.skipper.server.platform.local.accounts\[Prod.EU-West\].java-opts: "?-Dkeystore.password=\*\*\* -Xmx1g"? +# .*purser.yml:9`,
		`spring.cloud.skipper.server.platform.local.accounts\[Prod.EU-West\].port-range.low: 1 +# .*purser.yml:12`,
		`spring.cloud.skipper.server.platform.kubernetes.accounts.k.limits\[a.b/c\]: "01" +# .*purser.yml:13`,
		`spring.cloud.skipper.server.package-repositories.local.url: http://10.0.0.5:7577 +# default`,
		`purser.dialects.akkeris.hooks\[0\].url: http://h +# .*purser.yml:16`,
		`purser.dialects.catalog.users: \[\] +# .*purser.yml:17`,
	} {
		if !regexp.MustCompile(`(?m)^` + want + `$`).MatchString(text) {
			t.Errorf("the printed configuration lacks %s", want)
		}
	}
	if t.Failed() {
		t.Log("\n" + text)
	}
}

// withoutOrigins cuts the comments off.
func withoutOrigins(text string) string {
	return regexp.MustCompile(`(?m) +# .*$`).ReplaceAllString(text, "")
}

func TestPrintedConfigurationLoads(t *testing.T) {
	c, _ := MustLoadWith(t, everywhere(t))
	text := MustPrint(t, c)
	again, report := MustLoad(t, map[string]string{"purser.yml": text})
	if len(report.Warnings) > 0 {
		t.Error(report.Warnings)
	}
	if diff := cmp.Diff(withoutOrigins(text), withoutOrigins(MustPrint(t, again))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(c.Limits, again.Limits); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(c.Dialects.Apps, again.Dialects.Apps); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(c.Accounts[1].Settings["env-vars-to-inherit"], again.Accounts[1].Settings["env-vars-to-inherit"]); diff != "" {
		t.Error(diff)
	}
}

func TestTexts(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", time.Second: "1s", time.Minute: "1m", 90 * time.Second: "1m30s", time.Hour: "1h", 10 * time.Minute: "10m", time.Hour + time.Minute: "1h1m", time.Hour + time.Second: "1h0m1s", time.Millisecond: "1ms",
	} {
		if got := durationText(d); got != want {
			t.Errorf("%d: got %s, want %s", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0B", 1: "1B", 1024: "1KB", 1536: "1536B", 64 << 20: "64MB", 1 << 40: "1024GB"} {
		if got := sizeText(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
