package deployer

import (
	"net/url"
	"strings"
	"time"

	"purser"
)

// Remote is a Maven repository on a web server.
type Remote struct {
	Name      string
	URL       string
	User      string // "" for none
	Password  string
	Releases  Policy
	Snapshots Policy
}

// Policy says whether and how a repository is used for one kind of artifact.
type Policy struct {
	Disabled  bool
	Checksums ChecksumPolicy // "": ChecksumWarn
	// MaxAge is how long what is known of a snapshot counts as new: 0 asks each time, negative never again.
	MaxAge time.Duration
}

// ChecksumPolicy says what happens when an artifact does not fit its checksum, or has none.
type ChecksumPolicy string

// The policies, in Maven's words.
const (
	ChecksumWarn   ChecksumPolicy = "warn"   // a line in the log
	ChecksumFail   ChecksumPolicy = "fail"   // the artifact is refused
	ChecksumIgnore ChecksumPolicy = "ignore" // nobody looks
)

// DefaultRemotes are the repositories that maven.include-default-remote-repos puts before the configured ones.
func DefaultRemotes() []Remote {
	return []Remote{
		{Name: "mavenCentral-default", URL: "https://repo.maven.apache.org/maven2", Snapshots: Policy{Disabled: true}},
		{Name: "springSnapshot-default", URL: "https://repo.spring.io/snapshot", Releases: Policy{Disabled: true}},
		{Name: "springMilestone-default", URL: "https://repo.spring.io/milestone", Snapshots: Policy{Disabled: true}},
	}
}

// Proxy is a web proxy for Maven repositories.
type Proxy struct {
	Protocol      string // http (default) or https
	Host          string // host:port
	User          string
	Password      string
	NonProxyHosts []string // hosts asked directly; * stands for any letters at either end
}

// check refuses what cannot be meant.
func (r Remote) check() error {
	u, err := url.Parse(r.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return purser.Errorf(purser.CodeInvalid, "Maven repository '%s': url is '%s', expected an http or https URL", r.Name, Redact(r.URL))
	}
	for _, policy := range []Policy{r.Releases, r.Snapshots} {
		switch policy.Checksums {
		case "", ChecksumWarn, ChecksumFail, ChecksumIgnore:
		default:
			return purser.Errorf(purser.CodeInvalid, "Maven repository '%s': checksum policy is '%s', expected warn, fail or ignore", r.Name, policy.Checksums)
		}
	}
	return nil
}

// ParseUpdatePolicy reads Maven's update policies: always (or blank), daily, interval:MINUTES and never. CodeInvalid.
func ParseUpdatePolicy(text string) (time.Duration, error) {
	switch word := strings.ToLower(strings.TrimSpace(text)); word {
	case "", "always":
		return 0, nil
	case "daily":
		return 24 * time.Hour, nil
	case "never":
		return -1, nil
	default:
		if minutes, ok := strings.CutPrefix(word, "interval:"); ok {
			if d, err := time.ParseDuration(minutes + "m"); err == nil && d >= 0 {
				return d, nil
			}
		}
	}
	return 0, purser.Errorf(purser.CodeInvalid, "update policy is '%s', expected always, daily, never or interval:MINUTES", text)
}

// direct tells whether a host is asked without the proxy.
func (p Proxy) direct(host string) bool {
	for _, pattern := range p.NonProxyHosts {
		if matchHost(strings.ToLower(pattern), strings.ToLower(host)) {
			return true
		}
	}
	return false
}

// matchHost compares a host with a pattern whose * stand for any letters.
func matchHost(pattern, host string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == host
	}
	host, ok := strings.CutPrefix(host, first)
	if !ok {
		return false
	}
	for {
		part, tail, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(host, part)
		}
		_, after, found := strings.Cut(host, part)
		if !found {
			return false
		}
		host, rest = after, tail
	}
}
