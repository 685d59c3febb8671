package templates

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"purser"
)

// cloudFoundryKind is CloudFoundryApplication (spec/packages.md §5.2). What stands in spec.manifest becomes the
// deployment properties, by its name in lower case with hyphens; lists become text with commas, and env the properties
// of the application. Such an application has no name of its own: it is named after its release.
var cloudFoundryKind = applicationKind{family: "cloudfoundry", check: checkCloudFoundry, read: readCloudFoundry}

func checkCloudFoundry(doc *value) error {
	if v := doc.entries.get("spec"); v == nil || v.kind == kindNull {
		return purser.Errorf(purser.CodeInvalid, "CloudFoundryApplication must define 'spec'")
	}
	return nil
}

func readCloudFoundry(r *reader) purser.AppSpec {
	s, spec := r.head()
	if spec == nil {
		return s
	}
	s.Properties, s.DeploymentProperties = map[string]string{}, map[string]string{}
	manifest := spec.entries.get("manifest")
	switch {
	case manifest == nil || manifest.kind == kindNull:
	case manifest.kind != kindMap:
		r.shape("spec.manifest", manifest, "a map")
	default:
		for _, e := range manifest.entries.entries {
			r.setting(&s, strings.ToLower(e.key.javaText()), e.value)
		}
	}
	s.Resource = r.resource(spec)
	return s
}

// setting is the shape of one entry of spec.manifest.
type setting struct {
	list, isMap bool
	valid       func(string) bool // nil: any text
	expected    string
}

var memoryForm = regexp.MustCompile(`(?i)^[0-9]+(?:M|MB|G|GB)?$`)

func isNumber(s string) bool { _, err := strconv.Atoi(s); return err == nil }

func isTruth(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

var settings = map[string]setting{
	"buildpack": {}, "command": {}, "stack": {}, "health-check-http-endpoint": {},
	"memory":       {valid: memoryForm.MatchString, expected: "a number with M, MB, G or GB behind it or nothing (MB)"},
	"disk-quota":   {valid: memoryForm.MatchString, expected: "a number with M, MB, G or GB behind it or nothing (MB)"},
	"timeout":      {valid: isNumber, expected: "a number"},
	"instances":    {valid: isNumber, expected: "a number"},
	"no-hostname":  {valid: isTruth, expected: "true or false"},
	"no-route":     {valid: isTruth, expected: "true or false"},
	"random-route": {valid: isTruth, expected: "true or false"},
	"health-check-type": {
		valid:    func(s string) bool { return slices.Contains([]string{"port", "process", "http"}, strings.ToLower(s)) },
		expected: "port, process or http",
	},
	"services": {list: true}, "domains": {list: true}, "hosts": {list: true},
	"env": {isMap: true},
}

// setting checks one entry of spec.manifest and takes it over. Unknown ones are ignored, as with the reference.
func (r *reader) setting(s *purser.AppSpec, name string, v *value) {
	rule, known := settings[name]
	switch {
	case !known || v.kind == kindNull:
	case rule.isMap:
		r.environment(s, name, v)
	case rule.list:
		r.list(s, name, v)
	case v.isCollection():
		r.shape("spec.manifest."+name, v, "text")
	case rule.valid != nil && !rule.valid(v.text):
		r.fail(purser.Errorf(purser.CodeInvalid, "CloudFoundryApplication: '%s' in spec.manifest must be %s, not '%s'", name, rule.expected, v.text))
	default:
		s.DeploymentProperties[name] = v.text
	}
}

func (r *reader) environment(s *purser.AppSpec, name string, v *value) {
	if v.kind != kindMap {
		r.shape("spec.manifest."+name, v, "a map")
		return
	}
	for _, e := range v.entries.entries {
		switch {
		case e.value.isCollection():
			r.shape("spec.manifest."+name+"."+e.key.javaText(), e.value, "text")
		case e.value.kind != kindNull:
			s.Properties[e.key.javaText()] = e.value.text
		}
	}
}

func (r *reader) list(s *purser.AppSpec, name string, v *value) {
	if v.kind != kindList {
		r.shape("spec.manifest."+name, v, "a list")
		return
	}
	var all []string
	for _, e := range v.list {
		if e.isCollection() {
			r.shape("spec.manifest."+name, e, "a list of texts")
			return
		}
		all = append(all, e.text)
	}
	s.DeploymentProperties[name] = strings.Join(all, ",")
}
