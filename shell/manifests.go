package shell

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"purser/client"
)

func manifestCommands() []*Command {
	return []*Command{
		{
			Name: "manifest get", Group: groupManifest, Summary: "Get the manifest for a release",
			Options: []Option{
				{Name: "releaseName", Help: "release name", Required: true, Values: Releases},
				{Name: "releaseVersion", Kind: Number, Help: "specific release version.", Values: ReleaseVersions},
			},
			Examples: []string{"manifest get hello", "manifest get hello 1"},
			Run:      getManifest,
		},
		{
			Name: "manifest diff", Group: groupManifest, Summary: "Show what differs between two versions of a release.",
			Details: "Without --to it is the latest version, without --from the one before --to.",
			Options: []Option{
				{Name: "releaseName", Help: "release name", Required: true, Values: Releases},
				{Name: "from", Kind: Number, Help: "the older version, if not specified the one before --to", Values: ReleaseVersions},
				{Name: "to", Kind: Number, Help: "the newer version, if not specified the latest", Values: ReleaseVersions},
			},
			Examples: []string{"manifest diff hello", "manifest diff hello 1 3"},
			Run:      diffManifests,
		},
	}
}

// getManifest tells that nothing is there as a result only when the server does not say it as Skipper does; that is a failure,
// as in the reference (spec/clients.md §1.2).
func getManifest(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	version, err := c.version("releaseVersion")
	if err != nil {
		return err
	}
	name := c.Text("releaseName")
	text, err := server.Manifest(ctx, name, version)
	if _, known := errors.AsType[*client.ReleaseNotFoundError](err); !known && missing(err) {
		text = fmt.Sprintf("Release with name '%s' not found", name)
		return c.Show(Result{Text: text, Data: map[string]any{"name": name, "found": false, "message": text}})
	}
	if err != nil {
		return err
	}
	plain := strings.TrimSuffix(text, "\n")
	return c.Show(Result{Text: plain, Names: []string{plain}, Data: map[string]any{"name": name, "manifest": text}})
}

func diffManifests(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	from, err := c.version("from")
	if err != nil {
		return err
	}
	to, err := c.version("to")
	if err != nil {
		return err
	}
	d, err := server.Difference(ctx, c.Text("releaseName"), from, to)
	if err != nil {
		return err
	}
	return c.Show(Result{
		Text:  differenceText(d.Difference, c.Streams.OutTerminal),
		Names: changedApplications(d.Difference), Data: d,
	})
}

// missing tells whether a server said that something is not there.
func missing(err error) bool {
	e, ok := errors.AsType[*client.HTTPError](err)
	return ok && e.Status == http.StatusNotFound
}

// version gives a version of a release, 0 when the option is not there; a version is at least 1.
func (c *Call) version(option string) (int, error) {
	if c.Text(option) == "" {
		return 0, nil
	}
	n := c.Number(option)
	if n < 1 {
		return 0, usageErrorf("--%s is a version, 1 or more, not '%s'", option, c.Text(option))
	}
	return n, nil
}
