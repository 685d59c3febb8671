package config

import "math"

// Prefixes of names.
const (
	skipper  = "spring.cloud.skipper.server."
	platform = skipper + "platform."

	repositoriesKey = skipper + "package-repositories"
	remotesKey      = "maven.remote-repositories"
	dialectsKey     = "purser.dialects"
)

// Known is the table of settings, grouped as the sample shows them. Its names are unique in every spelling.
func Known() []Key {
	groups := [][]Key{serverKeys(), skipperKeys(), repositoryKeys(), platformKeys(), mavenKeys(), purserKeys(), limitKeys()}
	var keys []Key
	for _, group := range groups {
		keys = append(keys, group...)
	}
	return keys
}

// The settings whose defaults depend on where the server runs.
const (
	forwardKey = "server.forward-headers-strategy"
	probesKey  = "management.endpoint.health.probes.enabled"
)

func serverKeys() []Key {
	return []Key{
		{Name: "server.port", Kind: Int, Default: "7577", Max: math.MaxUint16, Text: "Port the server listens on; 0 takes a free one."},
		{Name: "server.address", Kind: Text, Text: "Address the server listens on; all of the machine's when empty."},
		{Name: "server.shutdown-grace", Kind: Duration, Default: "10s", Text: "How long requests under way may take to end when the server stops."},
		{Name: forwardKey, Kind: Text, Default: "none", Values: []string{"none", "native", "framework"}, Text: "Which headers of a proxy count in links: none; native: X-Forwarded-Proto, -Host and -Port, from private addresses; framework: those, X-Forwarded-Prefix and Forwarded, from anybody. native by default on Kubernetes and Cloud Foundry."},
		{Name: "server.error.include-message", Kind: Text, Default: "always", Values: []string{"always", "never", "on-param"}, Text: "Accepted for Skipper's files, without effect: error answers always carry their message, from which clients rebuild exceptions."},
		{Name: probesKey, Kind: Bool, Default: "false", Text: "Whether GET /actuator/health has the groups liveness and readiness; true by default on Kubernetes."},
		{Name: "logging.level.root", Kind: Text, Default: "info", Values: []string{"trace", "debug", "info", "warn", "error", "off"}, Text: "Least level of what is logged."},
		{Name: "logging.format", Kind: Text, Default: "auto", Values: []string{"auto", "text", "json"}, Text: "Form of the log; auto is text on a terminal and JSON elsewhere."},
	}
}

func skipperKeys() []Key {
	const (
		health  = skipper + "strategies.healthcheck."
		filter  = skipper + "deployer-properties."
		version = skipper + "version-info."
		server  = version + "dependencies.spring-cloud-skipper-server."
		shell   = version + "dependencies.spring-cloud-skipper-shell."
	)
	return []Key{
		{Name: skipper + "enabled", Kind: Bool, Default: "true", Text: "Accepted for Skipper's files; a server that runs is enabled."},
		{Name: health + "timeout-in-millis", Kind: Millis, Default: "300000", Min: math.MinInt64, Text: "How long an upgrade waits for its applications to be healthy. 0 and less mean 300000."},
		{Name: health + "sleep-in-millis", Kind: Millis, Default: "5000", Min: math.MinInt64, Text: "Accepted for Skipper's files, without effect: platforms report changes by themselves."},
		{Name: skipper + "enable-release-state-update-service", Kind: Bool, Default: "true", Text: "Whether the states of deployed applications are followed and stored."},
		{Name: skipper + "synchonize-index-on-context-refresh", Kind: Bool, Default: "true", Alias: skipper + "synchronize-index-on-context-refresh", Text: "Whether the indexes of remote package repositories are read at start. The spelling is Skipper's; synchronize works too."},
		{Name: filter + "property-includes", Kind: List, Text: "Of the deployment properties that GET /api/deployers shows, only these; all when empty."},
		{Name: filter + "property-excludes", Kind: List, Default: "spring.cloud.deployer.local.maximum-concurrent-tasks,spring.cloud.deployer.kubernetes.maximum-concurrent-tasks,spring.cloud.deployer.cloudfoundry.maximum-concurrent-tasks,spring.cloud.deployer.cloudfoundry.org,spring.cloud.deployer.cloudfoundry.space,spring.cloud.deployer.cloudfoundry.url,spring.cloud.deployer.cloudfoundry.username,spring.cloud.deployer.cloudfoundry.password,spring.cloud.deployer.cloudfoundry.skip-ssl-validation", Text: "Deployment properties that GET /api/deployers leaves out."},
		{Name: filter + "group-includes", Kind: List, Text: "Like property-includes, by prefix."},
		{Name: filter + "group-excludes", Kind: List, Default: "spring.cloud.deployer.kubernetes.fabric8", Text: "Like property-excludes, by prefix."},
		{Name: server + "name", Kind: Text, Default: "Spring Cloud Skipper Server", Text: "Name of the server in GET /api/about."},
		{Name: server + "version", Kind: Text, Text: "Version of the server in GET /api/about; the compatible version of Skipper when empty."},
		{Name: shell + "name", Kind: Text, Default: "Spring Cloud Skipper Shell", Text: "Name of the shell in GET /api/about."},
		{Name: shell + "version", Kind: Text, Text: "Version of the shell in GET /api/about; the compatible version of Skipper when empty."},
		{Name: shell + "url", Kind: Text, Default: "{repository}/org/springframework/cloud/spring-cloud-skipper-shell/{version}/spring-cloud-skipper-shell-{version}.jar", Text: "Where the shell can be had. {repository} and {version} are filled in."},
		{Name: shell + "checksum-sha1", Kind: Text, Text: "SHA-1 of the shell, shown when dependency-fetch is enabled."},
		{Name: shell + "checksum-sha256", Kind: Text, Text: "SHA-256 of the shell, shown when dependency-fetch is enabled."},
		{Name: shell + "checksum-sha1-url", Kind: Text, Text: "Where the shell's SHA-1 is fetched from when it is not given."},
		{Name: shell + "checksum-sha256-url", Kind: Text, Text: "Where the shell's SHA-256 is fetched from when it is not given."},
		{Name: version + "dependency-fetch.enabled", Kind: Bool, Default: "false", Text: "Whether GET /api/about has the checksums of the shell."},
	}
}

