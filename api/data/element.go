package data

import (
	"context"
	"iter"
	"net/http"

	"purser/api"
	"purser/api/hal"
)

// element is one entry of a resource, ready to be shown.
type element struct {
	id      string
	tag     string     // its ETag, "" for none
	full    hal.Fields // without links
	summary hal.Fields // nil when the resource has no projection
}

// shown gives the members of the element under a projection; an unknown one shows all of it.
func (e element) shown(projection string) hal.Fields {
	if projection == projectionSummary && e.summary != nil {
		return e.summary
	}
	return e.full
}

// elements are entries of a resource in their order, made one by one as they are shown.
type elements = iter.Seq[element]

// mapped maps each entry of a list.
func mapped[T any](list []T, f func(T) element) elements {
	return func(yield func(element) bool) {
		for _, v := range list {
			if !yield(f(v)) {
				return
			}
		}
	}
}

// nothing is no entry.
func nothing(func(element) bool) {}

// only gives the first entry: errMissing when there is none.
func only(found elements) (element, error) {
	for e := range found {
		return e, nil
	}
	return element{}, errMissing()
}

// errMissing says that there is no such element: 404 without a body.
func errMissing() error { return api.Empty(http.StatusNotFound) }

// byNumber makes the finder of a resource whose ids are numbers. find gives at most one element; numbers below 1 are
// never ids.
func byNumber(
	find func(ctx context.Context, id int64) (elements, error),
) func(ctx context.Context, text string) (element, error) {
	return func(ctx context.Context, text string) (element, error) {
		id, err := parseID(text)
		if err != nil {
			return element{}, err
		}
		if id < 1 {
			return element{}, errMissing()
		}
		found, err := find(ctx, id)
		if err != nil {
			return element{}, err
		}
		return only(found)
	}
}
