package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"purser"
)

const localAccounts = "spring.cloud.skipper.server.platform.local.accounts"

func TestAccounts(t *testing.T) {
	type accounts map[string]map[string]any
	for _, row := range []struct {
		rule  string
		files map[string]string
		env   []string
		args  []string
		want  accounts
		warns int
	}{
		{rule: "without any there is default", want: accounts{"default": {}}},
		{
			rule:  "an account without settings",
			files: map[string]string{"purser.yml": localAccounts + ":\n  a: {}\n  b:\n"},
			want:  accounts{"a": {}, "b": {}},
		},
		{
			rule:  "names keep case and dots",
			files: map[string]string{"purser.yml": localAccounts + ":\n  Prod.EU-West: {shutdown-timeout: 60}\n  prod.eu-west: {shutdown-timeout: 61}\n"},
			want:  accounts{"Prod.EU-West": {"shutdown-timeout": 60}, "prod.eu-west": {"shutdown-timeout": 61}},
		},
		{
			rule:  "names in dotted keys",
			files: map[string]string{"purser.yml": "spring.cloud.skipper.server.platform:\n  local.accounts.NAME: {shutdownTimeout: 60, java_opts: -Xmx1g}\n  local.accounts.b.port-range: {low: 7}\n"},
			want:  accounts{"NAME": {"shutdown-timeout": 60, "java-opts": "-Xmx1g"}, "b": {"port-range.low": 7}},
		},
		{
			rule: "names with dots in a properties file",
			files: map[string]string{"purser.properties": localAccounts + ".Prod.EU-West.shutdown-timeout=60\n" + localAccounts + ".a.port-range.low=7\n" +
				localAccounts + "[x.y].java-opts=o\n" + localAccounts + ".a.java-home-path.2=/jdk\n" + localAccounts + ".a.env-vars-to-inherit[0]=A\n" + localAccounts + ".a.env-vars-to-inherit[1]=B,C\n"},
			want: accounts{
				"Prod.EU-West": {"shutdown-timeout": 60}, "x.y": {"java-opts": "o"},
				"a": {"port-range.low": 7, "java-home-path.2": "/jdk", "env-vars-to-inherit": []any{"A", "B,C"}},
			},
		},
		{
			rule:  "names in brackets in YAML, as Spring wants them",
			files: map[string]string{"purser.yml": localAccounts + ":\n  \"[Prod.EU]\":\n    java-opts: o\n"},
			want:  accounts{"Prod.EU": {"java-opts": "o"}},
		},
		{
			rule:  "sources are laid over each other key by key",
			files: map[string]string{"purser.yml": localAccounts + ":\n  Prod.EU-West: {shutdown-timeout: 60, java-opts: a}\n"},
			env:   []string{"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_PROD_EU_WEST_SHUTDOWNTIMEOUT=61"},
			args:  []string{"--" + localAccounts + ".Prod.EU-West.javaOpts=b"},
			want:  accounts{"Prod.EU-West": {"shutdown-timeout": 61, "java-opts": "b"}},
		},
		{
			rule: "a variable makes an account",
			env: []string{
				"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_DEFAULT_SHUTDOWNTIMEOUT=5",
				"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_DEFAULT_PORT_RANGE_LOW=7",
				"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_MY_OWN_JAVA_OPTS=o",
				"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_DEFAULT_ENVVARSTOINHERIT_0=A",
				"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_DEFAULT_JAVAHOMEPATH_3=/jdk",
			},
			want: accounts{
				"default": {"shutdown-timeout": 5, "port-range.low": 7, "env-vars-to-inherit": []any{"A"}, "java-home-path.3": "/jdk"},
				"my-own":  {"java-opts": "o"},
			},
		},
		{
			rule:  "a variable that two accounts fit is told of",
			files: map[string]string{"purser.yml": localAccounts + ":\n  Prod: {}\n  prod: {}\n"},
			env:   []string{"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_PROD_JAVAOPTS=o"},
			want:  accounts{"Prod": {}, "prod": {"java-opts": "o"}}, warns: 1,
		},
		{
			rule:  "a list is replaced as a whole",
			files: map[string]string{"purser.yml": localAccounts + ":\n  a: {env-vars-to-inherit: [A, B]}\n", "purser.properties": localAccounts + ".a.env-vars-to-inherit[0]=C"},
			want:  accounts{"a": {"env-vars-to-inherit": []any{"C"}}},
		},
		{
			rule:  "an unknown key is kept and told of",
			files: map[string]string{"purser.yml": localAccounts + ":\n  a: {java-optz: o}\n"},
			want:  accounts{"a": {"java-optz": "o"}}, warns: 1,
		},
		{
			rule:  "types of values",
			files: map[string]string{"purser.yml": localAccounts + `: {a: {java-opts: "60", hostname: 1.0, shutdown-timeout: 010, java-home-path.2: true, java-home-path.3: 1.5, port-range.low: null}}`},
			want:  accounts{"a": {"java-opts": "60", "hostname": "1.0", "shutdown-timeout": "010", "java-home-path.2": true, "java-home-path.3": 1.5, "port-range.low": nil}},
		},
		{
			rule:  "anchors and merged maps",
			files: map[string]string{"purser.yml": "base: &base {java-opts: o, hostname: h}\n" + localAccounts + ":\n  a: {<<: *base, hostname: i}\n  b: *base\n"},
			want:  accounts{"a": {"java-opts": "o", "hostname": "i"}, "b": {"java-opts": "o", "hostname": "h"}},
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options(MustDir(t, row.files))
			o.Environ, o.Args = row.env, row.args
			c, report := MustLoadWith(t, o)
			got := accounts{}
			for _, a := range c.Accounts {
				if a.Platform != "local" {
					t.Errorf("platform %s", a.Platform)
				}
				got[a.Name] = a.Settings
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			if len(report.Warnings) != row.warns {
				t.Errorf("warnings %q", report.Warnings)
			}
		})
	}
}

