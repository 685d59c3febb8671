package templates

import (
	"fmt"
	"strings"

	"purser"
)

// Names of the layers of values, for errors.
const (
	overrideLayer = "override values"
	earlierLayer  = "values of the earlier version"
)

func packageLayer(p purser.Package) string { return "package values of " + p.Metadata.Name }

// isBlankText tells whether a text is nil or blank, and so gives no values.
func isBlankText(s *string) bool { return s == nil || strings.TrimSpace(*s) == "" }

// overrideValues reads override values; nil when there are none: they are blank, or hold comments, a marker or null alone.
func overrideValues(text *string, layer string) (*value, error) {
	v, err := singleDocument(text, layer)
	if err != nil {
		return nil, err
	}
	switch v.kind {
	case kindNull:
		return nil, nil
	case kindMap:
		return v, nil
	default:
		return nil, purser.Errorf(purser.CodeInvalid, "Was expecting override values to produce a Map, instead got class = class %s"+
			"overrideValues.getRaw() = %s", v.javaClass(), *text)
	}
}

// packageValues reads the values of a package.
func packageValues(p purser.Package) (*value, error) {
	v, err := singleDocument(p.Values, packageLayer(p))
	if err != nil {
		return nil, err
	}
	switch v.kind {
	case kindNull:
		return newMap(mapping{}), nil
	case kindMap:
		return v, nil
	default:
		return nil, purser.Errorf(purser.CodeInvalid, "Config Values that are not a map are not yet supported.")
	}
}

// singleDocument reads a text of at most one document; nothing is null.
func singleDocument(text *string, layer string) (*value, error) {
	if isBlankText(text) {
		return null, nil
	}
	docs, err := readDocuments(*text)
	switch {
	case err != nil:
		return nil, layerError(layer, err)
	case len(docs) == 0:
		return null, nil
	case len(docs) > 1:
		return nil, purser.Errorf(purser.CodeInvalid, "%s: there are %d YAML documents, only one is possible", layer, len(docs))
	}
	return docs[0], nil
}

func layerError(layer string, err error) error {
	return &purser.Error{Code: purser.CodeInvalid, Message: fmt.Sprintf("%s, %s", layer, err), Err: err}
}

// layered is the outcome of laying values over each other.
type layered struct {
	values  *value
	dropped map[string]string // keys of the root that are not in values though they were given, with the reason
	bytes   int               // of everything that a manifest is made of
}

// layerValues gives the values that the root templates of a package see (spec/packages.md §2.3, §2.4).
func layerValues(p purser.Package, override *string) (layered, error) {
	over, err := overrideValues(override, overrideLayer)
	if err != nil {
		return layered{}, err
	}
	if over == nil {
		over = newMap(mapping{})
	}
	own, err := packageValues(p)
	if err != nil {
		return layered{}, err
	}
	if err := checkKeys(own, packageLayer(p)); err != nil {
		return layered{}, err
	}
	if err := checkKeys(over, overrideLayer); err != nil {
		return layered{}, err
	}
	if len(p.Dependencies) == 0 {
		return layered{values: deepMerge(own, over)}, nil
	}
	return layerDependencies(p, own, over)
}

// layerDependencies gives each dependency its own values under its name, then those that the parent and the override
// have for it. Of the rest only what is no map, and has its key in the parent's values, stays.
func layerDependencies(p purser.Package, own, over *value) (layered, error) {
	out := layered{dropped: map[string]string{}}
	var kept mapping
	children := map[string]bool{}
	for _, d := range p.Dependencies {
		children[d.Metadata.Name] = true
	}
	merged := deepMerge(own, over)
	for _, e := range merged.entries.sorted() {
		name := e.key.text
		switch {
		case children[name]:
		case e.value.kind == kindMap:
			out.dropped[name] = "packages with dependencies lose values that are maps, unless they are named like a dependency"
		case own.entries.get(name) == nil:
			out.dropped[name] = "packages with dependencies take no override of a key that their own values do not have"
		default:
			kept.put(e.key, e.value)
		}
	}
	for _, d := range p.Dependencies {
		name := d.Metadata.Name
		v, err := dependencyValues(d, own.entries.get(name), over.entries.get(name), packageLayer(p))
		if err != nil {
			return layered{}, err
		}
		kept.put(newText(name), v)
	}
	out.values = newMap(mapping{})
	for _, e := range kept.sorted() {
		out.values.entries.put(e.key, e.value)
	}
	out.values.weigh()
	return out, nil
}

// dependencyValues lays what the parent and the override have for a dependency over its own values. Those that are meant
// for dependencies of its own are not used.
func dependencyValues(d purser.Package, parent, over *value, parentLayer string) (*value, error) {
	v, err := packageValues(d)
	if err != nil {
		return nil, err
	}
	if err := checkKeys(v, packageLayer(d)); err != nil {
		return nil, err
	}
	if len(d.Dependencies) > 0 {
		v = withoutMaps(v, d.Dependencies)
	}
	for _, layer := range []struct {
		name   string
		values *value
	}{{parentLayer, parent}, {overrideLayer, over}} {
		switch {
		case layer.values == nil, layer.values.kind == kindNull:
		case layer.values.kind != kindMap:
			e := yamlError{
				line: layer.values.line, column: layer.values.column, key: d.Metadata.Name,
				problem: fmt.Sprintf("this is the name of a dependency, so it must be a map of values for it, not %s", layer.values.noun()),
			}
			return nil, layerError(layer.name, &e)
		default:
			v = deepMerge(v, layer.values)
		}
	}
	return v, nil
}

// withoutMaps leaves out the maps that are named like one of the packages.
func withoutMaps(v *value, named []purser.Package) *value {
	var out mapping
	for _, e := range v.entries.entries {
		drop := false
		for _, p := range named {
			drop = drop || e.value.kind == kindMap && e.key.text == p.Metadata.Name
		}
		if !drop {
			out.put(e.key, e.value)
		}
	}
	return newMap(out)
}

// checkKeys refuses keys that are no text, in maps at every depth; in maps inside of lists they are possible.
func checkKeys(v *value, layer string) error {
	if e := badKey(v, nil, map[*value]bool{}); e != nil {
		return layerError(layer, e)
	}
	return nil
}

func badKey(v *value, path []string, seen map[*value]bool) *yamlError {
	if v.kind != kindMap || seen[v] {
		return nil
	}
	seen[v] = true
	for _, e := range v.entries.entries {
		if e.key.kind != kindText {
			return &yamlError{
				line: e.key.line, column: e.key.column, key: strings.Join(append(path, e.key.javaText()), "."),
				problem: fmt.Sprintf("the key is %s; put it in quotes, only text can be a key", e.key.noun()),
			}
		}
		if err := badKey(e.value, append(path, e.key.text), seen); err != nil {
			return err
		}
	}
	return nil
}
