package data

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"purser"
)

// Sizes of pages (spec/rest.md §2.21).
const (
	defaultSize = 20
	maxSize     = 1000
)

// The parameters that page and sort a collection.
const (
	paramPage = "page"
	paramSize = "size"
	paramSort = "sort"
)

// pageRequest is the part of a collection that was asked for.
type pageRequest struct {
	number int            // from 0
	size   int            // 1 to maxSize
	sort   []purser.Order // as it was asked for, repetitions and all
}

// page gives the request in the words of the store.
func (p pageRequest) page() purser.Page {
	return purser.Page{Offset: p.number * p.size, Limit: p.size}
}

// order gives what to sort by, each field once: what is sorted by a field already is not changed by it again, and
// stores know few fields but have limits.
func (p pageRequest) order() []purser.Order {
	var orders []purser.Order
	for _, o := range p.sort {
		if !slices.ContainsFunc(orders, func(earlier purser.Order) bool { return earlier.Field == o.Field }) {
			orders = append(orders, o)
		}
	}
	return orders
}

// totalPages tells how many pages hold total elements.
func (p pageRequest) totalPages(total int) int {
	return (total + p.size - 1) / p.size
}

// parsePage reads page, size and sort. Nothing is refused: what cannot be meant is replaced by the default.
func parsePage(query url.Values, sortable []purser.OrderField) pageRequest {
	size := parseCount(query.Get(paramSize))
	if size < 1 {
		size = defaultSize
	}
	return pageRequest{
		number: parseCount(query.Get(paramPage)),
		size:   min(size, maxSize),
		sort:   parseSort(query[paramSort], sortable),
	}
}

// parseCount reads a number of 32 bits; 0 for negative ones and for any other text.
func parseCount(text string) int {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}

// parseSort reads the values of the sort parameter: each a list of properties, with a direction at its end or without
// one. Properties that are not sortable are dropped.
func parseSort(values []string, sortable []purser.OrderField) []purser.Order {
	var orders []purser.Order
	for _, value := range values {
		names := strings.Split(value, ",")
		for len(names) > 0 && names[len(names)-1] == "" {
			names = names[:len(names)-1]
		}
		if len(names) > 0 && strings.EqualFold(names[len(names)-1], "ignorecase") {
			names = names[:len(names)-1] // understood and not kept: stores order by the exact text
		}
		descending := false
		if len(names) > 0 {
			last := names[len(names)-1]
			descending = strings.EqualFold(last, "desc")
			if descending || strings.EqualFold(last, "asc") {
				names = names[:len(names)-1]
			}
		}
		for _, name := range names {
			if slices.Contains(sortable, purser.OrderField(name)) {
				orders = append(orders, purser.Order{Field: purser.OrderField(name), Descending: descending})
			}
		}
	}
	return orders
}

// sortExpressions writes orders as values of the sort parameter; neighbours of one direction share a value.
func sortExpressions(orders []purser.Order) []string {
	var expressions []string
	for start := 0; start < len(orders); {
		end, names := start, []string(nil)
		for ; end < len(orders) && orders[end].Descending == orders[start].Descending; end++ {
			names = append(names, string(orders[end].Field))
		}
		direction := "asc"
		if orders[start].Descending {
			direction = "desc"
		}
		expressions = append(expressions, strings.Join(append(names, direction), ","))
		start = end
	}
	return expressions
}

// keptQuery gives a raw query without page, size and sort, in its own spelling. The values of a name that stands there
// more than once come together at its first place.
func keptQuery(raw string) []string {
	var names []string
	groups := map[string][]string{}
	for piece := range strings.SplitSeq(raw, "&") {
		piece = strings.TrimLeft(piece, "=")
		if piece == "" {
			continue
		}
		name, _, _ := strings.Cut(piece, "=")
		if slices.Contains([]string{paramPage, paramSize, paramSort}, decoded(name)) {
			continue
		}
		if _, seen := groups[name]; !seen {
			names = append(names, name)
		}
		groups[name] = append(groups[name], piece)
	}
	var kept []string
	for _, name := range names {
		kept = append(kept, groups[name]...)
	}
	return kept
}

// decoded gives a name of a raw query without its escapes, or as it is when they are broken.
func decoded(name string) string {
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}
