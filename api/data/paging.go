package data

import (
	"strconv"
	"strings"
)

// address is a link that was made and has no template.
type address struct {
	rel  string
	href string
}

// pageAddresses gives the links of one page of a collection in their order, self among them (spec/rest.md §2.21). collection
// is its address without a query, raw the query of the request.
func pageAddresses(collection, raw string, p pageRequest, total int) []address {
	pages := p.totalPages(total)
	hasPrev, hasNext := p.number > 0, p.number+1 < pages
	kept := keptQuery(raw)
	at := func(number int) string {
		pieces := append(kept[:len(kept):len(kept)],
			paramPage+"="+strconv.Itoa(number), paramSize+"="+strconv.Itoa(p.size))
		for _, e := range sortExpressions(p.sort) {
			pieces = append(pieces, paramSort+"="+e)
		}
		return collection + "?" + strings.Join(pieces, "&")
	}
	var links []address
	if hasPrev || hasNext {
		links = append(links, address{"first", at(0)})
	}
	if hasPrev {
		links = append(links, address{"prev", at(p.number - 1)})
	}
	links = append(links, address{"self", withQuery(collection, raw)})
	if hasNext {
		links = append(links, address{"next", at(p.number + 1)})
	}
	if hasPrev || hasNext {
		links = append(links, address{"last", at(max(pages-1, 0))})
	}
	return links
}

// withQuery puts a raw query behind an address.
func withQuery(base, raw string) string {
	if raw == "" {
		return base
	}
	return base + "?" + raw
}
