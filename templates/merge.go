package templates

// deepMerge lays over onto base (spec/packages.md §2.2): maps are merged at every depth, elements of a list that are new
// are appended, anything else is replaced. Keys of base come first. Both stay as they are.
func deepMerge(base, over *value) *value {
	out := base.entries.clone()
	for _, e := range over.entries.entries {
		i := out.find(e.key.identity())
		if i < 0 {
			out.put(e.key, e.value)
			continue
		}
		old := out.entries[i].value
		switch {
		case old.kind == kindMap && e.value.kind == kindMap:
			out.entries[i].value = deepMerge(old, e.value)
		case old.kind == kindList && e.value.kind == kindList:
			out.entries[i].value = appendNew(old, e.value)
		default:
			out.entries[i].value = e.value
		}
	}
	return newMap(out)
}

// appendNew appends the elements that base does not have. Elements that over repeats are repeated.
func appendNew(base, over *value) *value {
	have := make(map[identity]bool, len(base.list))
	for _, e := range base.list {
		have[e.identity()] = true
	}
	out := &value{kind: kindList, list: append([]*value{}, base.list...)}
	for _, e := range over.list {
		if !have[e.identity()] {
			out.list = append(out.list, e)
		}
	}
	out.weigh()
	return out
}
