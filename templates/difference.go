package templates

import (
	"encoding/json"
	"fmt"
	"strings"

	"purser"
)

// sectionTitles names the parts of an application for people.
var sectionTitles = map[string]string{
	"manifest": "Manifest", "metadata": "Metadata", "spec": "Spec",
	"applicationProperties": "Application properties", "deploymentProperties": "Deployment properties",
}

// DifferenceText writes a difference for people, in the reference's words: entries that differ as k=(old, new), entries
// of one side alone as k=(value). Equal entries are not part of a Difference.
func DifferenceText(d purser.Difference) string {
	if d.Empty() {
		return "No differences\n"
	}
	var b strings.Builder
	for i, a := range d.Apps {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "Application %s", a.Name)
		switch {
		case a.Added:
			b.WriteString(" (only in replacing release)")
		case a.Removed:
			b.WriteString(" (only in existing release)")
		}
		b.WriteByte('\n')
		for _, s := range sections {
			writeSection(&b, s, a.Properties)
		}
	}
	return b.String()
}

func writeSection(b *strings.Builder, name string, properties []purser.PropertyDifference) {
	var differing, existing, replacing []string
	for _, p := range properties {
		switch {
		case p.Section != name:
		case p.Old != nil && p.New != nil:
			differing = append(differing, fmt.Sprintf("%s=(%s, %s)", p.Name, *p.Old, *p.New))
		case p.Old != nil:
			existing = append(existing, fmt.Sprintf("%s=(%s)", p.Name, *p.Old))
		case p.New != nil:
			replacing = append(replacing, fmt.Sprintf("%s=(%s)", p.Name, *p.New))
		}
	}
	if len(differing)+len(existing)+len(replacing) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s\n", sectionTitles[name])
	for _, group := range []struct {
		title string
		lines []string
	}{
		{"Entries Differing", differing},
		{"Entries only in existing app", existing},
		{"Entries only in replacing app", replacing},
	} {
		if len(group.lines) == 0 {
			continue
		}
		fmt.Fprintf(b, "    %s\n", group.title)
		for _, l := range group.lines {
			fmt.Fprintf(b, "      %s\n", l)
		}
	}
}

// wireDifference is a Difference in JSON: per application the parts that differ, each with what was added and removed
// and with the old and new values of what was changed.
type wireDifference struct {
	Different    bool              `json:"different"`
	Applications []wireApplication `json:"applications"`
}

type wireApplication struct {
	Name   string                 `json:"name"`
	Change string                 `json:"change"` // added, removed or changed
	Parts  map[string]wireSection `json:"parts"`
}

type wireSection struct {
	Added   map[string]string     `json:"added,omitempty"`
	Removed map[string]string     `json:"removed,omitempty"`
	Changed map[string]wireChange `json:"changed,omitempty"`
}

type wireChange struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// DifferenceJSON writes a difference as JSON. Names are sorted.
func DifferenceJSON(d purser.Difference) ([]byte, error) {
	w := wireDifference{Different: !d.Empty(), Applications: []wireApplication{}}
	for _, a := range d.Apps {
		app := wireApplication{Name: a.Name, Change: "changed", Parts: map[string]wireSection{}}
		switch {
		case a.Added:
			app.Change = "added"
		case a.Removed:
			app.Change = "removed"
		}
		for _, p := range a.Properties {
			app.Parts[p.Section] = app.Parts[p.Section].with(p)
		}
		w.Applications = append(w.Applications, app)
	}
	return json.Marshal(w)
}

func (s wireSection) with(p purser.PropertyDifference) wireSection {
	switch {
	case p.Old != nil && p.New != nil:
		if s.Changed == nil {
			s.Changed = map[string]wireChange{}
		}
		s.Changed[p.Name] = wireChange{*p.Old, *p.New}
	case p.Old != nil:
		if s.Removed == nil {
			s.Removed = map[string]string{}
		}
		s.Removed[p.Name] = *p.Old
	case p.New != nil:
		if s.Added == nil {
			s.Added = map[string]string{}
		}
		s.Added[p.Name] = *p.New
	}
	return s
}
