package shell

import "strings"

// Camel gives the camelCase spelling of an option's name: release-name is releaseName. Mixed spellings are understood;
// other names stay as they are.
func Camel(name string) string {
	if !strings.Contains(name, "-") {
		return name
	}
	var b strings.Builder
	up := false
	for i, r := range name {
		switch {
		case r == '-' && i > 0:
			up = true
		case up && r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
			up = false
		default:
			b.WriteRune(r)
			up = false
		}
	}
	return b.String()
}

// Kebab gives the spelling with hyphens: releaseName is release-name.
func Kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
