package templates

import (
	"fmt"

	"purser"
)

// applicationKind reads the documents of one kind. A new kind is one such value, in a file of its own, and a line in
// the table.
type applicationKind struct {
	family string // kinds of one family can stand in one manifest
	// check refuses a document that lacks what every document of the kind has.
	check func(doc *value) error
	// read makes an application of a checked document. errShape when a part has another shape than the kind needs.
	read func(doc *value) (purser.AppSpec, error)
}

// kinds is the table of the kinds that are known.
var kinds = map[string]applicationKind{
	purser.KindSpringCloudDeployer: deployerKind,
	purser.KindSpringBootApp:       deployerKind,
	purser.KindCloudFoundry:        cloudFoundryKind,
}

// errShape tells that a part of a document has another shape than its kind needs.
var errShape = fmt.Errorf("a part of the manifest has the wrong shape")

// kindOf gives the kind that a document names, "" when it names none.
func kindOf(doc *value) string {
	if doc.kind != kindMap {
		return ""
	}
	if k := doc.entries.get("kind"); k != nil && k.kind != kindNull {
		return k.javaText()
	}
	return ""
}

// checkShape refuses a document of a known kind that lacks what the kind must have.
func checkShape(doc *value) error {
	k, ok := kinds[kindOf(doc)]
	if !ok {
		return nil
	}
	return k.check(doc)
}

// readHead reads what documents of all kinds have in the same place, and gives their spec.
func readHead(doc *value) (s purser.AppSpec, spec *value, err error) {
	spec = doc.entries.get("spec")
	if spec.kind != kindMap {
		return s, nil, errShape
	}
	if s.Metadata, err = textMap(doc, "metadata"); err != nil {
		return s, nil, err
	}
	if s.APIVersion, _, err = textOfField(doc, "apiVersion"); err != nil {
		return s, nil, err
	}
	s.Version, _, err = textOfField(spec, "version")
	return s, spec, err
}

// textOfField gives a field that must be text; "" and false when it is absent or null.
func textOfField(m *value, name string) (s string, there bool, err error) {
	v := m.entries.get(name)
	switch {
	case v == nil || v.kind == kindNull:
		return "", false, nil
	case v.isCollection():
		return "", false, errShape
	default:
		return fieldText(v), true, nil
	}
}

// fieldText is a scalar of a manifest as applications and platforms get it: dates as they stand there.
func fieldText(v *value) string { return v.text }

// textMap gives a map of text. Entries that are null are left out, as is the whole map when it is absent.
func textMap(m *value, name string) (map[string]string, error) {
	v := m.entries.get(name)
	if v == nil || v.kind == kindNull {
		return map[string]string{}, nil
	}
	if v.kind != kindMap {
		return nil, errShape
	}
	out := make(map[string]string, len(v.entries.entries))
	for _, e := range v.entries.entries {
		switch {
		case e.value.isCollection() || e.key.isCollection():
			return nil, errShape
		case e.value.kind != kindNull:
			out[e.key.text] = fieldText(e.value)
		}
	}
	return out, nil
}
