package connect

import (
	"maps"
	"slices"

	"purser/overrides"
)

// maxValues is how many bytes of values a call may have: as many as are read of a release's.
const maxValues = 3 << 20

// valuesOf lays a map of single values over YAML, pair by pair in the order of their paths (spec/dialects.md §1.3). nil is none.
func valuesOf(text string, pairs map[string]string) (*string, error) {
	size := len(text)
	for path, value := range pairs {
		size += len(path) + len(value)
	}
	if size > maxValues {
		return nil, invalid("values_yaml and values_map", "they have %d bytes, more than the %d that are read", size, maxValues)
	}
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
