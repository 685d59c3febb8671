package shell

import (
	"fmt"
	"strings"

	"purser/client"
)

// differenceText writes a difference for people: a line with - for what was, one with + for what is. On a terminal they
// are red and green.
func differenceText(d client.Difference, terminal bool) string {
	if d.Empty || len(d.Applications) == 0 {
		return "No differences"
	}
	var b strings.Builder
	for _, a := range d.Applications {
		fmt.Fprintf(&b, "%s\n", colour(bold, fmt.Sprintf("Application %s (%s)", a.Name, a.Change), terminal))
		section := ""
		for _, p := range a.Properties {
			if p.Section != section {
				section = p.Section
				fmt.Fprintf(&b, "  %s\n", section)
			}
			side(&b, "-", p.Name, p.Old, red, terminal)
			side(&b, "+", p.Name, p.New, green, terminal)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func side(b *strings.Builder, sign, name string, value *string, code string, terminal bool) {
	if value == nil {
		return
	}
	lines := strings.Split(printable(*value), "\n")
	fmt.Fprintf(b, "    %s\n", colour(code, fmt.Sprintf("%s %s: %s", sign, name, lines[0]), terminal))
	for _, l := range lines[1:] {
		fmt.Fprintf(b, "    %s\n", colour(code, sign+"   "+l, terminal))
	}
}

func changedApplications(d client.Difference) []string {
	var names []string
	for _, a := range d.Applications {
		names = append(names, a.Name)
	}
	return names
}

// previewResult is what --dry-run answers.
func previewResult(verb string, p client.Preview, terminal bool) Result {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s would make version v%d of package %s:%s on platform %s. Nothing was changed.\n",
		verb, p.Name, p.Version, p.PackageName, p.PackageVersion, p.PlatformName)
	for _, a := range p.Applications {
		fmt.Fprintf(&b, "  %-7s %s (%s)\n", a.Action, a.Name, a.DeploymentID)
	}
	b.WriteString(differenceText(p.Difference, terminal))
	return Result{Text: b.String(), Names: changedApplications(p.Difference), Data: p}
}
