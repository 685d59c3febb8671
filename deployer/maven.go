package deployer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"purser"
)

// fetchMaven fetches a maven: resource: from the local repository, else from the cache, else from the first remote
// that has it. A release never changes, so what the cache has of one is not asked for again.
func (r *Resources) fetchMaven(ctx context.Context, coordinates string) (string, error) {
	c, err := ParseCoordinates(coordinates)
	if err != nil {
		return "", err
	}
	if local, ok := r.findLocal(c); ok {
		return local, nil
	}
	return r.flights.do(ctx, "maven:"+c.String(), func(ctx context.Context) (string, error) {
		if err := r.cache.open(); err != nil {
			return "", err
		}
		return r.fetchRemote(ctx, c)
	})
}

// findLocal looks into the local repository.
func (r *Resources) findLocal(c Coordinates) (string, bool) {
	if r.options.MavenLocal == "" {
		return "", false
	}
	path := filepath.Join(r.options.MavenLocal, filepath.FromSlash(c.folder()), c.file(c.Version))
	info, err := os.Stat(path)
	return path, err == nil && info.Mode().IsRegular()
}

// fetchRemote asks the remotes in turn. A remote that fails does not keep the next ones from being asked, but makes an
// artifact that none of them has a failure of the platform: it may well exist.
func (r *Resources) fetchRemote(ctx context.Context, c Coordinates) (string, error) {
	var failures []string
	for _, remote := range r.options.Remotes {
		if remote.policy(c).Disabled {
			continue
		}
		path, err := r.fetchArtifact(ctx, remote, c)
		switch {
		case err == nil:
			if len(failures) > 0 {
				r.options.Log.WarnContext(ctx, "Maven repositories failed, a later one had the artifact",
					"artifact", c.String(), "repository", remote.Name, "failures", failures)
			}
			return path, nil
		case ctx.Err() != nil, purser.ErrorCode(err) == purser.CodeUnavailable:
			return "", err
		case purser.ErrorCode(err) != purser.CodeNotFound:
			failures = append(failures, fmt.Sprintf("%s: %s", remote.Name, purser.ErrorMessage(err)))
		}
	}
	switch {
	case len(failures) > 0:
		return "", purser.Errorf(purser.CodePlatform, "could not fetch artifact %s: %s", c, strings.Join(failures, "; "))
	case r.options.Offline:
		return "", purser.Errorf(purser.CodeNotFound, "artifact %s is neither in the local repository nor in the cache, and maven.offline is set", c)
	case len(r.options.Remotes) == 0:
		return "", purser.Errorf(purser.CodeNotFound, "artifact %s is not in the local repository, and there are no remote repositories", c)
	}
	return "", purser.Errorf(purser.CodeNotFound, "artifact %s was found neither in the local repository nor in the remote repositories", c)
}

// policy gives what the remote does with such an artifact.
func (r Remote) policy(c Coordinates) Policy {
	if c.Snapshot() {
		return r.Snapshots
	}
	return r.Releases
}

// fetchArtifact fetches an artifact from one remote.
func (r *Resources) fetchArtifact(ctx context.Context, remote Remote, c Coordinates) (string, error) {
	version := c.Version
	moving := c.Snapshot()
	if moving {
		resolved, err := r.resolveSnapshot(ctx, remote, c)
		if err != nil && purser.ErrorCode(err) != purser.CodeNotFound {
			return "", err
		}
		if err == nil {
			version, moving = resolved, resolved == c.Version
		}
	}
	location, err := url.JoinPath(remote.URL, c.folder(), c.file(version))
	if err != nil {
		return "", purser.Errorf(purser.CodeInvalid, "Maven repository '%s' has no valid URL", remote.Name)
	}
	checksums := remote.policy(c).Checksums
	known, cached, ok := r.cache.find(location)
	if ok && (!moving || r.fresh(known, remote.Snapshots)) && (checksums != ChecksumFail || known.Checked != "") {
		return cached, nil
	}
	if r.options.Offline {
		if ok && (checksums != ChecksumFail || known.Checked != "") {
			return cached, nil
		}
		return "", purser.Errorf(purser.CodeNotFound, "artifact %s is not in the cache", c)
	}
	q := r.mavenRequest(remote, location)
	q.anew, q.dated = checksums == ChecksumFail, moving
	q.sound = func(d digest) error { return r.vouch(ctx, remote, checksums, location, d) }
	return r.download(ctx, q)
}

// mavenRequest is a download from a remote.
func (r *Resources) mavenRequest(remote Remote, location string) request {
	return request{client: r.maven, url: location, user: remote.User, password: remote.Password}
}

// fresh tells whether what is known of a snapshot still counts as new.
func (r *Resources) fresh(known entry, policy Policy) bool {
	if policy.MaxAge < 0 {
		return true
	}
	return r.options.Clock.Now().Sub(known.FetchedAt) < policy.MaxAge
}

// errChecksum marks an artifact that is not what its repository says.
var errChecksum = errors.New("checksum")

// vouch compares a download with the checksums that its repository has of it, the stronger one first.
func (r *Resources) vouch(ctx context.Context, remote Remote, policy ChecksumPolicy, location string, d digest) error {
	if policy == ChecksumIgnore {
		return nil
	}
	problem := "has no checksum"
	for _, kind := range []struct{ name, got string }{{"sha256", d.sha256}, {"sha1", d.sha1}} {
		want, err := r.fetchChecksum(ctx, remote, location+"."+kind.name, len(kind.got))
		switch {
		case err != nil && purser.ErrorCode(err) == purser.CodeNotFound:
			continue
		case err != nil:
			problem = "has a checksum that cannot be read"
			continue
		case want == kind.got:
			d.entry.Checked = kind.name
			return nil
		}
		problem = fmt.Sprintf("does not fit its %s checksum", kind.name)
		break
	}
	if policy == ChecksumFail {
		return &purser.Error{Code: purser.CodePlatform, Message: fmt.Sprintf("%s %s", Redact(location), problem), Err: errChecksum}
	}
	r.options.Log.WarnContext(ctx, "an artifact was taken unchecked", "problem", problem, "url", Redact(location), "repository", remote.Name)
	return nil
}
