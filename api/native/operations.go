package native

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"purser"
	"purser/api"
	"purser/api/hal"
)

// Sizes of pages, as in Skipper's collections.
const (
	defaultSize = 20
	maxSize     = 1000
	maxPage     = 1 << 30
)

// operations is GET /api/purser/operations: what was asked of releases and how it goes, the newest first.
func (h *Handler) operations(w http.ResponseWriter, r *http.Request) error {
	q := queryOf(r)
	name, open := q.values.Get("name"), q.flag("open")
	number, size := q.number("page", 0, 0, maxPage), q.number("size", defaultSize, 1, maxSize)
	if q.err != nil {
		return q.err
	}
	space := ""
	filter := purser.OperationFilter{
		Space: &space, Open: open, Newest: true, Page: purser.Page{Offset: number * size, Limit: size},
	}
	if name != "" {
		filter.Key = &purser.ReleaseKey{Name: name}
	}
	found, total, err := h.Store.FindOperations(r.Context(), filter)
	if err != nil {
		return err
	}
	list := hal.Embedded{Rel: "operations", Items: make([]hal.Resource, len(found))}
	for i, o := range found {
		list.Items[i] = hal.Resource{Fields: operation(o)}
	}
	page := hal.Page{Size: size, TotalElements: total, TotalPages: (total + size - 1) / size, Number: number}
	return h.Adapter.HAL(w, r, http.StatusOK, hal.Resource{Embedded: &list, Links: pageLinks(r, q.values, page), Page: &page})
}

// pageLinks lead to the page itself and to the others of its list.
func pageLinks(r *http.Request, values url.Values, page hal.Page) hal.Links {
	at := func(number int) string {
		others := url.Values{}
		for _, name := range []string{"name", "open"} {
			if text := values.Get(name); text != "" {
				others.Set(name, text)
			}
		}
		others.Set("page", strconv.Itoa(number))
		others.Set("size", strconv.Itoa(page.Size))
		return api.Base(r) + api.RawPath(r) + "?" + others.Encode()
	}
	self := hal.Link{Rel: "self", Href: api.Self(r)}
	prev, next := page.Number > 0, page.Number+1 < page.TotalPages
	if !prev && !next {
		return hal.Links{self}
	}
	links := hal.Links{{Rel: "first", Href: at(0)}}
	if prev {
		links = append(links, hal.Link{Rel: "prev", Href: at(page.Number - 1)})
	}
	links = append(links, self)
	if next {
		links = append(links, hal.Link{Rel: "next", Href: at(page.Number + 1)})
	}
	return append(links, hal.Link{Rel: "last", Href: at(max(page.TotalPages-1, 0))})
}

// operation is an operation on the wire. What is not known (yet) is null.
type operation purser.Operation

// AppendFields implements hal.Fields.
func (o operation) AppendFields(w *hal.Writer) {
	w.Key("id")
	w.Int(o.ID)
	w.Key("name")
	w.String(o.Key.Name)
	w.Key("kind")
	w.String(string(o.Kind))
	w.Key("rollback")
	w.Bool(o.Rollback)
	w.Key("phase")
	w.String(string(o.Phase))
	textOrNull(w, "outcome", string(o.Outcome))
	numberOrNull(w, "from", o.From)
	numberOrNull(w, "to", o.To)
	timeOrNull(w, "startedAt", o.StartedAt)
	timeOrNull(w, "finishedAt", o.FinishedAt)
	timeOrNull(w, "deadline", o.Deadline)
	w.Key("cancelRequested")
	w.Bool(!o.CancelRequested.IsZero())
	textOrNull(w, "requestedBy", o.RequestedBy)
	textOrNull(w, "message", o.Message)
}

func textOrNull(w *hal.Writer, key, value string) {
	w.Key(key)
	if value == "" {
		w.Null()
		return
	}
	w.String(value)
}

func numberOrNull(w *hal.Writer, key string, n int) {
	w.Key(key)
	if n == 0 {
		w.Null()
		return
	}
	w.Int(int64(n))
}

func timeOrNull(w *hal.Writer, key string, t time.Time) {
	w.Key(key)
	if t.IsZero() {
		w.Null()
		return
	}
	w.String(api.FormatTime(t))
}
