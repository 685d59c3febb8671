package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProblems shows what is said of configurations that cannot be meant. DIR stands for the folder of the files.
func TestProblems(t *testing.T) {
	const accounts = "spring.cloud.skipper.server.platform."
	for _, row := range []struct {
		rule string
		file string // of purser.yml
		env  string
		args string
		want string
	}{
		{"a number", "server:\n  port: abc", "", "", "DIR/purser.yml:2: server.port is 'abc', expected a whole number from 0 to 65535"},
		{"a number too large", "server.port: 65536", "", "", "DIR/purser.yml:1: server.port is '65536', expected a whole number from 0 to 65535"},
		{"a number too small", "purser.store.readers: 0", "", "", "DIR/purser.yml:1: purser.store.readers is '0', expected a whole number from 1 to 64"},
		{"a whole number", "server.port: 1.5", "", "", "DIR/purser.yml:1: server.port is '1.5', expected a whole number from 0 to 65535"},
		{"a number of the environment", "", "SERVER_PORT=tcp://10.0.0.1:80", "", "env SERVER_PORT: server.port is 'tcp://10.0.0.1:80', expected a whole number from 0 to 65535"},
		{"a number of the command line", "", "", "--server.port=x", "command line: server.port is 'x', expected a whole number from 0 to 65535"},
		{"a bare number", "", "", "--server.port", ""},
		{"a number of JSON", "", `SPRING_APPLICATION_JSON={"server":{"port":true}}`, "", "SPRING_APPLICATION_JSON: server.port is 'true', expected a whole number from 0 to 65535"},
		{"a truth", "maven.offline: perhaps", "", "", "DIR/purser.yml:1: maven.offline is 'perhaps', expected true or false"},
		{"a duration", "server.shutdown-grace: 10 parsecs", "", "", "DIR/purser.yml:1: server.shutdown-grace is '10 parsecs', expected a duration such as 10s, 1m30s or 2h"},
		{"a duration below zero", "server.shutdown-grace: -1s", "", "", "DIR/purser.yml:1: server.shutdown-grace is '-1s', expected a duration from 0s on"},
		{"a duration too short", "purser.engine.lease: 10ms", "", "", "DIR/purser.yml:1: purser.engine.lease is '10ms', expected a duration from 1s on"},
		{"milliseconds", "spring.cloud.skipper.server.strategies.healthcheck.timeout-in-millis: soon", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.strategies.healthcheck.timeout-in-millis is 'soon', expected a number of milliseconds, or a duration such as 30s"},
		{"a size", "purser.limits.request-body: large", "", "", "DIR/purser.yml:1: purser.limits.request-body is 'large', expected a size such as 512KB, 64MB or 1GB"},
		{"a size too small", "purser.limits.archive-size: 10", "", "", "DIR/purser.yml:1: purser.limits.archive-size is '10', expected a size from 1024 bytes on"},
		{"a word", "logging.format: xml", "", "", "DIR/purser.yml:1: logging.format is 'xml', expected one of auto, text, json"},
		{"a level", "", "LOGGING_LEVEL_ROOT=loud", "", "env LOGGING_LEVEL_ROOT: logging.level.root is 'loud', expected one of trace, debug, info, warn, error, off"},
		{"a list for a number", "server:\n  port: [1, 2]", "", "", "DIR/purser.yml:2: server.port is a list, expected a whole number from 0 to 65535"},
		{"an empty list for a text", "purser.data-dir: []", "", "", "DIR/purser.yml:1: purser.data-dir is a list, expected a text"},
		{"a map for a number", "server.port: {a: 1}", "", "", "DIR/purser.yml:1: server.port is a map, expected a whole number from 0 to 65535"},
		{"an empty map for a text", "purser.data-dir: {}", "", "", "DIR/purser.yml:1: purser.data-dir is a map, expected a text"},
		{"a map for a list", "spring.cloud.skipper.server.deployer-properties.group-excludes: {a: b}", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.deployer-properties.group-excludes is a map, expected a list, or a text with commas"},
		{"maps in a list", "spring.cloud.skipper.server.deployer-properties.group-excludes:\n  - {a: b}", "", "", "DIR/purser.yml:2: spring.cloud.skipper.server.deployer-properties.group-excludes is a list, expected texts, from [0] on without gaps"},
		{"a list with gaps", "", "", "--spring.cloud.skipper.server.deployer-properties.group-excludes[1]=x", "command line: spring.cloud.skipper.server.deployer-properties.group-excludes is a list, expected texts, from [0] on without gaps"},
		{"a text for an account", accounts + "local.accounts: {a: b}", "", "", "DIR/purser.yml:1: " + accounts + "local.accounts.a is 'b', expected settings below it"},
		{"a text for all accounts", accounts + "local.accounts: b", "", "", "DIR/purser.yml:1: " + accounts + "local.accounts is 'b', expected settings below it"},
		{"a list for all accounts", accounts + "local.accounts: [a]", "", "", "DIR/purser.yml:1: " + accounts + "local.accounts is a list, expected settings below it"},
		{"a text for a tree", "purser.dialects: all", "", "", "DIR/purser.yml:1: purser.dialects is 'all', expected settings below it"},
		{"two accounts of one name", accounts + "local.accounts.a: {}\n" + accounts + "kubernetes.accounts.a: {}", "", "", "DIR/purser.yml:1: " + accounts + "local.accounts.a is a map, expected a name that no other account has, kubernetes has it already (DIR/purser.yml:2)"},
		{"a repository without URL", "spring.cloud.skipper.server.package-repositories.far: {local: false}", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.package-repositories.far.url is empty, expected a URL of scheme http, https, file"},
		{"a repository elsewhere", "spring.cloud.skipper.server.package-repositories.far: {url: 'ftp://u:s3cret@h'}", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.package-repositories.far.url is 'ftp://***@h', expected a URL of scheme http, https, file"},
		{"a repository's order", "spring.cloud.skipper.server.package-repositories.Far.Away: {url: 'http://h', repoOrder: first}", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.package-repositories[Far.Away].repo-order is 'first', expected a whole number from -2147483648 to 2147483647"},
		{"a Maven repository on a disk", "maven.remote-repositories.r.url: file:/m2", "", "", "DIR/purser.yml:1: maven.remote-repositories.r.url is 'file:/m2', expected a URL of scheme http, https"},
		{"a Maven repository's policy", "maven.remote-repositories.r: {url: 'http://h', policy: {update-policy: weekly}}", "", "", "DIR/purser.yml:1: maven.remote-repositories.r.policy.update-policy is 'weekly', expected always, daily, never or interval:MINUTES"},
		{"a Maven repository's checksum policy", "maven.remote-repositories.r: {url: 'http://h', snapshot-policy: {checksum-policy: hope}}", "", "", "DIR/purser.yml:1: maven.remote-repositories.r.snapshot-policy.checksum-policy is 'hope', expected one of warn, fail, ignore"},
		{"Maven's policy", "maven.update-policy: weekly", "", "", "DIR/purser.yml:1: maven.update-policy is 'weekly', expected always, daily, never or interval:MINUTES"},
		{"a placeholder that leads back to itself", "server.address: ${a}\na: ${b}\nb: x${a}", "", "", "DIR/purser.yml:1: server.address is '${a}', expected placeholders that end: placeholder ${a} leads back to itself"},
		{"a placeholder that nobody fills in", "server.port: ${PORT}", "", "", "DIR/purser.yml:1: server.port is '${PORT}', expected a whole number from 0 to 65535"},
		{"bad YAML", "server:\n  port: 1\n bad", "", "", "DIR/purser.yml:2: not valid YAML: did not find expected key"},
		{"bad YAML in a later document", "a: 1\n---\nb: [", "", "", "DIR/purser.yml:3: not valid YAML: did not find expected node content"},
		{"no settings at all", "- a\n- b", "", "", "DIR/purser.yml:1: the document is a list, expected a map of settings"},
		{"a key twice", "server:\n  port: 1\n  port: 2", "", "", "DIR/purser.yml:3: key port stands on line 2 already"},
		{"a key that is no text", "[a, b]: c", "", "", "DIR/purser.yml:1: a key is no text"},
		{"bad JSON", "", "SPRING_APPLICATION_JSON={\"a\":", "", "SPRING_APPLICATION_JSON: not valid JSON, at byte 5: unexpected EOF"},
		{"JSON behind JSON", "", "SPRING_APPLICATION_JSON={} {}", "", "SPRING_APPLICATION_JSON: not valid JSON, at byte 4: there is more behind its end"},
		{"JSON that is no object", "", "SPRING_APPLICATION_JSON=[1]", "", "SPRING_APPLICATION_JSON: the text is a list, expected a JSON object"},
		{"a file that is not there", "", "", "--config nosuch.yml", "DIR/nosuch.yml: cannot be read: no such file or directory"},
		{"a location that is not there", "", "SPRING_CONFIG_LOCATION=nosuch.yml", "", "DIR/nosuch.yml: cannot be read: no such file or directory"},
		{"a folder for a file", "", "", "--config .", "DIR: is a folder, expected a configuration file"},
		{"--config without a file", "", "", "--config", "command line: --config needs a file"},
		{"a value in an argument of its own", "", "", "--server.port 80", "command line: '80' was not expected, settings are written --key=value"},
		{"a Java system property", "", "", "-Dserver.port=80", "command line: settings are written --key=value, not -Dkey=value"},
		{"an argument without a key", "", "", "--=80", "command line: '--=80' has no key, settings are written --key=value"},
		{"a secret of the wrong type", "maven.proxy.auth.password: [s3cret]", "", "", "DIR/purser.yml:1: maven.proxy.auth.password is a list, expected a text"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options(MustDir(t, map[string]string{"purser.yml": row.file}))
			o.Environ, o.Args = []string{row.env}, strings.Fields(row.args)
			c, _, err := Load(o)
			got := ""
			if err != nil {
				got = strings.ReplaceAll(err.Error(), o.Dir, "DIR")
			}
			if got != row.want || (c == nil) != (err != nil) {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	o := options(MustDir(t, map[string]string{"purser.properties": "server.port=x\nmaven.offline=x\npurser.datadir=y\n", "purser.yml": "logging.format: x\npurser.dat-dir: z"}))
	_, report, err := Load(o)
	want := "DIR/purser.properties:1: server.port is 'x', expected a whole number from 0 to 65535\n" +
		"DIR/purser.yml:1: logging.format is 'x', expected one of auto, text, json\n" +
		"DIR/purser.properties:2: maven.offline is 'x', expected true or false"
	if diff := cmp.Diff(want, strings.ReplaceAll(err.Error(), o.Dir, "DIR")); diff != "" {
		t.Error(diff)
	}
	problem, ok := errors.AsType[*Problem](err)
	if !ok || problem.Key != "server.port" || problem.Origin.Line != 1 {
		t.Errorf("got %+v", problem)
	}
	if len(report.Warnings) != 1 || len(report.Files) != 2 {
		t.Errorf("got %+v", report)
	}
}

func TestUnreadableFile(t *testing.T) {
	dir := MustDir(t, nil)
	if err := os.Symlink("loop.yml", filepath.Join(dir, "loop.yml")); err != nil {
		t.Fatal(err)
	}
	o := options(dir)
	o.Args = []string{"--config=loop.yml"}
	if _, _, err := Load(o); err == nil || !strings.HasSuffix(err.Error(), "loop.yml: cannot be read: too many levels of symbolic links") {
		t.Errorf("got %v", err)
	}
}

func TestHugeFiles(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 9) + "*" + string(c-1) + "]\n"
	}
	for rule, text := range map[string]string{
		"aliases that unfold to very much": bomb,
		"nesting that is very deep":        strings.Repeat("[", 20_000),
		"a file that is very large":        "a: " + strings.Repeat("x", maxFile),
	} {
		t.Run(rule, func(t *testing.T) {
			if _, _, err := Load(options(MustDir(t, map[string]string{"purser.yml": text}))); err == nil {
				t.Error("it was read")
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	const nearest = " is not a known setting; the nearest known one is "
	for _, row := range []struct {
		rule, file, env, args, want string
	}{
		{"a slip below purser", "purser:\n  data-dri: x", "", "", "DIR/purser.yml:2: purser.data-dri" + nearest + "purser.data-dir"},
		{"a slip below Skipper's", "spring.cloud.skipper.server.enableReleaseStateUpdateServices: true", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.enableReleaseStateUpdateServices" + nearest + "spring.cloud.skipper.server.enable-release-state-update-service"},
		{"a slip of an argument", "", "", "--purser.limits.archivesize2=1", "command line: purser.limits.archivesize2" + nearest + "purser.limits.archive-size"},
		{"a slip of a variable", "", "PURSER_DATADIRR=x", "", "env PURSER_DATADIRR" + nearest + "purser.data-dir"},
		{"a slip in an account", "spring.cloud.skipper.server.platform.local.accounts.a.b: {shutdown-timeot: 1}", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.platform.local.accounts[a.b].shutdown-timeot" + nearest + "shutdown-timeout"},
		{"a slip in a repository", "spring.cloud.skipper.server.package-repositories.local: {desciption2: x}", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.package-repositories.local.desciption2" + nearest + "description"},
		{"a slip in Maven's", "maven.remote-repository.x.url: http://h", "", "", "DIR/purser.yml:1: maven.remote-repository.x.url" + nearest + "maven.remote-repositories.<name>.url"},
		{"an unknown platform", "spring.cloud.skipper.server.platform.lokal.accounts.a.hostname: x", "", "", "DIR/purser.yml:1: spring.cloud.skipper.server.platform.lokal.accounts.a.hostname" + nearest + "spring.cloud.skipper.server.platform.local.accounts.<name>"},
		{"a database", "spring.datasource: {url: 'jdbc:x', username: u}", "", "", "DIR/purser.yml:1: spring.datasource.url is ignored: everything is kept in SQLite below purser.data-dir"},
		{"a database in the environment", "", "SPRING_DATASOURCE_URL=jdbc:x", "", "env SPRING_DATASOURCE_URL is ignored: everything is kept in SQLite below purser.data-dir"},
		{"security", "spring.security.oauth2.client.x: y", "", "", "DIR/purser.yml:1: spring.security.oauth2.client.x is ignored: requests are not authenticated, whoever reaches the port may do everything"},
		{"TLS", "server.ssl.key-store: x", "", "", "DIR/purser.yml:1: server.ssl.key-store is ignored: the server speaks plain HTTP, a proxy in front of it can serve TLS"},
		{"a path", "server.servlet.context-path: /x", "", "", "DIR/purser.yml:1: server.servlet.context-path is ignored: paths begin at /"},
		{"management is accepted", "management.endpoints.web.exposure.include: health,info", "", "", ""},
		{"other names are the user's own", "my.own: x\nspring.jpa.show-sql: true\nserver.tomcat.threads: 1", "MAVEN_OPTS=-Xmx1g", "--my.other=1", ""},
		{"what Kubernetes sets for a service named purser", "", "PURSER_SERVICE_HOST=10.0.0.1", "", ""},
		{"a port that Kubernetes sets", "", "PURSER_PORT_7577_TCP=tcp://10.0.0.1:7577", "", ""},
		{"a map that is empty", "purser: {}\nspring.cloud: {skipper: {server: {}}}", "", "", ""},
		{"a text where settings stand below", "purser: x", "", "", "DIR/purser.yml:1: purser" + nearest + "purser.data-dir"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options(MustDir(t, map[string]string{"purser.yml": row.file}))
			o.Environ, o.Args = []string{row.env}, strings.Fields(row.args)
			_, report := MustLoadWith(t, o)
			if got := strings.ReplaceAll(strings.Join(report.Warnings, "\n"), o.Dir, "DIR"); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestDistance(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 2}, {"same", "same", 0}} {
		if got := distance(row.a, row.b); got != row.want {
			t.Errorf("%s %s: got %d", row.a, row.b, got)
		}
	}
}
