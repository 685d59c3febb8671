package shell

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"purser/client"
)

func packageCommands() []*Command {
	return []*Command{
		{
			Name: "package search", Aliases: []string{"package list"}, Group: groupPackage, Summary: "Search for packages.",
			Options: []Option{
				{Name: "name", Help: "wildcard expression to search for the package name", Values: Packages},
				{Name: "details", Kind: Flag, Help: "boolean to set for more detailed package metadata"},
			},
			Examples: []string{"package list", "package search --name log --details"},
			Run:      searchPackages,
		},
		uploadCommand(),
		installCommand(),
		{
			Name: "package delete", Group: groupPackage, Summary: "Delete a package.",
			Options:  []Option{{Name: "packageName", Help: "the package name to be deleted", Required: true, Values: Packages}},
			Examples: []string{"package delete log"},
			Run:      deletePackage,
		},
		showPackageCommand(),
	}
}

func searchPackages(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	details := c.Flag("details")
	found, err := server.Packages(ctx, client.PackageFilter{Name: c.Text("name"), Summary: !details && c.output == formTable})
	if err != nil {
		return err
	}
	r := Result{Data: found}
	list := Table{Header: []string{"Name", "Version", "Description"}}
	for _, p := range found {
		r.Names = append(r.Names, p.Name+":"+p.Version)
		if details {
			r.Tables = append(r.Tables, metadataTable(p))
		}
		list.Rows = append(list.Rows, []string{p.Name, p.Version, p.Description})
	}
	if !details {
		r.Tables = []Table{list}
	}
	return c.Show(r)
}

// metadataTable has a row for each key of a package's metadata, in the reference's order.
func metadataTable(p client.PackageMetadata) Table {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return Table{Header: []string{"Name", "Value"}, Rows: [][]string{
		{"apiVersion", p.APIVersion},
		{"origin", p.Origin},
		{"repositoryId", number(p.RepositoryID)},
		{"repositoryName", p.RepositoryName},
		{"kind", p.Kind},
		{"name", p.Name},
		{"displayName", p.DisplayName},
		{"version", p.Version},
		{"packageSourceUrl", p.PackageSourceURL},
		{"packageHomeUrl", p.PackageHomeURL},
		{"tags", p.Tags},
		{"maintainer", p.Maintainer},
		{"description", p.Description},
		{"sha256", p.SHA256},
		{"iconUrl", p.IconURL},
	}}
}

// deletePackage tells a refusal of the server as a result, as the reference does: a package in use is no failure.
func deletePackage(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	name := c.Text("packageName")
	text := fmt.Sprintf("Deleted Package '%s'", name)
	deleted := true
	if err := server.DeletePackage(ctx, name); err != nil {
		used, ok := errors.AsType[*client.PackageDeleteError](err)
		if !ok {
			return err
		}
		text, deleted = used.Error(), false
	}
	return c.Show(Result{Text: text, Data: map[string]any{"name": name, "deleted": deleted, "message": text}})
}
