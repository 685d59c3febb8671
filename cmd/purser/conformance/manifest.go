package conformance

import (
	"fmt"
	"slices"
	"strings"
)

// flat gives the lines of a manifest, each behind the keys that it stands under, in text order. Elements of a list are
// numbered, so that their order counts.
func flat(document string) []string {
	type key struct {
		indent int
		name   string
	}
	var above []key
	var lines []string
	elements := map[string]int{}
	for line := range strings.SplitSeq(strings.Trim(document, "\n"), "\n") {
		body := strings.TrimLeft(line, " ")
		indent := len(line) - len(body)
		for len(above) > 0 {
			last := above[len(above)-1]
			element := strings.HasPrefix(body, "- ") && !strings.HasPrefix(last.name, "-")
			if last.indent < indent || last.indent == indent && element {
				break
			}
			above = above[:len(above)-1]
		}
		var names []string
		for _, k := range above {
			names = append(names, k.name)
		}
		path := strings.Join(names, " ")
		if strings.HasPrefix(body, "-") {
			n := elements[path]
			elements[path] = n + 1
			lines = append(lines, fmt.Sprintf("%s [%d] %s", path, n, body))
			above = append(above, key{indent, fmt.Sprintf("-%d", n)})
			continue
		}
		lines = append(lines, strings.TrimSpace(path+" "+body))
		name, _, _ := strings.Cut(body, ":")
		above = append(above, key{indent, name})
	}
	slices.Sort(lines)
	return lines
}
