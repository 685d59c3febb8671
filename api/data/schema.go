package data

import (
	"strings"
	"unicode"

	"purser/api/hal"
)

// kind is the JSON type of a property.
type kind string

// The kinds.
const (
	kindText    kind = "string"
	kindNumber  kind = "integer"
	kindBoolean kind = "boolean"
	kindObject  kind = "object"
	kindList    kind = "array"
)

// schema gives a JSON schema (draft 4) of the elements of the resource.
func (x resource) schema() hal.Fields {
	var properties hal.Members
	var required []string
	for _, p := range x.properties {
		properties = append(properties, hal.Member{Key: p.name, Value: hal.Members{
			{Key: "title", Value: title(p.name)},
			{Key: "readOnly", Value: !x.writable()},
			{Key: "type", Value: string(p.kind)},
		}})
		if p.required {
			required = append(required, p.name)
		}
	}
	doc := hal.Members{
		{Key: "title", Value: title(x.item)},
		{Key: "properties", Value: properties},
	}
	if required != nil {
		doc = append(doc, hal.Member{Key: "required", Value: required})
	}
	return append(doc,
		hal.Member{Key: "definitions", Value: hal.Members{}},
		hal.Member{Key: "type", Value: string(kindObject)},
		hal.Member{Key: "$schema", Value: "http://json-schema.org/draft-04/schema#"},
	)
}

// title writes a name in words: "Source url" for sourceUrl.
func title(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case i == 0:
			b.WriteRune(unicode.ToUpper(r))
		case unicode.IsUpper(r):
			b.WriteByte(' ')
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
