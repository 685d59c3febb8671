package data_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser"
)

// TestPagesShowEachElementOnce walks a collection by its next links, and back by its prev links, whatever the size of
// the pages, the order and the other parameters are.
func TestPagesShowEachElementOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := MustServer(t)
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-c][0-9]{1,2}`), 0, 30, rapid.ID).Draw(rt, "names")
		for _, name := range names {
			s.MustPackage(t, purser.PackageMetadata{Name: name, Version: "1.0.0"})
		}
		query := url.Values{"size": {fmt.Sprint(rapid.IntRange(1, 8).Draw(rt, "size"))}}
		want := slices.Clone(names)
		switch order := rapid.SampledFrom([]string{"", "name", "name,desc", "version", "nosuch,desc"}).Draw(rt, "sort"); order {
		case "name":
			slices.Sort(want)
			query.Set("sort", order)
		case "name,desc":
			slices.Sort(want)
			slices.Reverse(want)
			query.Set("sort", order)
		case "version", "nosuch,desc":
			query.Set("sort", order)
		}
		if rapid.Bool().Draw(rt, "summary") {
			query.Set("projection", "summary")
		}
		if other := rapid.StringMatching(`[ -~]{0,6}`).Draw(rt, "other"); other != "" {
			query.Set("other", other)
		}

		var seen, back []string
		last := ""
		for target := "/api/packageMetadata?" + query.Encode(); target != ""; {
			page := s.get(t, target)
			seen = append(seen, pageNames(page)...)
			last, target = href(page, "self"), href(page, "next")
		}
		for target := last; target != ""; {
			page := s.get(t, target)
			back = append(pageNames(page), back...)
			target = href(page, "prev")
		}
		if diff := cmp.Diff(want, seen); len(want)+len(seen) > 0 && diff != "" {
			rt.Errorf("forwards: -want +got:\n%s", diff)
		}
		if diff := cmp.Diff(want, back); len(want)+len(back) > 0 && diff != "" {
			rt.Errorf("backwards: -want +got:\n%s", diff)
		}
	})
}

// href gives a link of a document as a path with its query, "" when it is not there.
func href(document map[string]any, rel string) string {
	link, _ := at(document, "_links", rel, "href").(string)
	return strings.TrimPrefix(link, "http://example.com")
}

func pageNames(page map[string]any) []string {
	var names []string
	list, _ := at(page, "_embedded", "packageMetadata").([]any)
	for _, e := range list {
		name, _ := at(e, "name").(string)
		names = append(names, name)
	}
	return names
}
