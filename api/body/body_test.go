package body_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"purser/api/body"
)

func mustParse(tb testing.TB, text string) *body.Object {
	tb.Helper()
	o, err := body.Parse([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

func TestMembers(t *testing.T) {
	o := mustParse(t, `{"text":"a\"b\\\/\b\f\n\r\t\u00e9","number":-1.5e1,"yes":true,"no":false,"null":null,
		"list":["a",1,null],"map":{"a":"b","n":2,"a":"c","z":null},"objects":[{"x":1},null],"object":{"y":{"z":"deep"}},"empty":"","raw":{ "a" : 1 }}`)
	for _, row := range []struct {
		rule      string
		want, got any
	}{
		{"a text", "a\"b\\/\b\f\n\r\té", *o.Text("text")},
		{"a number as text", "-1.5e1", *o.Text("number")},
		{"a boolean as text", "true", *o.Text("yes")},
		{"an empty text", "", *o.Text("empty")},
		{"null", (*string)(nil), o.Text("null")},
		{"what is not there", (*string)(nil), o.Text("nothing")},
		{"a number", -15, *o.Int("number")},
		{"a long number", int64(-15), *o.Long("number")},
		{"an empty text as number", (*int)(nil), o.Int("empty")},
		{"a boolean", true, o.Bool("yes")},
		{"no", false, o.Bool("no")},
		{"an empty text as boolean", false, o.Bool("empty")},
		{"null as boolean", false, o.Bool("null")},
		{"a list of texts", []string{"a", "1", ""}, o.Texts("list")},
		{"no list of texts", []string(nil), o.Texts("null")},
		{"a map of texts", map[string]string{"a": "c", "n": "2"}, o.TextMap("map")},
		{"no map of texts", map[string]string(nil), o.TextMap("nothing")},
		{"objects", 2, len(o.Objects("objects"))},
		{"an object in a list", 1, *o.Objects("objects")[0].Int("x")},
		{"null in a list", true, o.Objects("objects")[1].IsNull()},
		{"a deep object", "deep", *o.Object("object").Object("y").Text("z")},
		{"an object that is not there", true, o.Object("nothing").IsNull()},
		{"its members", (*string)(nil), o.Object("nothing").Object("more").Text("x")},
		{"as it is", `{ "a" : 1 }`, string(o.Raw("raw"))},
		{"what is there", true, o.Has("empty")},
		{"what is null", false, o.Has("null")},
		{"no bytes", []byte(nil), o.Bytes("null")},
	} {
		if diff := cmp.Diff(row.want, row.got); diff != "" {
			t.Errorf("%s: %s", row.rule, diff)
		}
	}
	if err := o.Err(); err != nil {
		t.Error(err)
	}
}

func TestErrorsNameTheFirstPlace(t *testing.T) {
	o := mustParse(t, "{\n \"a\": [1],\n \"b\": {\"c\": {}}\n}")
	o.Object("b").Text("c")
	o.Text("a")
	if o.Text("b") != nil || o.Objects("a") != nil || o.Raw("a") != nil {
		t.Error("after an error members come out filled")
	}
	var wrong *body.Error
	if err := o.Err(); !errors.As(err, &wrong) || wrong.Line != 3 || wrong.Column != 13 || wrong.Reason != "'c' wants a text, not an object" {
		t.Errorf("got %v", err)
	}
}

func TestLongValuesAreNotShown(t *testing.T) {
	o := mustParse(t, `{"a":"`+strings.Repeat("secret", 100)+`","b":1`+strings.Repeat("0", 500)+`}`)
	o.Int("a")
	if err := o.Err(); err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "a text of 600 characters") {
		t.Errorf("got %v", err)
	}
	o = mustParse(t, `{"b":1`+strings.Repeat("0", 500)+`}`)
	o.Int("b")
	if err := o.Err(); err == nil || !strings.Contains(err.Error(), "a number of 501 characters") {
		t.Errorf("got %v", err)
	}
}

func TestNull(t *testing.T) {
	for _, text := range []string{"null", " null x", "\xef\xbb\xbfnull"} {
		if o, err := body.Parse([]byte(text)); o != nil || err != nil {
			t.Errorf("%q: %v %v", text, o, err)
		}
	}
}

// FuzzParse: whatever the bytes, reading ends well; and what the standard library takes for an object, in UTF-8, is
// one here, with the same members.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":"b","c":[1,2.5e3,true,null,{"d":"\u00e9\ud83d\udea2"}]}`, `{"a":1}}`, `{"a":{"a":{"a":[]}}}`, `null`, `[]`, `{"`, "\xef\xbb\xbf{}",
		`{"a":"AAEC"}`, `{"a":[1,-1,255]}`, `{"a":" true "}`, `{"a":1e400}`, `{"\u0061":0}`, `{"a":"\ud800"}`, `{"a":"\ud800\u0041"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		o, err := body.Parse(data)
		var members map[string]any
		if standard := json.Unmarshal(data, &members); standard == nil && members != nil && utf8.Valid(data) && err != nil {
			if wrong := (*body.Error)(nil); !errors.As(err, &wrong) || !strings.Contains(wrong.Reason, "nested deeper") {
				t.Fatalf("%q is refused: %v", data, err)
			}
		}
		if err != nil || o == nil {
			return
		}
		for key, value := range members {
			fresh, err := body.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			text := fresh.Text(key)
			if want, ok := value.(string); ok && (text == nil || *text != want) {
				t.Fatalf("%q: member %q is %v, want %q", data, key, text, want)
			}
		}
		for _, read := range []func(o *body.Object){
			func(o *body.Object) { o.Text("a") },
			func(o *body.Object) { o.Int("a") },
			func(o *body.Object) { o.Long("a") },
			func(o *body.Object) { o.Bool("a") },
			func(o *body.Object) { o.Bytes("a") },
			func(o *body.Object) { o.Texts("a") },
			func(o *body.Object) { o.TextMap("a") },
			func(o *body.Object) { o.Object("a").Object("a").Text("a") },
			func(o *body.Object) {
				for _, inner := range o.Objects("a") {
					inner.Text("a")
				}
			},
		} {
			if o, err = body.Parse(data); err != nil {
				t.Fatal(err)
			}
			read(o)
			if wrong := (*body.Error)(nil); o.Err() != nil && (!errors.As(o.Err(), &wrong) || wrong.Line < 1 || wrong.Column < 1) {
				t.Fatalf("%q: %v", data, o.Err())
			}
		}
		if !bytes.Equal(before, data) {
			t.Fatal("reading changes the bytes")
		}
	})
}

func BenchmarkUpload(b *testing.B) {
	text := []byte(`{"repoName":"local","name":"demo","version":"1.0.0","extension":"zip","packageFileAsBytes":"` +
		strings.Repeat("AAECAwQFBgcI", 100_000) + `"}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		o, err := body.Parse(text)
		if err != nil || len(o.Bytes("packageFileAsBytes")) != 900_000 {
			b.Fatal(err)
		}
	}
}
