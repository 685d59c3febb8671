package hal

import "strings"

// Link is one link of a resource. Href is absolute; a templated one holds placeholders such as {name} or {?page,size}.
type Link struct {
	Rel       string
	Href      string
	Templated bool
}

// To makes a link; it is templated when href holds a placeholder.
func To(rel, href string) Link {
	return Link{Rel: rel, Href: href, Templated: strings.IndexByte(href, '{') >= 0}
}

// Links are the links of a resource in their order on the wire. A relation that occurs more than once becomes an array
// of link objects, at the place of its first occurrence.
type Links []Link

// AppendFields implements Fields: a member for each relation.
func (l Links) AppendFields(w *Writer) {
	for i, link := range l {
		if l[:i].has(link.Rel) {
			continue
		}
		w.Key(link.Rel)
		if !l[i+1:].has(link.Rel) {
			link.append(w)
			continue
		}
		w.BeginArray()
		for _, other := range l[i:] {
			if other.Rel == link.Rel {
				other.append(w)
			}
		}
		w.EndArray()
	}
}

func (l Links) has(rel string) bool {
	for _, link := range l {
		if link.Rel == rel {
			return true
		}
	}
	return false
}

func (l Link) append(w *Writer) {
	w.BeginObject()
	w.Key("href")
	w.String(l.Href)
	if l.Templated {
		w.Key("templated")
		w.Bool(true)
	}
	w.EndObject()
}
