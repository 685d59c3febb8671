package hal

// Fields is what goes over the wire as (a part of) an object: it writes its members in order, without the braces.
type Fields interface {
	AppendFields(w *Writer)
}

// FieldsFunc is a function that is Fields.
type FieldsFunc func(w *Writer)

// AppendFields implements Fields.
func (f FieldsFunc) AppendFields(w *Writer) { f(w) }

// Resource is a HAL object: its own members first, then _embedded, _links and page as far as they are there.
type Resource struct {
	Fields   Fields    // nil: none of its own
	Embedded *Embedded // nil: none
	Links    Links     // empty: no _links
	Page     *Page     // nil: none
}

// Embedded is the one embedded list of a collection. An empty list is written as an empty array; leave the Embedded
// away where the wire wants nothing (spec/rest.md §1.2).
type Embedded struct {
	Rel   string
	Items []Resource
}

// Page tells which part of a collection is shown.
type Page struct {
	Size          int
	TotalElements int
	TotalPages    int
	Number        int // from 0
}

// AppendFields implements Fields.
func (r Resource) AppendFields(w *Writer) {
	if r.Fields != nil {
		r.Fields.AppendFields(w)
	}
	if r.Embedded != nil {
		w.Key("_embedded")
		w.BeginObject()
		w.Key(r.Embedded.Rel)
		w.BeginArray()
		for _, item := range r.Embedded.Items {
			w.Object(item)
		}
		w.EndArray()
		w.EndObject()
	}
	w.Links(r.Links)
	if r.Page != nil {
		w.Key("page")
		w.BeginObject()
		r.Page.AppendFields(w)
		w.EndObject()
	}
}

// AppendFields implements Fields.
func (p Page) AppendFields(w *Writer) {
	w.Key("size")
	w.Int(int64(p.Size))
	w.Key("totalElements")
	w.Int(int64(p.TotalElements))
	w.Key("totalPages")
	w.Int(int64(p.TotalPages))
	w.Key("number")
	w.Int(int64(p.Number))
}

// Links writes the member _links, unless there are none. In the bare form it is links instead, and is always there.
func (w *Writer) Links(links Links) {
	if w.bare {
		w.bareLinks(links)
		return
	}
	if len(links) == 0 {
		return
	}
	w.Key("_links")
	w.BeginObject()
	links.AppendFields(w)
	w.EndObject()
}

// bareLinks writes links as a list, a relation that occurs more than once included. It does not tell templates.
func (w *Writer) bareLinks(links Links) {
	w.Key("links")
	w.BeginArray()
	for _, link := range links {
		w.BeginObject()
		w.Key("rel")
		w.String(link.Rel)
		w.Key("href")
		w.String(link.Href)
		w.EndObject()
	}
	w.EndArray()
}

// Object writes an object with the members of f; null for nil.
func (w *Writer) Object(f Fields) {
	if f == nil {
		w.Null()
		return
	}
	w.BeginObject()
	f.AppendFields(w)
	w.EndObject()
}

// Append appends the document of f to dst.
func Append(dst []byte, style Style, f Fields) []byte {
	w := Writer{buf: dst, compact: bool(style)}
	w.Object(f)
	return w.buf
}

var (
	_ Fields = Resource{}
	_ Fields = Links{}
	_ Fields = Page{}
	_ Fields = Members{}
)
