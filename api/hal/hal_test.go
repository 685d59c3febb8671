package hal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser/api/hal"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

func sample() hal.Resource {
	nothing := (*string)(nil)
	release := hal.Members{
		{"name", "hello"},
		{"version", 1},
		{"pkg", hal.Members{
			{"templates", []hal.Members{{{"name", "a.yml"}, {"data", "a: \"b\"\n<&>"}}, {{"name", "b.yml"}, {"data", nothing}}}},
			{"dependencies", []any{}},
			{"configValues", nil},
			{"attributes", map[string]string{"url": "u", "guid": "g"}},
			{"empty", hal.Members{}},
			{"numbers", []any{1, int64(2), 2.5, true}},
			{"bytes", []byte{0, 1, 2}},
		}},
	}
	item := hal.Resource{Fields: release, Links: hal.Links{hal.To("status", "http://h/api/release/status/{name}")}}
	return hal.Resource{
		Embedded: &hal.Embedded{Rel: "releases", Items: []hal.Resource{item, {Fields: hal.Members{{"name", "other"}}}}},
		Links: hal.Links{
			hal.To("self", "http://h/api/releases"),
			hal.To("install", "http://h/1"), hal.To("last", "http://h/l"), hal.To("install", "http://h/{id}"),
		},
		Page: &hal.Page{Size: 20, TotalElements: 2, TotalPages: 1},
	}
}

func TestGolden(t *testing.T) {
	golden(t, "pretty.json", hal.Append(nil, hal.Pretty, sample()))
	golden(t, "compact.json", hal.Append(nil, hal.Compact, sample()))
}