func repositoryKeys() []Key {
	const one = repositoriesKey + "." + wildcard + "."
	return []Key{
		{Name: one + "url", Kind: Text, Text: "Where the packages of the repository <name> are: http, https or file. Without any repository there is one, `local`."},
		{Name: one + "source-url", Kind: Text, Text: "Where the sources of its packages are, for people."},
		{Name: one + "local", Kind: Bool, Default: "false", Text: "Whether packages are uploaded to it and stored by this server."},
		{Name: one + "description", Kind: Text, Text: "What it is, for people."},
		{Name: one + "repo-order", Kind: Int, Default: "0", Min: math.MinInt32, Max: math.MaxInt32, Text: "Of several repositories with a package the one with the highest order is taken."},
		{Name: one + "name", Kind: Text, Text: "Accepted for Skipper's files and ignored: the name is the key."},
	}
}

func platformKeys() []Key {
	return []Key{
		{Name: platform + "local.accounts." + wildcard, Kind: Anything, Text: "Settings of the account <name> of the local platform, as in spring.cloud.deployer.local.*: shutdown-timeout, java-opts, port-range.low and so on. Without any account there is one, `default`."},
		{Name: platform + "kubernetes.accounts." + wildcard, Kind: Anything, Text: "Settings of the account <name> on Kubernetes, as in spring.cloud.deployer.kubernetes.*."},
		{Name: platform + "cloudfoundry.accounts." + wildcard, Kind: Anything, Text: "Settings of the account <name> on Cloud Foundry: connection.* and deployment.*."},
	}
}

func mavenKeys() []Key {
	const one = remotesKey + "." + wildcard + "."
	updates := "How often snapshots are asked for again: always, daily, interval:MINUTES or never."
	checksums := []string{"warn", "fail", "ignore"}
	keys := []Key{
		{Name: "maven.local-repository", Kind: Text, Text: "Local Maven repository, looked into first and never written to; ~/.m2/repository when empty."},
		{Name: "maven.offline", Kind: Bool, Default: "false", Text: "Ask no server: what is in the local repository and in the cache is all there is."},
		{Name: "maven.include-default-remote-repos", Kind: Bool, Default: "true", Text: "Whether Maven Central and Spring's snapshot and milestone repositories are asked, before the others."},
		{Name: "maven.connect-timeout", Kind: Millis, Default: "10000", Text: "How long a connection to a Maven repository may take."},
		{Name: "maven.request-timeout", Kind: Millis, Default: "60000", Text: "How long a Maven repository may take to begin its answer."},
		{Name: "maven.update-policy", Kind: Text, Default: "always", Text: updates},
		{Name: "maven.checksum-policy", Kind: Text, Default: "warn", Values: checksums, Text: "What happens when an artifact does not fit its checksum: warn, fail or ignore."},
		{Name: "maven.proxy.protocol", Kind: Text, Default: "http", Values: []string{"http", "https"}, Text: "How the proxy is spoken to."},
		{Name: "maven.proxy.host", Kind: Text, Text: "Proxy for Maven repositories; none when empty."},
		{Name: "maven.proxy.port", Kind: Int, Default: "8080", Min: 1, Max: math.MaxUint16, Text: "Port of the proxy."},
		{Name: "maven.proxy.non-proxy-hosts", Kind: List, Text: "Hosts that are asked directly; * stands for any letters. Parted by commas or |."},
		{Name: "maven.proxy.auth.username", Kind: Text, Text: "User of the proxy."},
		{Name: "maven.proxy.auth.password", Kind: Text, Secret: true, Text: "Password of that user."},
		{Name: "maven.resolve-pom", Kind: Bool, Default: "false", Text: "Accepted for Skipper's files, without effect."},
		{Name: "maven.enable-repository-listener", Kind: Bool, Default: "false", Text: "Accepted for Skipper's files, without effect."},
		{Name: "maven.use-wagon", Kind: Bool, Default: "false", Text: "Accepted for Skipper's files, without effect."},
		{Name: "maven.wagon", Kind: Anything, Text: "Accepted for Skipper's files, without effect."},
		{Name: one + "url", Kind: Text, Text: "Where the Maven repository <name> is: http or https."},
		{Name: one + "auth.username", Kind: Text, Text: "User of that repository."},
		{Name: one + "auth.password", Kind: Text, Secret: true, Text: "Password of that user."},
	}
	for _, kind := range []struct{ key, text string }{
		{"policy", "releases and snapshots"}, {"release-policy", "releases"}, {"snapshot-policy", "snapshots"},
	} {
		keys = append(keys,
			Key{Name: one + kind.key + ".enabled", Kind: Bool, Default: "true", Text: "Whether the repository is asked for " + kind.text + "."},
			Key{Name: one + kind.key + ".update-policy", Kind: Text, Text: "As maven.update-policy, for " + kind.text + " of this repository."},
			Key{Name: one + kind.key + ".checksum-policy", Kind: Text, Values: checksums, Text: "As maven.checksum-policy, for " + kind.text + " of this repository."},
		)
	}
	return keys
}
