package data

import (
	"context"
	"errors"
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

// elements tells visit of each entry of a resource, in order and one by one; an error of visit ends it and comes out as
// it is.
type elements func(visit func(e element) error) error

// mapped maps each entry of a list.
func mapped[T any](list []T, f func(T) element) elements {
	return func(visit func(e element) error) error {
		for _, v := range list {
			if err := visit(f(v)); err != nil {
				return err
			}
		}
		return nil
	}
}

// nothing is no entry.
func nothing(func(e element) error) error { return nil }

// only gives the first entry; errMissing when there is none.
func only(found elements) (element, error) {
	enough := errors.New("one is enough")
	var first element
	switch err := found(func(e element) error { first = e; return enough }); {
	case errors.Is(err, enough):
		return first, nil
	case err != nil:
		return element{}, err
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
