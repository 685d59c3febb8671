package connect

import (
	"cmp"
	"regexp"
	"strings"

	"purser"
)

// What names may be (spec/dialects.md §1.3). Namespaces are those of Kubernetes.
const (
	longestName      = 53
	longestNamespace = 63
	anyNamespace     = "default"
)

var (
	validName      = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	validNamespace = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
)

// named is what all requests about one release have.
type named interface {
	GetScope() string
	GetNamespace() string
	GetName() string
}

// key reads the key of a request, which has to have a name.
func (h *Handler) key(r named) (key purser.ReleaseKey, platform string, err error) {
	if r.GetName() == "" {
		return key, "", invalid("name", "it is empty: name the release")
	}
	return h.optionalKey(r)
}

// optionalKey reads the key of a request whose name may be empty.
func (h *Handler) optionalKey(r named) (key purser.ReleaseKey, platform string, err error) {
	switch name := r.GetName(); {
	case len(name) > longestName:
		return key, "", invalid("name", "it is longer than %d characters: '%s'", longestName, excerpt(name))
	case name != "" && !validName.MatchString(name):
		return key, "", invalid("name", "'%s' is not made of lower-case letters, digits, '-' and '.', with a letter or digit at each end and beside each '.'", name)
	}
	namespace := cmp.Or(r.GetNamespace(), anyNamespace)
	if len(namespace) > longestNamespace || !validNamespace.MatchString(namespace) {
		return key, "", invalid("namespace", "'%s' is not made of at most %d lower-case letters, digits and '-', with a letter or digit at each end",
			excerpt(namespace), longestNamespace)
	}
	if platform, err = h.platform(r.GetScope()); err != nil {
		return key, "", err
	}
	return purser.ReleaseKey{Space: spaceOf(platform) + namespace, Name: r.GetName()}, platform, nil
}

// platform gives the account that a scope names.
func (h *Handler) platform(scope string) (string, error) {
	scope = cmp.Or(scope, h.DefaultScope)
	if _, err := h.Platforms.Find(scope); err != nil {
		return "", missing(typeScope, excerpt(scope), "There is no scope '"+excerpt(scope)+"': scopes are the names of platform accounts")
	}
	return scope, nil
}

// spaceOf is what the spaces of a scope begin with: namespaces have no slash, so none begins as that of another scope.
func spaceOf(scope string) string { return "scope/" + scope + "/" }

// namespaceOf is the end of a key's space.
func namespaceOf(key purser.ReleaseKey) string {
	return key.Space[strings.LastIndexByte(key.Space, '/')+1:]
}

// nameOf is a key as people write it.
func nameOf(key purser.ReleaseKey) string { return namespaceOf(key) + "/" + key.Name }

// invented is a name for a release that has none: that of its chart and something that others do not have.
func (h *Handler) invented(chart string) string {
	const tail = 8
	own := only(strings.ReplaceAll(h.NewID(), "-", ""))
	own = own[max(0, len(own)-tail):]
	base := only(chart)
	base = strings.Trim(base[:min(len(base), longestName-tail-1)], "-")
	return cmp.Or(base, "release") + "-" + cmp.Or(strings.Trim(own, "-"), "0")
}

// only makes a text one of lower-case letters, digits and '-'.
func only(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(text))
}
