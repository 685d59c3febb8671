package shell

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"purser/client"
)

// namesTime is how long a completion waits for the server.
const namesTime = time.Second

// names asks the server for names of a kind. A server that does not answer in time has none.
func (s *Shell) names(ctx context.Context, kind Values, given Arguments) []string {
	key := nameKey(kind, given)
	if known, ok := s.known.get(key, time.Now()); ok {
		return known
	}
	server, err := s.connection.open()
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, namesTime)
	defer cancel()
	found := askNames(ctx, server, kind, func(option string) string {
		if values := given[option]; len(values) > 0 {
			return values[len(values)-1]
		}
		return ""
	})
	slices.Sort(found)
	found = slices.Compact(found)
	if ctx.Err() == nil { // what came too late is asked for again
		s.known.put(key, found, time.Now())
	}
	return found
}

func askNames(ctx context.Context, server *client.Client, kind Values, given func(option string) string) []string {
	switch kind {
	case Releases:
		found, _ := server.Releases(ctx, "") // without an answer there are none
		return each(found, func(r client.Release) string { return r.Name })
	case ReleaseVersions:
		found, _ := server.History(ctx, given("releaseName")) // as above
		return each(found, func(r client.Release) string {
			if r.Name != given("releaseName") {
				return ""
			}
			return strconv.Itoa(r.Version)
		})
	case Packages:
		found, _ := server.Packages(ctx, client.PackageFilter{Summary: true}) // as above
		return each(found, func(p client.PackageMetadata) string { return p.Name })
	case PackageVersions:
		found, _ := server.Packages(ctx, client.PackageFilter{Name: given("packageName"), Summary: true}) // as above
		return each(found, func(p client.PackageMetadata) string {
			if p.Name != given("packageName") {
				return ""
			}
			return p.Version
		})
	case Platforms:
		found, _ := server.Deployers(ctx) // as above
		return each(found, func(d client.Deployer) string { return d.Name })
	case Repositories:
		found, _ := server.Repositories(ctx) // as above
		return each(found, func(r client.Repository) string { return r.Name })
	case Applications:
		if given("releaseName") == "" {
			return nil
		}
		info, _ := server.Status(ctx, given("releaseName"), 0) // as above
		return each(info.Status.Applications, func(a client.ApplicationStatus) string {
			return applicationName(given("releaseName"), a.DeploymentID)
		})
	case NoValues, Files, Folders, CommandNames, Formats:
	}
	return nil
}

// each gives a text for each element, without the empty ones.
func each[T any](list []T, text func(T) string) []string {
	var texts []string
	for _, one := range list {
		if t := text(one); t != "" {
			texts = append(texts, t)
		}
	}
	return texts
}

var versionSuffix = lazily(`-v[0-9]+$`)

// applicationName takes release and version out of a deployment id: hello.demo-v1 is demo.
func applicationName(release, id string) string {
	return strings.TrimPrefix(versionSuffix().ReplaceAllString(id, ""), release+".")
}
