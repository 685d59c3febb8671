package data

import (
	"fmt"
	"slices"
	"strings"

	"purser"
	"purser/api/hal"
)

// OptionFilter chooses which deployment properties a deployer shows (the keys
// spring.cloud.skipper.server.deployer-properties.* of spec/rest.md §7). Entries are exact ids; an empty list of
// includes lets everything pass, and an exclude wins over an include. The group of a property is its id without the
// last part.
type OptionFilter struct {
	GroupIncludes    []string
	GroupExcludes    []string
	PropertyIncludes []string
	PropertyExcludes []string
}

// DefaultOptionFilter gives the filter that the reference ships.
func DefaultOptionFilter() OptionFilter {
	return OptionFilter{
		GroupExcludes: []string{"spring.cloud.deployer.kubernetes.fabric8"},
		PropertyExcludes: []string{
			"spring.cloud.deployer.local.maximum-concurrent-tasks",
			"spring.cloud.deployer.kubernetes.maximum-concurrent-tasks",
			"spring.cloud.deployer.cloudfoundry.maximum-concurrent-tasks",
			"spring.cloud.deployer.cloudfoundry.org",
			"spring.cloud.deployer.cloudfoundry.space",
			"spring.cloud.deployer.cloudfoundry.url",
			"spring.cloud.deployer.cloudfoundry.username",
			"spring.cloud.deployer.cloudfoundry.password",
			"spring.cloud.deployer.cloudfoundry.skip-ssl-validation",
		},
	}
}

// passes tells whether the property with that id is shown.
func (f OptionFilter) passes(id string) bool {
	group := id
	if dot := strings.LastIndexByte(id, '.'); dot >= 0 {
		group = id[:dot]
	}
	return chosen(group, f.GroupIncludes, f.GroupExcludes) && chosen(id, f.PropertyIncludes, f.PropertyExcludes)
}

func chosen(id string, includes, excludes []string) bool {
	return (len(includes) == 0 || slices.Contains(includes, id)) && !slices.Contains(excludes, id)
}

// optionFields is one deployment property as Spring's configuration metadata writes it (spec/rest.md §2.24).
type optionFields purser.PlatformOption

// AppendFields implements hal.Fields.
func (o optionFields) AppendFields(w *hal.Writer) {
	none := []string{}
	hal.Members{
		{Key: "id", Value: o.ID},
		{Key: "name", Value: o.Name},
		{Key: "type", Value: o.Type},
		{Key: "description", Value: textOrNull(o.Description)},
		{Key: "shortDescription", Value: textOrNull(firstSentence(o.Description))},
		{Key: "defaultValue", Value: defaultValue(o.Default)},
		{Key: "hints", Value: hal.Members{
			{Key: "keyHints", Value: none},
			{Key: "keyProviders", Value: none},
			{Key: "valueHints", Value: none},
			{Key: "valueProviders", Value: none},
		}},
		{Key: "deprecation", Value: nil},
		{Key: "deprecated", Value: false},
	}.AppendFields(w)
}

// appendOptions writes the options that pass the filter, in the platform's order.
func appendOptions(w *hal.Writer, options []purser.PlatformOption, filter OptionFilter) {
	w.BeginArray()
	for _, o := range options {
		if filter.passes(o.ID) {
			w.Object(optionFields(o))
		}
	}
	w.EndArray()
}

// defaultValue gives a default in a type that the wire knows; any other is written as text.
func defaultValue(v any) any {
	switch v.(type) {
	case nil, string, bool, int, int32, int64, float64, []string:
		return v
	}
	return fmt.Sprint(v)
}

// firstSentence gives a description up to the end of its first sentence, on one line.
func firstSentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if first, _, more := strings.Cut(text, ". "); more {
		return first + "."
	}
	return text
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
