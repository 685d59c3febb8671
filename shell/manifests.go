package shell

import (
	"context"
	"strings"
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
	if err != nil {
		return err
	}
	return c.Show(Result{Text: strings.TrimSuffix(text, "\n"), Data: map[string]any{"name": name, "manifest": text}})
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
