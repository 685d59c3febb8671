package release

import (
	"fmt"
	"strings"

	"purser"
)

// changeLog is the difference between two versions as text, a line for each thing that changes; "" when nothing does.
func (e *Engine) changeLog(before, after purser.Release) string {
	var b strings.Builder
	old, now := before.Package.Metadata, after.Package.Metadata
	if old.Name != now.Name || old.Version != now.Version {
		fmt.Fprintf(&b, "package %s %s -> %s %s\n", old.Name, old.Version, now.Name, now.Version)
	}
	if before.Platform != after.Platform {
		fmt.Fprintf(&b, "platform %s -> %s\n", before.Platform, after.Platform)
	}
	difference, err := e.Renderer.Compare(before, after)
	if err != nil {
		fmt.Fprintf(&b, "the manifests cannot be compared: %s\n", causeOf(err))
	}
	for _, app := range difference.Apps {
		switch {
		case app.Added:
			fmt.Fprintf(&b, "+ application %s\n", app.Name)
		case app.Removed:
			fmt.Fprintf(&b, "- application %s\n", app.Name)
		default:
			fmt.Fprintf(&b, "application %s\n", app.Name)
			for _, p := range app.Properties {
				b.WriteString(propertyChange(p))
			}
		}
	}
	return b.String()
}

func propertyChange(p purser.PropertyDifference) string {
	name := p.Section + " " + p.Name
	switch {
	case p.Old == nil && p.New == nil:
		return ""
	case p.Old == nil:
		return fmt.Sprintf("  + %s: %s\n", name, *p.New)
	case p.New == nil:
		return fmt.Sprintf("  - %s: %s\n", name, *p.Old)
	default:
		return fmt.Sprintf("  %s: %s -> %s\n", name, *p.Old, *p.New)
	}
}
