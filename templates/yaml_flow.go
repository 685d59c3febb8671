package templates

// isDatesAlone tells whether a list or map with elements holds dates and nothing else: in manifests nothing but they is
// written without quotes, and what has no quotes at all is written in flow style (spec/packages.md §4).
func (v *value) isDatesAlone() bool {
	for _, item := range v.list {
		if item.kind != kindTime {
			return false
		}
	}
	for _, en := range v.entries.entries {
		if en.key.kind != kindTime || en.value.kind != kindTime {
			return false
		}
	}
	return len(v.list)+len(v.entries.entries) > 0
}

// dates writes a list or map of dates alone in flow style, an element a line. Their colons ask for quotes there, and the
// quotes for tags.
func (e *emitter) dates(v *value) {
	open, end := "[", "]"
	if v.kind != kindList {
		open, end = "{", "}"
	}
	e.indicator(open, true, true, false)
	outer := e.indent
	e.indent = max(e.indent, 0) + 2
	element := func(i int, parts ...*value) {
		if i > 0 {
			e.indicator(",", false, false, false)
		}
		for n, part := range parts {
			if n > 0 {
				e.indicator(":", false, false, false)
			} else {
				e.newLine()
			}
			e.indicator(shortTags[kindTime], true, false, false)
			e.singleQuoted(part.text, false)
		}
	}
	for i, item := range v.list {
		element(i, item)
	}
	for i, en := range v.entries.entries {
		element(i, en.key, en.value)
	}
	e.indent = outer
	e.newLine()
	e.indicator(end, false, false, false)
	if v.kind == kindList {
		e.newLine() // which leaves a line of blanks where what follows stands less deep
	}
}
