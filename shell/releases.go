package shell

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"purser/client"
)

func releaseCommands() []*Command {
	return []*Command{
		{
			Name: "release list", Group: groupRelease, Summary: "List the latest version of releases with status of deployed or failed.",
			Options:  []Option{{Name: "releaseName", Help: "wildcard expression to search by release name", Values: Releases}},
			Examples: []string{"release list", "release list --releaseName hel", "release list -o json"},
			Run:      listReleases,
		},
		{
			Name: "release history", Group: groupRelease, Summary: "List the history of versions for a given release.",
			Options:  []Option{{Name: "releaseName", Help: "wildcard expression to search by release name", Required: true, Values: Releases}},
			Examples: []string{"release history hello"},
			Run:      releaseHistory,
		},
		{
			Name: "release status", Group: groupRelease, Summary: "Status for a last known release version.",
			Options: []Option{
				{Name: "releaseName", Help: "release name", Required: true, Values: Releases},
				{Name: "releaseVersion", Kind: Number, Help: "the specific release version.", Values: ReleaseVersions},
			},
			Examples: []string{"release status hello", "release status hello 1"},
			Run:      releaseStatus,
		},
		upgradeCommand(),
		rollbackCommand(),
		deleteCommand(),
		{
			Name: "release cancel", Group: groupRelease, Summary: "Request a cancellation of current release operation.",
			Options:  []Option{{Name: "releaseName", Help: "the name of the release to cancel", Required: true, Values: Releases}},
			Examples: []string{"release cancel hello"},
			Run:      cancelRelease,
		},
		logsCommand(),
		scaleCommand(),
	}
}

func listReleases(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	found, err := server.Releases(ctx, c.Text("releaseName"))
	if err != nil {
		return err
	}
	r := Result{Data: found}
	list := Table{Header: []string{
		"Name", "Version", "Last updated", "Status", "Package Name", "Package Version", "Platform Name", "Platform Status",
	}}
	for _, release := range found {
		if !slices.Contains(r.Names, release.Name) {
			r.Names = append(r.Names, release.Name)
		}
		p := release.Package.Metadata
		list.Rows = append(list.Rows, []string{
			release.Name, strconv.Itoa(release.Version), c.date(release.Info.LastDeployed), string(release.Info.Status.Code),
			p.Name, p.Version, release.PlatformName, platformStatus(release.Info.Status),
		})
	}
	r.Tables = []Table{list}
	return c.Show(r)
}

func releaseHistory(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	found, err := server.History(ctx, c.Text("releaseName"))
	if err != nil {
		return err
	}
	r := Result{Data: found}
	list := Table{Header: []string{"Version", "Last updated", "Status", "Package Name", "Package Version", "Description"}}
	for _, release := range found {
		r.Names = append(r.Names, strconv.Itoa(release.Version))
		p := release.Package.Metadata
		list.Rows = append(list.Rows, []string{
			strconv.Itoa(release.Version), c.date(release.Info.LastDeployed), string(release.Info.Status.Code),
			p.Name, p.Version, release.Info.Description,
		})
	}
	r.Tables = []Table{list}
	return c.Show(r)
}

// releaseStatus tells that a release is not there as a result, as the reference does: that is no failure.
func releaseStatus(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	version, err := c.version("releaseVersion")
	if err != nil {
		return err
	}
	name := c.Text("releaseName")
	info, err := server.Status(ctx, name, version)
	if missing, ok := errors.AsType[*client.ReleaseNotFoundError](err); ok {
		text := fmt.Sprintf("Release with name '%s' not found", missing.Name)
		return c.Show(Result{Text: text, Data: map[string]any{"name": name, "found": false, "message": text}})
	}
	if err != nil {
		return err
	}
	return c.Show(Result{
		Tables: []Table{{Rows: [][]string{
			{"Last Deployed", c.date(info.FirstDeployed)},
			{"Status", string(info.Status.Code)},
			{"Platform Status", statusText(info.Status)},
		}}},
		Names: []string{string(info.Status.Code)},
		Data:  info,
	})
}

func cancelRelease(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	name := c.Text("releaseName")
	accepted, err := server.Cancel(ctx, name)
	if err != nil {
		return err
	}
	if !accepted {
		return tellf("Cancel request for release %s not accepted", name)
	}
	return c.Show(Result{
		Text: fmt.Sprintf("Cancel request for release %s sent", name), Data: map[string]any{"name": name, "accepted": true},
	})
}

func (c *Call) date(t client.Time) string { return javaDate(t.Time, c.Shell.zone) }
