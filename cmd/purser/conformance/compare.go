package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// unspecific is the text of the reference that hides the cause. Any text may stand in its place.
const unspecific = "Error waiting to get Release from a statemachine"

// exceptions are the names that clients of the reference know.
var exceptions = []string{
	"org.springframework.cloud.skipper.SkipperException", "org.springframework.cloud.skipper.ReleaseNotFoundException",
	"org.springframework.cloud.skipper.ReleaseUpgradeException", "org.springframework.cloud.skipper.PackageDeleteException",
}

// differences tells where got is not want, a line each.
func differences(want, got any, path string) []string {
	var lines []string
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		keys := maps.Clone(w)
		maps.Copy(keys, g)
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			at := path + "/" + k
			wanted, expected := w[k]
			value, given := g[k]
			switch {
			case !given:
				lines = append(lines, fmt.Sprintf("%s: missing, expected %s", at, short(wanted, 240)))
			case !expected:
				lines = append(lines, fmt.Sprintf("%s: not expected, got %s", at, short(value, 240)))
			default:
				lines = append(lines, differences(wanted, value, at)...)
			}
		}
		return lines
	case []any:
		g, ok := got.([]any)
		if !ok {
			break
		}
		if len(w) != len(g) {
			lines = append(lines, fmt.Sprintf("%s: %d elements expected, got %d: %s", path, len(w), len(g), short(g, 240)))
		}
		for i := range min(len(w), len(g)) {
			lines = append(lines, differences(w[i], g[i], fmt.Sprintf("%s/%d", path, i))...)
		}
		return lines
	case string:
		if text, ok := got.(string); path == "/json/message" && w == unspecific && ok && text != "" {
			return nil
		}
	}
	if !same(want, got) {
		return []string{fmt.Sprintf("%s: expected %s, got %s", path, short(want, 240), short(got, 240))}
	}
	return nil
}

// same compares two values of which at least one is neither a list nor an object.
func same(want, got any) bool {
	switch got.(type) {
	case map[string]any, []any:
		return false
	}
	switch want.(type) {
	case map[string]any, []any:
		return false
	}
	return want == got
}

// better tells whether an answer is a clear refusal where the reference broke down: a 4xx with a message in place of a
// recorded 500, with a name that clients know, or in the form of the Data REST resources.
func better(want, got Answer) bool {
	if status(want) != 500 || status(got) < 400 || status(got) > 499 {
		return false
	}
	wanted, refusal := want["json"], got["json"]
	if wanted == nil && refusal == nil {
		return true // only the status is compared
	}
	text, _ := pointer(refusal, "message").(string)
	if text == "" {
		return false
	}
	name, _ := pointer(refusal, "exception").(string)
	object, _ := wanted.(map[string]any)
	_, dataREST := object["cause"]
	return dataREST || slices.Contains(exceptions, name)
}

func status(a Answer) int {
	n, ok := a["status"].(json.Number)
	if !ok {
		return 0
	}
	value, err := n.Int64()
	if err != nil {
		return 0
	}
	return int(value)
}
