package authoring

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"purser/shell"
	"purser/templates"
)

// group is where `help` lists the commands.
const group = "Package Commands"

// Commands gives the commands `package create`, `package lint` and `package build`.
func Commands() []*shell.Command {
	path := shell.Option{Name: "path", Kind: shell.File, Help: "the folder of the package", Required: true, Values: shell.Files}
	return []*shell.Command{
		{
			Name: "package create", Group: group, Summary: "Make the folder of a new package.",
			Details:  "It holds a package.yml, values, a template and a README, and can be built, uploaded and installed as it is. Nothing is ever overwritten.",
			Examples: []string{"package create billing", "package create billing --folder packages"},
			Options: []shell.Option{
				{Name: "name", Help: "the name of the package", Required: true},
				{Name: "folder", Kind: shell.File, Help: "the folder to make it in", Default: ".", Values: shell.Folders},
			},
			Run: create,
		},
		{
			Name: "package lint", Group: group, Summary: "Check the package of a folder or a zip file.",
			Details: "Structure, metadata, values, templates and what they render to are checked by the server's own rules, without a server. " +
				"All that is wrong is listed by file and line. Errors are what a server refuses; the exit code is 1 when there are any, with --strict also for warnings.",
			Examples: []string{"package lint billing", "package lint billing-1.0.0.zip --properties spec.version=1.0.1"},
			Options: []shell.Option{
				withHelp(path, "the folder or zip file of the package"),
				{Name: "file", Kind: shell.File, Help: "a YAML file of override values to render with", Values: shell.Files},
				{Name: "properties", Help: "override values to render with: a=b,c.d=e; they are laid over those of --file"},
				{Name: "strict", Kind: shell.Flag, Help: "warnings count as errors"},
			},
			Run: lint,
		},
		{
			Name: "package build", Group: group, Summary: "Pack the folder of a package into a zip file.",
			Details: "The file is called name-version.zip. The same files always give the same bytes. A package that `package lint` finds errors in is not packed, unless forced.",
			Examples: []string{
				"package build billing", "package build billing --output-file dist/billing-1.0.0.zip",
			},
			Options: []shell.Option{
				path,
				{Name: "outputFile", Kind: shell.File, Help: "the zip file to write, or the folder to write it to", Values: shell.Files},
				{Name: "force", Kind: shell.Flag, Help: "build it whatever is wrong with it"},
			},
			Run: build,
		},
	}
}

func withHelp(o shell.Option, help string) shell.Option {
	o.Help = help
	return o
}

func create(_ context.Context, c *shell.Call) error {
	name := c.Text("name")
	files, err := Create(c.Text("folder"), name)
	if err != nil {
		return err
	}
	root := filepath.Join(c.Text("folder"), name)
	return c.Show(shell.Result{
		Text:  fmt.Sprintf("Created package %s:\n  %s", root, strings.Join(files, "\n  ")),
		Names: []string{root},
		Data:  map[string]any{"name": name, "folder": root, "files": files},
	})
}

func lint(_ context.Context, c *shell.Call) error {
	o, err := overrides(c.Text("file"), c.Text("properties"))
	if err != nil {
		return err
	}
	findings, err := Lint(c.Text("path"), o)
	if err != nil {
		return err
	}
	if err := c.Show(report(findings)); err != nil {
		return err
	}
	failures, warnings := Count(findings)
	if failures > 0 || c.Flag("strict") && warnings > 0 {
		return fmt.Errorf("%s has %s", c.Text("path"), summary(findings))
	}
	if len(findings) > 0 {
		return c.Print("%s can be uploaded and installed; it has %s", c.Text("path"), summary(findings))
	}
	return c.Print("%s is in order", c.Text("path"))
}

// overrides reads the values of --file and those of --properties, which are laid over them.
func overrides(file, properties string) (LintOptions, error) {
	var o LintOptions
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return o, unreadable(file, err)
		}
		text := string(data)
		o = LintOptions{Values: &text, ValuesFile: file}
	}
	over, err := templates.PropertiesYAML(templates.ParseProperties(properties))
	if err != nil || over == "" {
		return o, err
	}
	if o.Values == nil {
		return LintOptions{Values: &over}, nil
	}
	merged, err := templates.New().MergeValues(o.Values, &over)
	if err != nil {
		return o, fmt.Errorf("%s: %w", file, err)
	}
	return LintOptions{Values: merged}, nil
}

// report is the findings in all forms of output.
func report(findings []Finding) shell.Result {
	failures, warnings := Count(findings)
	lines := make([]string, len(findings))
	for i, f := range findings {
		lines[i] = f.String()
	}
	if findings == nil {
		findings = []Finding{}
	}
	return shell.Result{
		Text:  strings.Join(lines, "\n"),
		Names: lines,
		Data:  map[string]any{"errors": failures, "warnings": warnings, "findings": findings},
	}
}

func summary(findings []Finding) string {
	failures, warnings := Count(findings)
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{failures, "error"}, {warnings, "warning"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.word)
		case p.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", p.n, p.word))
		}
	}
	return strings.Join(parts, " and ")
}

func build(_ context.Context, c *shell.Call) error {
	path := c.Text("path")
	if !c.Flag("force") {
		findings, err := Lint(path, LintOptions{})
		if err != nil {
			return err
		}
		if failures, _ := Count(findings); failures > 0 {
			if err := c.Show(report(findings)); err != nil {
				return err
			}
			return fmt.Errorf("%s has %s and was not built; --force builds it all the same", path, summary(findings))
		}
	}
	file, err := Build(path, c.Text("outputFile"))
	if err != nil {
		return err
	}
	return c.Show(shell.Result{
		Text:  "Built " + file,
		Names: []string{file},
		Data:  map[string]any{"file": file},
	})
}
