package templates

import (
	"maps"
	"slices"
	"strings"

	"purser"
)

// Compare implements purser.Renderer. Packages with dependencies are comparable when they have equally many of them, no
// templates of their own, and every application has a counterpart; the refusals have CodeConflict and the reference's
// texts (spec/packages.md §5.7). Of other packages applications may come and go, and where nothing was all of them come.
func (r *Renderer) Compare(existing, replacing purser.Release) (purser.Difference, error) {
	var d purser.Difference
	if existing.Manifest == "" {
		return r.compareWithNone(replacing)
	}
	dependencies := len(existing.Package.Dependencies)
	if dependencies != len(replacing.Package.Dependencies) {
		return d, purser.Errorf(purser.CodeConflict, "Can not yet compare existing package and to be released packages with different sizes.")
	}
	if dependencies > 0 && len(existing.Package.Templates)+len(replacing.Package.Templates) > 0 {
		return d, purser.Errorf(purser.CodeConflict, "Can not yet compare package with top level templates and dependencies")
	}
	before, err := r.Applications(existing.Manifest)
	if err != nil {
		return d, err
	}
	after, err := r.Applications(replacing.Manifest)
	if err != nil {
		return d, err
	}
	pairs := pair(before, after)
	for _, p := range pairs {
		if dependencies > 0 && p.after == nil {
			return d, purser.Errorf(purser.CodeConflict, "Did not find existing application name [%s] in list of replacing applications [%s].",
				p.name, strings.Join(names(after), ","))
		}
	}
	return differenceOf(pairs), nil
}

// compareWithNone tells what a first version brings: all of it.
func (r *Renderer) compareWithNone(replacing purser.Release) (purser.Difference, error) {
	after, err := r.Applications(replacing.Manifest)
	return differenceOf(pair(nil, after)), err
}

func differenceOf(pairs []counterparts) (d purser.Difference) {
	for _, p := range pairs {
		properties := p.differences()
		if len(properties) == 0 && p.before != nil && p.after != nil {
			continue
		}
		d.Apps = append(d.Apps, purser.AppDifference{
			Name: p.name, Added: p.before == nil, Removed: p.after == nil, Properties: properties,
		})
	}
	slices.SortStableFunc(d.Apps, func(a, b purser.AppDifference) int { return strings.Compare(a.Name, b.Name) })
	return d
}

func names(specs []purser.AppSpec) []string {
	all := make([]string, 0, len(specs))
	for _, s := range specs {
		all = append(all, s.Name)
	}
	return all
}

// counterparts are two applications of one name; nil stands for none.
type counterparts struct {
	name          string
	before, after *purser.AppSpec
}

// pair brings applications of one name together, the first with the first.
func pair(before, after []purser.AppSpec) []counterparts {
	var pairs []counterparts
	taken := make([]bool, len(after))
	for i := range before {
		p := counterparts{name: before[i].Name, before: &before[i]}
		for j := range after {
			if !taken[j] && after[j].Name == p.name {
				p.after, taken[j] = &after[j], true
				break
			}
		}
		pairs = append(pairs, p)
	}
	for j := range after {
		if !taken[j] {
			pairs = append(pairs, counterparts{name: after[j].Name, after: &after[j]})
		}
	}
	return pairs
}

// sections are the parts of an application that are compared, in the order in which they are listed.
var sections = []string{"manifest", "metadata", "spec", "applicationProperties", "deploymentProperties"}

// section gives the properties of one part. What is empty in the manifest and in the spec counts as absent, and so does
// the number of instances.
func section(s *purser.AppSpec, name string) map[string]string {
	if s == nil {
		return nil
	}
	switch name {
	case "manifest":
		return filled("apiVersion", s.APIVersion, "kind", s.Kind)
	case "metadata":
		return s.Metadata
	case "spec":
		return filled("resource", s.Resource, "version", s.Version)
	case "applicationProperties":
		return s.Properties
	default:
		properties := maps.Clone(s.DeploymentProperties)
		delete(properties, countProperty)
		return properties
	}
}

func filled(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		if v := strings.TrimSpace(pairs[i+1]); v != "" {
			m[pairs[i]] = v
		}
	}
	return m
}

func (c counterparts) differences() []purser.PropertyDifference {
	var out []purser.PropertyDifference
	for _, s := range sections {
		before, after := section(c.before, s), section(c.after, s)
		keys := slices.Sorted(maps.Keys(before))
		for k := range after {
			if _, ok := before[k]; !ok {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range keys {
			old, was := before[k]
			now, is := after[k]
			if was && is && old == now {
				continue
			}
			out = append(out, purser.PropertyDifference{Section: s, Name: k, Old: optional(old, was), New: optional(now, is)})
		}
	}
	return out
}

func optional(s string, there bool) *string {
	if !there {
		return nil
	}
	return &s
}
