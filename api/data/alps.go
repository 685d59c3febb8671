package data

import "purser/api/hal"

// descriptor is one entry of a profile in the format of application/alps+json (spec/rest.md §2.26). Members that are
// empty are left out.
type descriptor struct {
	id, href, name, kind string
	doc                  string
	nested               []descriptor
	returns              string
}

// Kinds of descriptors.
const (
	alpsSemantic   = "SEMANTIC"   // a property or a parameter
	alpsSafe       = "SAFE"       // a read
	alpsIdempotent = "IDEMPOTENT" // a write that may be repeated
	alpsUnsafe     = "UNSAFE"     // any other write
)

// AppendFields implements hal.Fields.
func (d descriptor) AppendFields(w *hal.Writer) {
	for _, m := range []struct{ key, value string }{
		{"id", d.id}, {"href", d.href}, {"name", d.name}, {"type", d.kind},
	} {
		if m.value != "" {
			w.Key(m.key)
			w.String(m.value)
		}
	}
	if d.doc != "" {
		w.Key("doc")
		w.Object(hal.Members{{Key: "format", Value: "TEXT"}, {Key: "value", Value: d.doc}})
	}
	if len(d.nested) > 0 {
		w.Key("descriptor")
		appendDescriptors(w, d.nested)
	}
	if d.returns != "" {
		w.Key("rt")
		w.String(d.returns)
	}
}

func appendDescriptors(w *hal.Writer, list []descriptor) {
	w.BeginArray()
	for _, d := range list {
		w.Object(d)
	}
	w.EndArray()
}

// alps gives the profile of the resource; href is the address of the profile.
func (x resource) alps(href string) hal.Fields {
	descriptors := x.descriptors(href)
	return hal.Members{{Key: "alps", Value: hal.FieldsFunc(func(w *hal.Writer) {
		w.Key("version")
		w.String("1.0")
		w.Key("descriptor")
		appendDescriptors(w, descriptors)
	})}}
}

// descriptors lists the representation, then what can be done, then the searches. Where collection and item share a
// relation two entries share an id, as in the reference.
func (x resource) descriptors(href string) []descriptor {
	representation := x.item + "-representation"
	list := []descriptor{{id: representation, href: href, nested: semantics(x.propertyNames())}}
	add := func(verb, kind, relation string, parameters []descriptor) {
		list = append(list, descriptor{
			id: verb + "-" + relation, name: relation, kind: kind, nested: parameters, returns: "#" + representation,
		})
	}
	if x.writable() {
		add("create", alpsUnsafe, x.name, nil)
	}
	add("get", alpsSafe, x.name, append(pageParameters(), x.projectionParameter()...))
	add("get", alpsSafe, x.item, x.projectionParameter())
	if x.writable() {
		add("delete", alpsIdempotent, x.item, nil)
	}
	for _, s := range x.searches {
		list = append(list, descriptor{name: s.name, kind: alpsSafe, nested: semantics([]string{paramName})})
	}
	return list
}

func semantics(names []string) []descriptor {
	var list []descriptor
	for _, name := range names {
		list = append(list, descriptor{name: name, kind: alpsSemantic})
	}
	return list
}

func pageParameters() []descriptor {
	return []descriptor{
		{name: paramPage, kind: alpsSemantic, doc: "The number of the page, from 0."},
		{name: paramSize, kind: alpsSemantic, doc: "How many elements a page has."},
		{name: paramSort, kind: alpsSemantic, doc: "Properties to sort by, then asc or desc."},
	}
}

// projectionParameter describes the parameter that chooses a projection; none without projections.
func (x resource) projectionParameter() []descriptor {
	if x.summary == nil {
		return nil
	}
	return []descriptor{{
		name: paramProjection, kind: alpsSemantic,
		doc:    "Which projection of the elements is shown.",
		nested: []descriptor{{name: projectionSummary, kind: alpsSemantic, nested: semantics(x.summary)}},
	}}
}
