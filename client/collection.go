package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// pageSize is how many elements are asked for at once; servers cut it to what they give at most.
const pageSize = 2000

const relNext = "next"

// maxPages bounds how many pages of a collection are followed.
const maxPages = 10_000

// Page is which part of a list an answer is.
type Page struct {
	Size          int `json:"size" yaml:"size"`
	TotalElements int `json:"totalElements" yaml:"totalElements"`
	TotalPages    int `json:"totalPages" yaml:"totalPages"`
	Number        int `json:"number" yaml:"number"` // from 0
}

// collection is a HAL list.
type collection struct {
	Embedded map[string]json.RawMessage `json:"_embedded"`
	Page     Page                       `json:"page"`
	Links    links                      `json:"_links"`
}

// list reads a whole collection, page by page along its links next. key names its elements.
func list[T any](ctx context.Context, c *Client, p place, key string, v vars) ([]T, error) {
	all := []T{}
	a, err := c.call(ctx, call{method: http.MethodGet, place: p, vars: v})
	for page := 1; ; page++ {
		if err != nil {
			return nil, err
		}
		var got collection
		if err := a.decode(&got); err != nil {
			return nil, err
		}
		some, err := elements[T](got, key)
		if err != nil {
			return nil, a.unreadable(err)
		}
		all = append(all, some...)
		if len(got.Links[relNext]) == 0 || len(some) == 0 || page >= maxPages {
			return all, nil
		}
		a, err = c.next(ctx, p, a, got.Links[relNext])
		if err != nil {
			return nil, err
		}
	}
}

// next reads the following page of an answer.
func (c *Client) next(ctx context.Context, p place, a answer, templates []string) (answer, error) {
	d, _, err := c.document(ctx, routes[p].from)
	if err != nil {
		return answer{}, err
	}
	d.links = links{relNext: templates}
	at, err := d.follow(route{rel: relNext}, nil)
	if err != nil {
		return answer{}, a.unreadable(fmt.Errorf("its link to the next page: %w", err))
	}
	return c.send(ctx, request{method: http.MethodGet, at: at, accept: acceptHAL})
}

// elements gives the embedded elements of that key; without any the list is empty.
func elements[T any](from collection, key string) ([]T, error) {
	raw, ok := from.Embedded[key]
	if !ok {
		return nil, nil
	}
	var list []T
	err := json.Unmarshal(raw, &list)
	return list, err
}

// whole asks for as many elements at once as there may be.
func whole() vars { return vars{"size": strconv.Itoa(pageSize)} }