func TestAccountsOfOtherPlatforms(t *testing.T) {
	o := options(MustDir(t, map[string]string{"purser.yml": `
spring.cloud.skipper.server.platform:
  kubernetes.accounts:
    dev.EU: {namespace: dev, limits: {memory: 1024Mi, "a.b/c": 1}, nodeSelector: "k:v"}
  cloudfoundry.accounts.cf: {connection: {url: u}, deployment: {memory: 1g}}
`}))
	o.AccountKeys = nil
	o.Environ = []string{"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_KUBERNETES_ACCOUNTS_CLUSTER_NAMESPACE=n", "SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_KUBERNETES_ACCOUNTS_CLUSTER_LIMITS_CPU=1"}
	o.Args = []string{"--spring.cloud.skipper.server.platform.kubernetes.accounts[dev.EU].limits.memory=2Gi", "--spring.cloud.skipper.server.platform.kubernetes.accounts[dev.EU].node_selector=k:w"}
	c, report := MustLoadWith(t, o)
	want := []Account{
		{Platform: "cloudfoundry", Name: "cf", Settings: map[string]any{"connection": map[string]any{"url": "u"}, "deployment": map[string]any{"memory": "1g"}}},
		{Platform: "kubernetes", Name: "dev.EU", Settings: map[string]any{"namespace": "dev", "limits": map[string]any{"memory": "2Gi", "a.b/c": 1}, "nodeSelector": "k:w"}},
		{Platform: "kubernetes", Name: "cluster", Settings: map[string]any{"namespace": "n", "limits": map[string]any{"cpu": 1}}},
	}
	if diff := cmp.Diff(want, c.Accounts, cmpopts.IgnoreFields(Account{}, "Origin")); diff != "" || len(report.Warnings) > 0 {
		t.Error(diff, report.Warnings)
	}
}

func ptr(text string) *string { return &text }

