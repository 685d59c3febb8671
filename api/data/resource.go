package data

import (
	"context"

	"purser"
	"purser/api"
	"purser/api/hal"
)

// Names of parameters and projections.
const (
	paramName         = "name"
	paramProjection   = "projection"
	projectionSummary = "summary"
)

// resource describes one of the stored resources: what it is called, what its elements have, how they are found and
// what clients may do with them. Everything that is the same for all of them works on this description.
type resource struct {
	name       string // of the collection: its path, its relation
	item       string // the relation of one element
	properties []property
	summary    []string // the properties of projection=summary; nil when there is no projection
	searches   []search

	// list gives one page of all elements, and how many there are.
	list func(ctx context.Context, p pageRequest) (elements, int, error)
	// find gives one element; errMissing when there is none, a refusal for an id that cannot be one.
	find func(ctx context.Context, id string) (element, error)
	// extra gives the links of an element besides self and the item's relation; nil for none.
	extra func(base string, e element) hal.Links

	create  api.Handler // POST to the collection; nil when clients can only read, then the other two do not count
	replace api.Handler // PUT to an item, and PATCH of one that is there
	remove  api.Handler // DELETE of an item
}

func (x resource) writable() bool { return x.create != nil }

// property is one member of an element.
type property struct {
	name     string
	kind     kind
	sortable bool
	required bool
}

// search is one way to ask for elements by name.
type search struct {
	name    string
	single  bool // it gives one element, or 404
	unnamed bool // its link does not show the parameter
	// find gives the elements that fit, in the order of the search.
	find func(ctx context.Context, name string) (elements, error)
}

// sortable lists the properties that a collection can be sorted by.
func (x resource) sortable() []purser.OrderField {
	var fields []purser.OrderField
	for _, p := range x.properties {
		if p.sortable {
			fields = append(fields, purser.OrderField(p.name))
		}
	}
	return fields
}

func (x resource) propertyNames() []string {
	names := make([]string, 0, len(x.properties))
	for _, p := range x.properties {
		names = append(names, p.name)
	}
	return names
}

// search finds a search by its name.
func (x resource) search(name string) (search, bool) {
	for _, s := range x.searches {
		if s.name == name {
			return s, true
		}
	}
	return search{}, false
}

// template gives the placeholders behind the address of a search, "" for none.
func (x resource) template(s search) string {
	switch {
	case s.unnamed:
		return ""
	case x.summary != nil:
		return "{?" + paramName + "," + paramProjection + "}"
	}
	return "{?" + paramName + "}"
}

// collectionLinks gives the two links that stand behind the pages of a collection.
func (x resource) collectionLinks(base string) hal.Links {
	return hal.Links{
		hal.To("profile", base+"/profile/"+x.name),
		hal.To("search", base+"/"+x.name+"/search"),
	}
}

// itemLinks gives the links of an element.
func (x resource) itemLinks(base string, e element) hal.Links {
	self := base + "/" + x.name + "/" + e.id
	relation := self
	if x.summary != nil {
		relation += "{?" + paramProjection + "}"
	}
	links := hal.Links{hal.To("self", self), hal.To(x.item, relation)}
	if x.extra != nil {
		links = append(links, x.extra(base, e)...)
	}
	return links
}
