package templates

import (
	"maps"
	"slices"
	"strconv"

	"purser"
)

// countProperty is the deployment property with the number of instances.
const countProperty = "spring.cloud.deployer.count"

// count replaces the documents of the applications that have a number of instances asked for by ones that were rendered
// with it (spec/packages.md §5.8). The number goes through the values, so it shows only where templates pass deployment
// properties on.
func (r *Renderer) count(docs []*value, q purser.RenderRequest, layers layered) error {
	for _, n := range slices.Compact(slices.Sorted(maps.Values(q.Counts))) {
		counted := layers
		counted.values = withCount(layers.values, q.Package, n)
		others, err := r.documents(q.Package, counted)
		if err != nil {
			return err
		}
		if len(others) != len(docs) {
			continue // a template that makes documents of deployment properties
		}
		for i, d := range docs {
			if wanted, ok := q.Counts[applicationName(d)]; ok && wanted == n {
				docs[i] = others[i]
			}
		}
	}
	return nil
}

// applicationName gives metadata.name, "" without one.
func applicationName(doc *value) string {
	if doc.kind != kindMap {
		return ""
	}
	metadata := doc.entries.get("metadata")
	if metadata == nil || metadata.kind != kindMap {
		return ""
	}
	if name := metadata.entries.get("name"); name != nil {
		return name.javaText()
	}
	return ""
}

// withCount puts a number of instances into the values of a package and of all its dependencies. Values without a map of
// deployment properties stay as they are.
func withCount(values *value, p purser.Package, n int) *value {
	out := values.entries.clone()
	for _, d := range p.Dependencies {
		i := out.find(identity{kindText, d.Metadata.Name})
		if i >= 0 && out.entries[i].value.kind == kindMap {
			out.entries[i].value = withCount(out.entries[i].value, d, n)
		}
	}
	values = newMap(out)
	spec := values.entries.get("spec")
	if spec == nil || spec.kind != kindMap {
		return values
	}
	properties := spec.entries.get("deploymentProperties")
	if properties == nil || properties.kind != kindMap {
		return values
	}
	return deepMerge(values, single("spec", single("deploymentProperties", single(countProperty, newText(strconv.Itoa(n))))))
}

// single makes a map of one entry.
func single(key string, v *value) *value {
	var m mapping
	m.put(newText(key), v)
	return newMap(m)
}
