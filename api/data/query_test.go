package data

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func TestParsePage(t *testing.T) {
	for _, c := range []struct {
		query        string
		number, size int
	}{
		{"", 0, 20},
		{"page=3&size=7", 3, 7},
		{"page=-1&size=-1", 0, 20},
		{"page=x&size=x", 0, 20},
		{"page=&size=", 0, 20},
		{"size=0", 0, 20},
		{"size=1000", 0, 1000},
		{"size=2000", 0, 1000},
		{"size=99999999999&page=99999999999", 0, 20}, // no number of 32 bits
		{"page=%2B2&size=007", 2, 7},
		{"page=%202", 0, 20},
		{"page=1.5&size=2.5", 0, 20},
		{"page=1&page=2&size=3&size=4", 1, 3},
		{"PAGE=1&Size=3", 0, 20},
		{"page=2147483647&size=1000", 2147483647, 1000},
	} {
		t.Run(c.query, func(t *testing.T) {
			query, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			p := parsePage(query, nil)
			if p.number != c.number || p.size != c.size {
				t.Errorf("got page %d of size %d, want %d of %d", p.number, p.size, c.number, c.size)
			}
		})
	}
}

func TestParseSort(t *testing.T) {
	sortable := []purser.OrderField{purser.OrderName, purser.OrderVersion, purser.OrderKind}
	for _, c := range []struct {
		values []string
		want   []string // what the links say
	}{
		{nil, nil},
		{[]string{""}, nil},
		{[]string{"name"}, []string{"name,asc"}},
		{[]string{"name,desc"}, []string{"name,desc"}},
		{[]string{"name,DESC"}, []string{"name,desc"}},
		{[]string{"name", "version"}, []string{"name,version,asc"}},
		{[]string{"name,version,desc"}, []string{"name,version,desc"}},
		{[]string{"name,desc", "version,asc"}, []string{"name,desc", "version,asc"}},
		{[]string{"name,desc", "version", "kind", "name,desc"}, []string{"name,desc", "version,kind,asc", "name,desc"}},
		{[]string{"nosuch"}, nil},
		{[]string{"id"}, nil},
		{[]string{"Name"}, nil},
		{[]string{",desc"}, nil},
		{[]string{"desc"}, nil},
		{[]string{",,,"}, nil},
		{[]string{"name,"}, []string{"name,asc"}},
		{[]string{"name,desc,"}, []string{"name,desc"}},
		{[]string{"name,desc,version"}, []string{"name,version,asc"}}, // a direction counts at the end alone
		{[]string{"name,nosuch,desc"}, []string{"name,desc"}},
		{[]string{"name,desc,ignorecase"}, []string{"name,desc"}},
		{[]string{" name"}, nil},
	} {
		t.Run(strings.Join(c.values, "&"), func(t *testing.T) {
			got := sortExpressions(parseSort(c.values, sortable))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestOrderHasEachFieldOnce(t *testing.T) {
	p := parsePage(url.Values{"sort": {"name,desc", "version", "name,asc", "version,desc", "name"}},
		[]purser.OrderField{purser.OrderName, purser.OrderVersion})
	want := []purser.Order{{Field: purser.OrderName, Descending: true}, {Field: purser.OrderVersion}}
	if diff := cmp.Diff(want, p.order()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestKeptQuery(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"", ""},
		{"size=1&page=2&sort=name", ""},
		{"size=1&colour=green&page=1", "colour=green"},
		{"a=1&b=2&a=3", "a=1&a=3&b=2"},
		{"flag&size=2", "flag"},
		{"a=&b=%20x+y", "a=&b=%20x+y"},
		{"%73ize=2&a=1", "a=1"},
		{"&&a=1&", "a=1"},
		{"=1", "1"},
		{"%zz=1", "%zz=1"},
	} {
		t.Run(c.raw, func(t *testing.T) {
			if got := strings.Join(keptQuery(c.raw), "&"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPageAddresses(t *testing.T) {
	for _, c := range []struct {
		rule, raw string
		total     int
		want      []address
	}{
		{"one page has no way", "size=3", 3, []address{{"self", "/x?size=3"}}},
		{"nothing has no way", "", 0, []address{{"self", "/x"}}},
		{"the first of two", "size=3", 4, []address{
			{"first", "/x?page=0&size=3"},
			{"self", "/x?size=3"},
			{"next", "/x?page=1&size=3"},
			{"last", "/x?page=1&size=3"},
		}},
		{"the second of three keeps what it does not know", "a=b&page=1&size=1&sort=name,desc&sort=nosuch", 3, []address{
			{"first", "/x?a=b&page=0&size=1&sort=name,desc"},
			{"prev", "/x?a=b&page=0&size=1&sort=name,desc"},
			{"self", "/x?a=b&page=1&size=1&sort=name,desc&sort=nosuch"},
			{"next", "/x?a=b&page=2&size=1&sort=name,desc"},
			{"last", "/x?a=b&page=2&size=1&sort=name,desc"},
		}},
		{"past the end", "page=99&size=3", 21, []address{
			{"first", "/x?page=0&size=3"},
			{"prev", "/x?page=98&size=3"},
			{"self", "/x?page=99&size=3"},
			{"last", "/x?page=6&size=3"},
		}},
		{"past the end of nothing", "page=1", 0, []address{
			{"first", "/x?page=0&size=20"},
			{"prev", "/x?page=0&size=20"},
			{"self", "/x?page=1"},
			{"last", "/x?page=0&size=20"},
		}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			query, err := url.ParseQuery(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			got := pageAddresses("/x", c.raw, parsePage(query, []purser.OrderField{purser.OrderName}), c.total)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(address{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func FuzzParsePage(f *testing.F) {
	for _, seed := range []string{"", "page=1&size=2&sort=name,desc", "sort=,,&size=0", "page=%zz", "a;b=c&size=9999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u := url.URL{RawQuery: raw}
		p := parsePage(u.Query(), []purser.OrderField{purser.OrderName})
		if p.number < 0 || p.size < 1 || p.size > maxSize {
			t.Errorf("%q gave page %d of size %d", raw, p.number, p.size)
		}
		for _, l := range pageAddresses("/x", raw, p, 50) {
			if !strings.HasPrefix(l.href, "/x") {
				t.Errorf("%q gave the link %s", raw, l.href)
			}
		}
	})
}
