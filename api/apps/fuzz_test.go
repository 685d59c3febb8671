package apps

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"purser/api"
)

// A cursor is read as it was written, and nothing else is read as a cursor.
func TestCursorsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cursor{Last: rapid.IntRange(1, 1<<40).Draw(t, "last"), Archived: rapid.Bool().Draw(t, "archived")}
		if got, ok := parseCursor(c.String()); !ok || got != c {
			t.Fatalf("%+v came back as %+v, %v", c, got, ok)
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, text := range []string{cursor{Last: 7}.String(), cursor{Last: 1, Archived: true}.String(), "", "%%%", "e30", "eyJsYXN0IjowfQ", "bnVsbA"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, ok := parseCursor(text); ok && (c.Last < 1 || c.String() != text) {
			t.Errorf("%q is %+v", text, c)
		}
	})
}

// Whatever a query holds, it is read within bounds, or told what is wrong with it in valid JSON.
func FuzzQuery(f *testing.F) {
	for _, text := range []string{"", "limit=1", "limit=_1&cursor=%", "include_archived=x&limit=0", "a=%zz&=&&", "limit=%ff", "limit=-0.0", "cursor=e30"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		p, err := readPage(raw)
		if err == nil && (p.limit < leastLimit || p.limit > mostLimit || p.after < 0) {
			t.Errorf("%q: %+v", raw, p)
		}
		mustTell(t, err, 422)
	})
}

// Whatever a body holds, it is a draft that can be stored, or told what is wrong with it in valid JSON. What Go's decoder
// takes is taken here as well, and says the same.
func FuzzBody(f *testing.F) {
	for _, text := range []string{
		`{"release_tag":"v1","description":null}`, `{`, `[1,{"a":NaN}]`, `"\ud83d\ude00"`, `{"a":"\ud800"}`, `{"release_tag":"` + strings.Repeat("é", 129) + `"}`,
		"\xef\xbb\xbf{}", `-1.5e+3`, `{"a":1,"a":[2]}`, `{"release_tag":" \u3000v"}`, strings.Repeat("[", 2000), `1e999`, "\"\x00\"",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := parseDraft(data, "application/json")
		if length := utf8.RuneCountInString(d.tag); err == nil && (length < 1 || length > longestTag || strings.TrimSpace(d.tag) != d.tag || strings.ContainsRune(d.tag, 0)) {
			t.Errorf("%q: %q", data, d.tag)
		}
		mustTell(t, err, 422, 400)
		v, err := decodeJSON(data)
		var want any
		if utf8.Valid(data) && json.Unmarshal(data, &want) == nil && depth(data) < deepest && len(data) < longestNumber {
			var got any
			if err != nil || json.Unmarshal(v.append(nil), &got) != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%q: %v, %q", data, err, v.append(nil))
			}
		}
		if err == nil && !json.Valid(v.append(nil)) {
			t.Errorf("%q comes out as %q", data, v.append(nil))
		}
		if bad, ok := errors.AsType[*jsonError](err); ok && (bad.at < 0 || bad.at > utf8.RuneCount(data)) {
			t.Errorf("%q: %v", data, bad)
		}
	})
}

// depth is how deep a text can be nested at most.
func depth(data []byte) int {
	return strings.Count(string(data), "[") + strings.Count(string(data), "{")
}

// mustTell sees to it that a refusal has one of the statuses and a form in JSON.
func mustTell(t *testing.T, err error, statuses ...int) {
	t.Helper()
	if err == nil {
		return
	}
	f, ok := errors.AsType[*api.Failure](err)
	if !ok {
		t.Fatal(err)
	}
	known := false
	for _, status := range statuses {
		known = known || f.Status == status
	}
	if !known {
		t.Errorf("%d: %v", f.Status, err)
	}
	if bad, ok := errors.AsType[*invalid](f.Err); ok {
		if _, err := json.Marshal(bad.issues); err != nil {
			t.Error(err)
		}
	}
}

func TestBodiesThatAreTooMuch(t *testing.T) {
	for _, row := range []struct {
		rule, body string
		status     int
	}{
		{"nested too deep", strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), 400},
		{"nested as deep as may be", strings.Repeat("[", deepest) + strings.Repeat("]", deepest), 422},
		{"begun too deep", strings.Repeat("[", 100_000), 400},
		{"a number of too many digits", `{"release_tag":1` + strings.Repeat("0", 5000) + "}", 400},
		{"a fraction of many digits", `{"release_tag":1.` + strings.Repeat("0", 5000) + "}", 422},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := parseDraft([]byte(row.body), "application/json")
			f, ok := errors.AsType[*api.Failure](err)
			if !ok || f.Status != row.status {
				t.Errorf("%v, want %d", err, row.status)
			}
		})
	}
}
