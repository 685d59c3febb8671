package data

import (
	"net/http"
	"testing"
)

func TestNotModified(t *testing.T) {
	for _, c := range []struct {
		rule   string
		header http.Header
		tag    string
		want   bool
	}{
		{"no condition", http.Header{}, `"0"`, false},
		{"the same tag", http.Header{"If-None-Match": {`"0"`}}, `"0"`, true},
		{"another tag", http.Header{"If-None-Match": {`"1"`}}, `"0"`, false},
		{"a weak tag", http.Header{"If-None-Match": {`W/"0"`}}, `"0"`, true},
		{"inside a list", http.Header{"If-None-Match": {`"7", W/"8" , "0"`}}, `"0"`, true},
		{"in a second header line", http.Header{"If-None-Match": {`"7"`, `"0"`}}, `"0"`, true},
		{"a comma inside a tag", http.Header{"If-None-Match": {`"7,0"`}}, `"0"`, false},
		{"any tag", http.Header{"If-None-Match": {`*`}}, `"0"`, false},
		{"an unquoted tag", http.Header{"If-None-Match": {`0`}}, `"0"`, false},
		{"an unquoted tag before a good one", http.Header{"If-None-Match": {`0,"0"`}}, `"0"`, true},
		{"a tag without end", http.Header{"If-None-Match": {`"0`}}, `"0"`, false},
		{"no tag of its own", http.Header{"If-None-Match": {`"0"`}}, ``, false},
		{"a date that is past", http.Header{"If-Modified-Since": {"Thu, 01 Jan 1970 00:00:00 GMT"}}, `"0"`, true},
		{"a date to come", http.Header{"If-Modified-Since": {"Fri, 01 Jan 2100 00:00:00 GMT"}}, `"0"`, true},
		{"an old form of date", http.Header{"If-Modified-Since": {"Sunday, 06-Nov-94 08:49:37 GMT"}}, `"0"`, true},
		{"a date that is none", http.Header{"If-Modified-Since": {"yesterday"}}, `"0"`, false},
		{
			"a date beside another tag",
			http.Header{"If-None-Match": {`"9"`}, "If-Modified-Since": {"Thu, 01 Jan 1970 00:00:00 GMT"}},
			`"0"`, true,
		},
		{"If-Match does not count", http.Header{"If-Match": {`"0"`}}, `"0"`, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := notModified(c.header, c.tag); got != c.want {
				t.Errorf("notModified(%v, %s) = %t, want %t", c.header, c.tag, got, c.want)
			}
		})
	}
}

func TestPreconditionFailed(t *testing.T) {
	for _, c := range []struct {
		rule   string
		values []string
		echo   string
		failed bool
	}{
		{"no condition", nil, "", false},
		{"the same tag", []string{`"0"`}, "", false},
		{"another tag", []string{`"99"`}, `"99"`, true},
		{"inside a list", []string{`"99", "0"`}, "", false},
		{"none of a list", []string{`"99", "98"`}, `"99"`, true},
		{"any tag", []string{`*`}, "", false},
		{"an unquoted tag", []string{`99`}, `"99"`, true},
	} {
		t.Run(c.rule, func(t *testing.T) {
			h := http.Header{}
			for _, v := range c.values {
				h.Add("If-Match", v)
			}
			echo, failed := preconditionFailed(h, `"0"`)
			if echo != c.echo || failed != c.failed {
				t.Errorf("preconditionFailed(%v) = %s, %t; want %s, %t", c.values, echo, failed, c.echo, c.failed)
			}
		})
	}
}

func FuzzParseTags(f *testing.F) {
	for _, seed := range []string{`"0"`, `W/"0", "1"`, `*`, `"`, `,,W/`, `"a" b "c"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, tag := range parseTags([]string{text}) {
			if len(tag) < 2 || tag[0] != '"' || tag[len(tag)-1] != '"' {
				t.Errorf("parseTags(%q) gave %q, which is not quoted", text, tag)
			}
		}
	})
}
