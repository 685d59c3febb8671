package templates

import (
	"slices"
	"strings"
)

// resourceSchemes are the ones that some platform understands (spec/packages.md §5.3).
var resourceSchemes = []string{"docker", "file", "http", "https", "maven"}

// resource warns of a location that no platform understands: it is read when the application is deployed, and then it is
// the application that fails.
func (c *checker) resource(file string, line int, location string) {
	scheme, rest, ok := strings.Cut(location, ":")
	if !ok || !slices.Contains(resourceSchemes, strings.ToLower(scheme)) {
		c.found.warn(file, line, "no platform can read the resource '%s'; a location begins with %s: or %s:", location,
			strings.Join(resourceSchemes[:len(resourceSchemes)-1], ":, "), resourceSchemes[len(resourceSchemes)-1])
		return
	}
	if strings.Trim(rest, "/") == "" {
		c.found.warn(file, line, "the resource '%s' has a scheme and nothing behind it", location)
	}
}
