package hal_test

import (
	"testing"

	"purser/api/hal"
)

func TestBareLinks(t *testing.T) {
	item := hal.Resource{Fields: hal.Members{{Key: "name", Value: "a"}}, Links: hal.Links{{Rel: "self", Href: "http://x/1"}}}
	for name, row := range map[string]struct {
		doc  hal.Fields
		want string
	}{
		"none is an empty list": {hal.Resource{}, `{"links":[]}`},
		"templates are not told": {
			hal.Resource{Links: hal.Links{hal.To("status", "http://x/{name}")}},
			`{"links":[{"rel":"status","href":"http://x/{name}"}]}`,
		},
		"a relation used twice is there twice": {
			hal.Resource{Links: hal.Links{{Rel: "a", Href: "1"}, {Rel: "b", Href: "2"}, {Rel: "a", Href: "3"}}},
			`{"links":[{"rel":"a","href":"1"},{"rel":"b","href":"2"},{"rel":"a","href":"3"}]}`,
		},
		"elements have their own": {
			hal.Resource{Embedded: &hal.Embedded{Rel: "items", Items: []hal.Resource{item}}},
			`{"_embedded":{"items":[{"name":"a","links":[{"rel":"self","href":"http://x/1"}]}]},"links":[]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := hal.NewWriter(hal.Compact, nil)
			w.BareLinks()
			w.Object(row.doc)
			if got := string(w.Bytes()); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}
