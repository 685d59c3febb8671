package config

import (
	"slices"
	"strings"
)

// profiles are Spring's active profiles. Documents of a file can ask for them.
type profiles []string

// findProfiles gives what spring.profiles.active says, and the platform that the server finds itself on
// (spec/rest.md §7): kubernetes, cloud or local.
func findProfiles(a arguments, e environment) profiles {
	text, ok := a.find("spring.profiles.active")
	if !ok {
		text, _ = e.get("spring.profiles.active")
	}
	var p profiles
	for name := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		p = append(p, name)
	}
	if slices.Contains(p, "kubernetes") || slices.Contains(p, "cloud") {
		return p
	}
	return append(p, e.platform())
}

// platform tells where the server runs.
func (e environment) platform() string {
	switch {
	case e["KUBERNETES_SERVICE_HOST"] != "":
		return "kubernetes"
	case e["VCAP_APPLICATION"] != "", e["VCAP_SERVICES"] != "":
		return "cloud"
	}
	return "local"
}

// platformDefault gives the default of a setting where the platform changes it: the headers of a platform's own proxy can
// be trusted, and Kubernetes asks for probes.
func (e environment) platformDefault(name string) (value string, changed bool) {
	switch where := e.platform(); {
	case name == forwardKey && where != "local":
		return "native", true
	case name == probesKey && where == "kubernetes":
		return "true", true
	}
	return "", false
}

// onProfile are the names under which a document asks for profiles.
var onProfile = []string{"spring.config.activate.onprofile", "spring.profiles"}

// hasTree tells whether a YAML document counts.
func (p profiles) hasTree(document *node) bool {
	counts := true
	document.each(nil, func(path []segment, n *node) {
		name := canonical(nameOf(dropIndexes(path)))
		if n.kind == scalarNode && slices.Contains(onProfile, name) && !p.match(n.text) {
			counts = false
		}
	})
	return counts
}

// hasProperties tells whether a document of a properties file counts.
func (p profiles) hasProperties(document []property) bool {
	return !slices.ContainsFunc(document, func(line property) bool {
		return slices.Contains(onProfile, canonical(line.name)) && !p.match(line.value.text)
	})
}

// match reads a list of which one must fit: names, names with ! before them, names bound by &.
func (p profiles) match(text string) bool {
	for choice := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '|' }) {
		all := true
		for term := range strings.SplitSeq(choice, "&") {
			name, not := strings.CutPrefix(strings.Trim(term, " ()"), "!")
			all = all && slices.Contains(p, strings.TrimSpace(name)) != not
		}
		if all {
			return true
		}
	}
	return false
}
