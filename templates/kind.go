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
	// read makes an application of a checked document. What is wrong with it goes to the reader.
	read func(r *reader) purser.AppSpec
}

// kinds is the table of the kinds that are known.
var kinds = map[string]applicationKind{
	purser.KindSpringCloudDeployer: deployerKind,
	purser.KindSpringBootApp:       deployerKind,
	purser.KindCloudFoundry:        cloudFoundryKind,
}

// shapeError is a part of a document that has another shape than its kind needs.
type shapeError struct {
	line int
	part string // its path
	got  *value
	want string
}

// Error implements error.
func (e *shapeError) Error() string {
	if e.got == nil {
		return fmt.Sprintf("%s is missing; it must be %s", e.part, e.want)
	}
	return fmt.Sprintf("%s is %s; it must be %s", e.part, e.got.noun(), e.want)
}

// reader reads a document and keeps what is wrong with it, in the order in which it is met.
type reader struct {
	doc    *value
	faults []error
}

func (r *reader) shape(part string, got *value, want string) {
	e := &shapeError{line: r.doc.line, part: part, got: got, want: want}
	if got != nil && got.line > 0 {
		e.line = got.line
	}
	r.faults = append(r.faults, e)
}

func (r *reader) fail(err error) { r.faults = append(r.faults, err) }

// readDocument makes an application of a document of a known kind. The faults come in the order in which they are met.
func readDocument(doc *value) (purser.AppSpec, []error) {
	k := kinds[kindOf(doc)]
	if err := k.check(doc); err != nil {
		return purser.AppSpec{}, []error{err}
	}
	r := reader{doc: doc}
	s := k.read(&r)
	s.Kind = kindOf(doc)
	return s, r.faults
}

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

// head reads what documents of all kinds have in the same place, and gives their spec; nil when it is no map.
func (r *reader) head() (s purser.AppSpec, spec *value) {
	spec = r.doc.entries.get("spec")
	if spec.kind != kindMap {
		r.shape("spec", spec, "a map")
		return s, nil
	}
	s.Metadata = r.textMap(r.doc, "", "metadata")
	s.APIVersion, _ = r.text(r.doc, "", "apiVersion")
	s.Version, _ = r.text(spec, "spec.", "version")
	return s, spec
}

// text gives a field that must be text; "" and false when it is absent or null. Path is that of the map.
func (r *reader) text(m *value, path, name string) (text string, there bool) {
	v := m.entries.get(name)
	switch {
	case v == nil || v.kind == kindNull:
		return "", false
	case v.isCollection():
		r.shape(path+name, v, "text")
		return "", false
	default:
		return fieldText(v), true
	}
}

// fieldText is a scalar of a manifest as applications and platforms get it: dates as they stand there.
func fieldText(v *value) string { return v.text }

// textMap gives a map of text. Entries that are null are left out, as is the whole map when it is absent.
func (r *reader) textMap(m *value, path, name string) map[string]string {
	v := m.entries.get(name)
	if v == nil || v.kind == kindNull {
		return map[string]string{}
	}
	if v.kind != kindMap {
		r.shape(path+name, v, "a map")
		return map[string]string{}
	}
	out := make(map[string]string, len(v.entries.entries))
	for _, e := range v.entries.entries {
		switch {
		case e.key.isCollection():
			r.shape("a key of "+path+name, e.key, "text")
		case e.value.isCollection():
			r.shape(path+name+"."+e.key.javaText(), e.value, "text")
		case e.value.kind != kindNull:
			out[e.key.text] = fieldText(e.value)
		}
	}
	return out
}
