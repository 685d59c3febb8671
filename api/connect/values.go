package connect

import (
	"maps"
	"slices"

	"purser/overrides"
)

// valuesOf lays a map of single values over YAML, pair by pair in the order of their paths (spec/dialects.md §1.3). nil is none.
func valuesOf(text string, pairs map[string]string) (*string, error) {
	values, err := overrides.Apply(text)
	if err != nil {
		return nil, invalid("values_yaml", "%s", err)
	}
	if len(pairs) > 0 {
		var list []overrides.Assignment
		for _, path := range slices.Sorted(maps.Keys(pairs)) {
			one, err := overrides.ParsePair(path, pairs[path])
			if err != nil {
				return nil, invalid("values_map["+excerpt(path)+"]", "%s", err)
			}
			list = append(list, one)
		}
		if values, err = overrides.Apply(values, list...); err != nil {
			return nil, invalid("values_map", "%s", err)
		}
	}
	if values == "" {
		return nil, nil //nolint:nilnil // none is no failure
	}
	return &values, nil
}
