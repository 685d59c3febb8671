package shell

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"purser"
	"purser/client"
)

func showPackageCommand() *Command {
	return &Command{
		Name: "package show", Group: groupPackage, Summary: "Show what is in a package.",
		Details: "Metadata, values, templates, the readme and the dependencies; the latest version unless one is named.",
		Options: []Option{
			{Name: "packageName", Help: "the name of the package", Required: true, Values: Packages},
			{Name: "packageVersion", Help: "its version, if not specified the latest", Values: PackageVersions},
			{Name: "repoName", Help: "the repository, if not specified any", Named: true, Values: Repositories},
		},
		Examples: []string{"package show log", "package show log 1.0.0 -o yaml"},
		Run:      showPackage,
	}
}

func showPackage(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	found, err := findPackage(ctx, server, c.Text("packageName"), c.Text("packageVersion"), c.Text("repoName"))
	if err != nil {
		return err
	}
	content, err := server.PackageContent(ctx, found.ID)
	if _, ok := errors.AsType[*client.UnsupportedError](err); ok {
		content, err = client.PackageContent{PackageMetadata: found}, nil
	}
	if err != nil {
		return err
	}
	text := strings.TrimSuffix(metadataTable(content.PackageMetadata).Render(c.Streams.columns())+contentText(content, ""), "\n")
	return c.Show(Result{Text: text, Names: []string{content.Name + ":" + content.Version}, Data: content})
}

// findPackage finds the metadata of a package by its whole name: that version, or the latest.
func findPackage(ctx context.Context, server *client.Client, name, version, repository string) (client.PackageMetadata, error) {
	found, err := server.Packages(ctx, client.PackageFilter{Name: name})
	if err != nil {
		return client.PackageMetadata{}, err
	}
	found = slices.DeleteFunc(found, func(p client.PackageMetadata) bool {
		return p.Name != name || (version != "" && p.Version != version) || (repository != "" && p.RepositoryName != repository)
	})
	if len(found) == 0 {
		if version != "" {
			return client.PackageMetadata{}, tellf("Can not find package '%s', version '%s'", name, version)
		}
		return client.PackageMetadata{}, tellf("Can not find a package named '%s'", name)
	}
	return slices.MaxFunc(found, func(a, b client.PackageMetadata) int { return purser.CompareVersions(a.Version, b.Version) }), nil
}

// contentText lists the files of a package, each below its path.
func contentText(p client.PackageContent, folder string) string {
	var b strings.Builder
	part := func(name, text string) {
		fmt.Fprintf(&b, "\n--- %s%s\n%s\n", folder, name, strings.TrimSuffix(text, "\n"))
	}
	if p.Values != nil {
		part("values.yml", *p.Values)
	}
	for _, t := range p.Templates {
		part("templates/"+t.Name, t.Text)
	}
	if p.Readme != nil {
		part("README", *p.Readme)
	}
	for _, d := range p.Dependencies {
		b.WriteString(contentText(d, folder+"packages/"+d.Name+"/"))
	}
	return b.String()
}
