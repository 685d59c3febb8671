package catalog

import (
	"strings"
	"testing"
	"time"
)

func TestParseMoment(t *testing.T) {
	for text, want := range map[string]string{
		"2026":                          "2026-01-01T00:00:00Z",
		"2026-02":                       "2026-02-01T00:00:00Z",
		"2026-02-03":                    "2026-02-03T00:00:00Z",
		"20260203":                      "2026-02-03T00:00:00Z",
		"2026-02-31":                    "2026-03-03T00:00:00Z",
		"2026-W05":                      "2026-01-26T00:00:00Z",
		"2026-W05-3":                    "2026-01-28T00:00:00Z",
		"2026W053":                      "2026-01-28T00:00:00Z",
		"2026-034":                      "2026-02-03T00:00:00Z",
		"2026-02-03T04:05":              "2026-02-03T04:05:00Z",
		"2026-02-03 04:05:06":           "2026-02-03T04:05:06Z",
		"2026-02-03T04":                 "2026-02-03T04:00:00Z",
		"2026-02-03T040506Z":            "2026-02-03T04:05:06Z",
		"2026-02-03T04:05:06.789Z":      "2026-02-03T04:05:06.789Z",
		"2026-02-03T04:05:06,5z":        "2026-02-03T04:05:06.5Z",
		"2026-02-03T04:05:06+01:00":     "2026-02-03T03:05:06Z",
		"2026-02-03T04:05:06-0130":      "2026-02-03T05:35:06Z",
		"2026-02-03T04:05:06+01":        "2026-02-03T03:05:06Z",
		"2026-02-03T24:00":              "2026-02-04T00:00:00Z",
		"2026-02-03T04:05:06.123456789": "2026-02-03T04:05:06.123456789Z",
	} {
		at, ok := parseMoment(text)
		if got := at.Format(time.RFC3339Nano); !ok || got != want {
			t.Errorf("%s: %s, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "soon", "T", "26-02-03", "2026-", "2026-13-01", "2026-00-01", "2026-02-00", "2026-02-32", "2026-2-3", "2026-W00", "2026-W54", "2026-W05-8",
		"2026-000", "2026-367", "2026-02-03T", "2026-02-03T25:00", "2026-02-03T24:01", "2026-02-03T04:60", "2026-02-03T04:05:60", "2026-02-03T4:05",
		"2026-02-03T04:05:06+24:00", "2026-02-03T04:05:06 Z", "2026-02-03T04:05:06.Z", "1769860800", "2026/02/03", "Sat Jan 31 2026", "2026-02-03T04:05:06Zx",
	} {
		if at, ok := parseMoment(text); ok {
			t.Errorf("%q is %s", text, at)
		}
	}
}

func TestIsAddress(t *testing.T) {
	for _, text := range []string{
		"alice@example.org", "a.b+c@example.co.uk", "a_b-c%d@sub.example.org", `"a b"@example.org`, "ü@example.org", "a@büro.example", "x@example.xn--p1ai",
		strings.Repeat("a", 64) + "@example.org",
	} {
		if !isAddress(text) {
			t.Errorf("%q is none", text)
		}
	}
	for _, text := range []string{
		"", "x", "@example.org", "a@", "a@b", "a@localhost", "a b@example.org", "a@exa mple.org", "a@-example.org", "a@example-.org", "a@example.o", "a@example.1",
		".a@example.org", "a.@example.org", "a..b@example.org", "a@example..org", "a@[127.0.0.1]", "a@127.0.0.1", "a@b@example.org", "a@example.org ",
		"Alice <alice@example.org>", `"a"b"@example.org`, "a\x00@example.org", strings.Repeat("a", 65) + "@example.org",
		"a@" + strings.Repeat("a", 64) + ".org", "a@" + strings.Repeat("a.", 130) + "org",
	} {
		if isAddress(text) {
			t.Errorf("%q is one", text)
		}
	}
}

func TestDependency(t *testing.T) {
	h := New(Options{Projects: []Project{{1, "demo"}, {2, "de@mo.x"}, {12, "demo"}}})
	for id, want := range map[string]string{
		"1.demo@1.0.0": "demo 1.0.0", "1.demo@": "demo ", "2.de@mo.x@1@2": "de@mo.x 1@2", "12.demo@1": "demo 1",
		"2.demo@1.0.0": " ", "1.de@mo.x@1": " ", "demo@1.0.0": " ", "": " ", "1": " ", "01.demo@1": " ",
	} {
		if d := h.dependency(id, "x"); d.Package+" "+d.Version != want || d.Reference != id {
			t.Errorf("%s: %+v", id, d)
		}
	}
}

// Whatever is sent, it is read as an import or refused with messages, and what is read again reads the same.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"version":"1.0.0","createdAt":"2026","project":"demo","author":"a@example.org","artifacts":[{"name":"a","size":1e3,"sha256":"x","downloadUrl":"y","metadata":{"a":[1]}}]}`))
	f.Add([]byte(`{"version":"1.0.0","createdAt":"2026","project":"demo","author":"a@example.org","artifacts":[],"dockerImages":[{"name":"a","imageUrl":"b"}],"dependencies":[{"catalogId":"1.demo@2","name":"a","version":"b"}]}`))
	f.Add([]byte(`{"version":"a/b","size":-1,"artifacts":[null,1,"x",[]],"metadata":[],"dockerImages":{}}`))
	f.Add([]byte(`[]`))
	f.Add([]byte(`{"artifacts":[{"size":1.5,"isExecutable":1}],"version":"\u0000"`))
	h := New(Options{Projects: []Project{{1, "demo"}}})
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := parseObject(data)
		if err != nil {
			if o != nil || err.Error() == "" {
				t.Errorf("%v, %v", o, err)
			}
			return
		}
		r, err := h.request(o)
		if err != nil {
			return
		}
		v := r.Version
		if v.Version == "" || strings.ContainsAny(v.Version, "/\\\x00") || !isAddress(v.Author) || v.Title == "" {
			t.Errorf("%+v", v)
		}
		for _, a := range r.Artifacts {
			if a.Name == "" || a.SHA256 == "" || a.Source == "" || a.Size < 0 || a.Metadata != "" && a.Metadata[0] != '{' {
				t.Errorf("%+v", a)
			}
		}
	})
}

func FuzzParseMoment(f *testing.F) {
	for _, text := range []string{"2026-02-03T04:05:06.789+01:00", "2026-W05-3", "20260203T040506Z", "2026-034"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseMoment(text)
		if !ok {
			return
		}
		again, ok := parseMoment(at.Format(time.RFC3339Nano))
		if at.Year() >= 0 && at.Year() <= 9999 && (!ok || !again.Equal(at)) {
			t.Errorf("%q is %s, and again %s", text, at, again)
		}
	})
}
