package openapi

import (
	"strings"
	"testing"
)

func TestToJSON(t *testing.T) {
	for name, row := range map[string]struct{ yaml, want string }{
		"order stays":              {"b: 1\na: 2\n", `{"b":1,"a":2}`},
		"quoted numbers are texts": {"\"200\": '1'\n", `{"200":"1"}`},
		"scalars":                  {"[a, 1, -1.5, true, null, ~, 1.0.0, \"\\n\"]", `["a",1,-1.5,true,null,null,"1.0.0","\n"]`},
		"nested":                   {"a: {b: [{c: []}, {}]}\n", `{"a":{"b":[{"c":[]},{}]}}`},
		"blocks of text":           {"a: |\n  one\n  two\n", `{"a":"one\ntwo\n"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := toJSON([]byte(row.yaml))
			if err != nil || string(got) != row.want {
				t.Errorf("%s, %v, want %s", got, err, row.want)
			}
		})
	}
}

func TestToJSONRefuses(t *testing.T) {
	for name, row := range map[string]struct{ yaml, want string }{
		"no YAML":               {"a: [", "no YAML"},
		"nothing":               {"", "empty"},
		"aliases":               {"a: &x 1\nb: *x\n", "line 2: aliases"},
		"keys that are none":    {"a: 1\n200: 2\n", "line 2: a key"},
		"dates":                 {"a: 2026-11-22\n", "line 1: a value of the type !!timestamp"},
		"numbers that are none": {"a:\n  - !!int x\n", "line 2: "},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := toJSON([]byte(row.yaml)); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%s, %v, want %q", got, err, row.want)
			}
		})
	}
}
