package api_test

import (
	"strings"
	"testing"

	"purser/api"
)

func TestNegotiate(t *testing.T) {
	model, plain := api.ModelTypes(), api.PlainTypes()
	const hal, json = api.TypeHAL, api.TypeJSON
	for _, row := range []struct {
		rule   string
		accept string // lines are separated by |
		offers []string
		want   string // "": nothing fits
	}{
		{"no header takes the first offer", "", model, hal},
		{"blank lines are no header", " | ", plain, json},
		{"anything takes the first offer", "*/*", model, hal},
		{"a type alone takes its first offer", "application/*", model, hal},
		{"an asterisk alone is anything", "*", plain, json},
		{"the type that is named", "application/json", model, json},
		{"names do not care for case", "Application/JSON", model, json},
		{"what the Java client sends", "application/json, application/*+json", model, json},
		{"the same the other way round", "application/*+json, application/json", model, json},
		{"a suffix alone", "application/*+json", model, hal},
		{"ties follow the header", "application/hal+json, application/json", model, hal},
		{"ties follow the header, too", "application/json, application/hal+json", model, json},
		{"weights count", "application/json;q=0.5, application/hal+json", model, hal},
		{"weights count more than the order", "application/json;q=0.5, application/hal+json;q=0.4", model, json},
		{"a range that names a type goes before one that does not", "*/*, application/json", model, json},
		{"but weighs less when it says so", "application/json;q=0.1, */*", model, hal},
		{"a weight of zero is no wish", "application/json;q=0", model, ""},
		{"others may still be wished for", "application/hal+json;q=0, */*;q=0.1", model, hal},
		{"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", model, hal},
		{"a vendor's type is echoed", "application/vnd.x+json", model, "application/vnd.x+json"},
		{"several lines are one header", "text/html|application/json", model, json},
		{"parameters are echoed", "application/json;profile=bare", model, "application/json;profile=bare"},
		{"quoted parameters are echoed", `application/json;profile="a,b;c"`, model, `application/json;profile="a,b;c"`},
		{"the charset that is true is echoed", "application/json; charset=utf-8", plain, "application/json;charset=utf-8"},
		{"another charset is not", "application/json;charset=ISO-8859-1", plain, json},
		{"parameters of a wildcard are not", "*/*;level=1", plain, json},
		{"HTML alone", "text/html", model, ""},
		{"text alone", "text/plain, application/xml", plain, ""},
		{"a suffix of another type", "text/x+json", plain, ""},
		{"empty entries do not count", ", ,application/json,", plain, json},
		{"no type", "nonsense", plain, ""},
		{"half a type", "application/", plain, ""},
		{"a wildcard before a type", "*/json", plain, ""},
		{"a weight that is none", "application/json;q=x", plain, ""},
		{"a weight above one", "application/json;q=2", plain, ""},
		{"bytes that do not belong into a header", "application/json;a=\x01", plain, ""},
		{"an offer that is not JSON", "text/plain", []string{"text/plain", json}, "text/plain"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var lines []string
			if row.accept != "" {
				lines = strings.Split(row.accept, "|")
			}
			got, ok := api.Negotiate(lines, row.offers...)
			if got != row.want && (ok || row.want != "") || ok != (row.want != "") {
				t.Errorf("got %q %v, want %q", got, ok, row.want)
			}
		})
	}
}

func FuzzNegotiate(f *testing.F) {
	for _, seed := range []string{"*/*", "application/json;q=0.5, text/*", `a/b;c="d\"e,f";q=1`, ";;q=,,/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		label, ok := api.Negotiate([]string{accept}, api.ModelTypes()...)
		if ok && (!strings.Contains(label, "/") || strings.ContainsFunc(label, func(c rune) bool { return c < ' ' || c > '~' })) {
			t.Errorf("%q gives the label %q", accept, label)
		}
	})
}

func BenchmarkNegotiate(b *testing.B) {
	header := []string{"application/json, application/*+json"}
	offers := api.ModelTypes()
	b.ReportAllocs()
	for b.Loop() {
		api.Negotiate(header, offers...)
	}
}