func TestRepositories(t *testing.T) {
	shipped := purser.Repository{Name: "local", URL: "http://10.0.0.5:7577", Local: true, Description: ptr("Default local database backed repository"), Order: 1}
	moved := shipped
	moved.URL, moved.Order = "http://h:1", 9
	for _, row := range []struct {
		rule, file string
		want       []purser.Repository
	}{
		{"the shipped one", "", []purser.Repository{shipped}},
		{"a part of the shipped one", "spring.cloud.skipper.server.package-repositories.local: {url: 'http://h:1', repo-order: 9}", []purser.Repository{moved}},
		{
			"more of them, in their order, behind the shipped one",
			"spring.cloud.skipper.server:\n  packageRepositories:\n    Far.Away: {url: https://h/p, sourceUrl: https://s, description: '', repoOrder: -1, name: ignored}\n    disk: {url: 'file:///srv/packages'}\n",
			[]purser.Repository{
				shipped,
				{Name: "Far.Away", URL: "https://h/p", SourceURL: ptr("https://s"), Description: ptr(""), Order: -1},
				{Name: "disk", URL: "file:///srv/packages"},
			},
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c, report := MustLoad(t, map[string]string{"purser.yml": row.file})
			if diff := cmp.Diff(row.want, c.Repositories); diff != "" || len(report.Warnings) > 0 {
				t.Error(diff, report.Warnings)
			}
		})
	}
}

func TestRepositoriesFromVariables(t *testing.T) {
	o := options(t.TempDir())
	o.Environ = []string{
		"SPRING_CLOUD_SKIPPER_SERVER_PACKAGE_REPOSITORIES_FAR_URL=https://h", "SPRING_CLOUD_SKIPPER_SERVER_PACKAGEREPOSITORIES_FAR_REPOORDER=3",
		"SPRING_CLOUD_SKIPPER_SERVER_PACKAGE_REPOSITORIES_LOCAL_SOURCE_URL=https://s",
	}
	c, report := MustLoadWith(t, o)
	want := []purser.Repository{
		{Name: "local", URL: "http://10.0.0.5:7577", SourceURL: ptr("https://s"), Local: true, Description: ptr("Default local database backed repository"), Order: 1},
		{Name: "far", URL: "https://h", Order: 3},
	}
	if diff := cmp.Diff(want, c.Repositories); diff != "" || len(report.Warnings) > 0 {
		t.Error(diff, report.Warnings)
	}
}

func TestHostAddress(t *testing.T) {
	o := options(t.TempDir())
	o.HostAddress = ""
	c, _ := MustLoadWith(t, o)
	if url := c.Repositories[0].URL; url != "http://"+hostAddress("")+":7577" || len(url) < len("http://1.1.1.1:7577") {
		t.Errorf("got %s", url)
	}
}

func TestMaven(t *testing.T) {
	c, report := MustLoad(t, map[string]string{"purser.yml": `
maven:
  localRepository: /m2
  offline: yes
  include-default-remote-repos: "off"
  connect-timeout: 2000
  request-timeout: 3s
  update-policy: daily
  proxy: {host: p, port: 3128, non-proxy-hosts: "a|*.b", auth: {username: u, password: w}}
  remote-repositories:
    Own.Repo:
      url: https://h/m2
      auth: {username: u, password: w}
      policy: {checksum-policy: fail}
      snapshotPolicy: {enabled: false, updatePolicy: "interval:5"}
      release-policy: {checksumPolicy: IGNORE}
    plain: {url: "http://h"}
`})
	policy := MavenPolicy{Enabled: true, Update: "daily", Checksum: "warn"}
	want := Maven{
		LocalRepository: "/m2", Offline: true, ConnectTimeout: 2e9, RequestTimeout: 3e9, Policy: policy,
		Proxy: &MavenProxy{Protocol: "http", Host: "p", Port: 3128, User: "u", Password: "w", NonProxyHosts: []string{"a", "*.b"}},
		Remotes: []MavenRemote{
			{
				Name: "Own.Repo", URL: "https://h/m2", User: "u", Password: "w",
				Releases:  MavenPolicy{Enabled: true, Update: "daily", Checksum: "ignore"},
				Snapshots: MavenPolicy{Enabled: false, Update: "interval:5", Checksum: "fail"},
			},
			{Name: "plain", URL: "http://h", Releases: policy, Snapshots: policy},
		},
	}
	if diff := cmp.Diff(want, c.Maven); diff != "" || len(report.Warnings) > 0 {
		t.Error(diff, report.Warnings)
	}
}
