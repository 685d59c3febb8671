package templates

import (
	"errors"
	"slices"

	"purser"
)

// Applications implements purser.Renderer. Every document must be of a kind of one family: the reference accepts a mix
// and then deploys nothing (spec/packages.md §10).
func (r *Renderer) Applications(manifest string) ([]purser.AppSpec, error) {
	docs, err := readDocuments(manifest)
	if err != nil {
		return nil, purser.Errorf(purser.CodeInvalid, "the manifest, %s", err)
	}
	first := slices.IndexFunc(docs, func(d *value) bool { return kindOf(d) != "" })
	if first < 0 {
		return nil, errKind("null")
	}
	family, ok := kinds[kindOf(docs[first])]
	if !ok {
		return nil, errKind(kindOf(docs[first]))
	}
	for i, d := range docs {
		if err := checkDocument(d, i+1, family.family); err != nil {
			return nil, err
		}
	}
	specs := make([]purser.AppSpec, 0, len(docs))
	for _, d := range docs {
		s, faults := readDocument(d)
		if len(faults) > 0 {
			return nil, refusal(faults[0], manifest)
		}
		specs = append(specs, s)
	}
	return specs, nil
}

// refusal says in the reference's words that a part has the wrong shape.
func refusal(fault error, manifest string) error {
	if shape, ok := errors.AsType[*shapeError](fault); ok {
		return &purser.Error{Code: purser.CodeInvalid, Message: "JsonMappingException - Can't parse Package's manifest YAML = " + manifest, Err: shape}
	}
	return fault
}

func errKind(kind string) error {
	return purser.Errorf(purser.CodeInvalid, "No release manager available for '%s'", kind)
}

// checkDocument refuses a document that is no application of the family. They are counted from 1.
func checkDocument(d *value, number int, family string) error {
	switch k := kindOf(d); {
	case d.kind == kindNull:
		return purser.Errorf(purser.CodeInvalid, "Can't parse manifest, it is empty")
	case d.kind != kindMap:
		return purser.Errorf(purser.CodeInvalid, "Can't parse manifest, it is not a map.  Manifest = %s", d.javaText())
	case k == "":
		return purser.Errorf(purser.CodeInvalid, "Document %d of the manifest has no kind; every document must be an application", number)
	case kinds[k].family != family:
		return purser.Errorf(purser.CodeInvalid, "Document %d of the manifest is of the kind '%s', which cannot stand beside the others", number, k)
	}
	return nil
}