func TestLayout(t *testing.T) {
	for _, row := range []struct {
		rule   string
		fields hal.Fields
		pretty string
		dense  string
	}{
		{"an empty object has one blank", hal.Members{}, `{ }`, `{}`},
		{"an empty array has one blank", hal.Members{{"a", []any{}}}, "{\n  \"a\" : [ ]\n}", `{"a":[]}`},
		{
			"objects in an array follow on one line",
			hal.Members{{"a", []any{hal.Members{{"b", 1}}, hal.Members{{"c", 2}}}}},
			"{\n  \"a\" : [ {\n    \"b\" : 1\n  }, {\n    \"c\" : 2\n  } ]\n}", `{"a":[{"b":1},{"c":2}]}`,
		},
		{"numbers in an array stand on one line", hal.Members{{"a", []any{1, 2}}}, "{\n  \"a\" : [ 1, 2 ]\n}", `{"a":[1,2]}`},
		{"arrays nest", hal.Members{{"a", []any{[]any{}, []any{1}}}}, "{\n  \"a\" : [ [ ], [ 1 ] ]\n}", `{"a":[[],[1]]}`},
		{"no links, no member", hal.Resource{}, `{ }`, `{}`},
		{
			"an empty embedded list is an empty array",
			hal.Resource{Embedded: &hal.Embedded{Rel: "releases"}},
			"{\n  \"_embedded\" : {\n    \"releases\" : [ ]\n  }\n}", `{"_embedded":{"releases":[]}}`,
		},
		{"null is null", hal.Members{{"a", nil}, {"b", (*string)(nil)}}, "{\n  \"a\" : null,\n  \"b\" : null\n}", `{"a":null,"b":null}`},
		{
			"maps are sorted",
			hal.Members{{"a", map[string]any{"z": 1, "b": "x"}}},
			"{\n  \"a\" : {\n    \"b\" : \"x\",\n    \"z\" : 1\n  }\n}", `{"a":{"b":"x","z":1}}`,
		},
		{"no number is null", hal.Members{{"a", nan()}}, "{\n  \"a\" : null\n}", `{"a":null}`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got := string(hal.Append(nil, hal.Pretty, row.fields)); got != row.pretty {
				t.Errorf("pretty: got %s, want %s", got, row.pretty)
			}
			if got := string(hal.Append(nil, hal.Compact, row.fields)); got != row.dense {
				t.Errorf("compact: got %s, want %s", got, row.dense)
			}
		})
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

func TestEscapes(t *testing.T) {
	for _, row := range []struct{ rule, in, want string }{
		{"HTML stays", `<a href='x'>&</a>`, `"<a href='x'>&</a>"`},
		{"quote and backslash", `a"b\c`, `"a\"b\\c"`},
		{"named control characters", "\b\f\n\r\t", `"\b\f\n\r\t"`},
		{"other control characters in upper case", "\x00\x1b\x1f", `"\u0000\u001B\u001F"`},
		{"DEL and line separators stay", "\x7f\u2028\u2029", "\"\x7f\u2028\u2029\""},
		{"letters stay", "grün 漢 🚢", `"grün 漢 🚢"`},
		{"broken UTF-8 becomes the replacement", "a\xffb\xc3", "\"a\ufffdb\ufffd\""},
		{"the replacement itself stays", "\ufffd", "\"\ufffd\""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			w := hal.NewWriter(hal.Compact, nil)
			w.String(row.in)
			if got := string(w.Bytes()); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestQuotedHoldsADocument(t *testing.T) {
	w := hal.NewWriter(hal.Pretty, nil)
	w.BeginObject()
	w.Key("platformStatus")
	w.Quoted(func(in *hal.Writer) { in.Value([]any{hal.Members{{"a", "b\"c"}}}) })
	w.EndObject()
	want := "{\n  \"platformStatus\" : \"[{\\\"a\\\":\\\"b\\\\\\\"c\\\"}]\"\n}"
	if got := string(w.Bytes()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestUnknownTypePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for a type without a form")
		}
	}()
	hal.NewWriter(hal.Compact, nil).Value(struct{}{})
}

// Every text and every nesting comes out as JSON that the standard library reads back to the same values.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := tree(3).Draw(t, "value")
		for _, style := range []hal.Style{hal.Pretty, hal.Compact} {
			w := hal.NewWriter(style, nil)
			w.Value(value)
			var back any
			if err := json.Unmarshal(w.Bytes(), &back); err != nil {
				t.Fatalf("%s: %v", w.Bytes(), err)
			}
			if diff := cmp.Diff(value, back); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func tree(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) any { return strings.ToValidUTF8(s, "\ufffd") }),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just[any](nil),
	)
	if depth == 0 {
		return leaf
	}
	inner := rapid.Deferred(func() *rapid.Generator[any] { return tree(depth - 1) })
	return rapid.OneOf(leaf,
		rapid.Map(rapid.SliceOfN(inner, 0, 4), func(l []any) any { return append([]any{}, l...) }),
		rapid.Map(rapid.MapOfN(rapid.StringMatching(`[a-zé" ]{0,6}`), inner, 0, 4), func(m map[string]any) any { return m }),
	)
}

type countingSink struct {
	bytes.Buffer
	writes int
	fail   error
}

func (s *countingSink) Write(p []byte) (int, error) {
	s.writes++
	if s.fail != nil {
		return 0, s.fail
	}
	return s.Buffer.Write(p)
}

func TestStreamHandsOver(t *testing.T) {
	item := hal.Members{{"data", strings.Repeat("x", 1000)}}
	write := func(w *hal.Writer) {
		w.BeginArray()
		for range 500 {
			w.Object(item)
			if err := w.Flush(); err != nil {
				break
			}
		}
		w.EndArray()
	}
	whole := hal.NewWriter(hal.Pretty, nil)
	write(whole)

	sink := &countingSink{}
	stream := hal.Stream(hal.Pretty, sink)
	write(stream)
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(sink.Bytes(), whole.Bytes()) {
		t.Error("a stream writes something else than a buffer")
	}
	if sink.writes < 10 || cap(stream.Bytes()) > 64<<10 {
		t.Errorf("%d writes, buffer of %d bytes", sink.writes, cap(stream.Bytes()))
	}

	broken := &countingSink{fail: errors.New("gone")}
	stream = hal.Stream(hal.Pretty, broken)
	write(stream)
	if err := stream.Close(); !errors.Is(err, broken.fail) || broken.writes != 1 {
		t.Errorf("got %v after %d writes, want the sink's first error", err, broken.writes)
	}
}

func BenchmarkAppend(b *testing.B) {
	resource := sample()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = hal.Append(buf[:0], hal.Pretty, resource)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkString(b *testing.B) {
	text := strings.Repeat("  \"key\": \"value\"\n", 300)
	w := hal.NewWriter(hal.Compact, nil)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(hal.Compact)
		w.String(text)
	}
}
