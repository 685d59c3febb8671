package overrides_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"purser/overrides"
)

// apply carries a line out on a YAML text and gives the values.
func apply(text, line string) (any, error) {
	list, err := overrides.Parse(line)
	if err != nil {
		return nil, err
	}
	out, err := overrides.Apply(text, list...)
	if err != nil {
		return nil, err
	}
	var values any
	return values, yaml.Unmarshal([]byte(out), &values)
}

func mustRead(tb testing.TB, text string) (values any) {
	tb.Helper()
	if err := yaml.Unmarshal([]byte(text), &values); err != nil {
		tb.Fatalf("%v: %s", err, text)
	}
	return values
}

func TestLines(t *testing.T) {
	rows := []struct{ rule, text, line, want string }{
		{"dots nest", "", "a.b.c=x", `{a: {b: {c: x}}}`},
		{"what is there stays", "a: {b: 1, z: 2}", "a.b=3", `{a: {b: 3, z: 2}}`},
		{"commas divide", "", "a=1,b=2", `{a: 1, b: 2}`},
		{"a backslash makes a dot part of a name", "", `d\.e=x`, `{d.e: x}`},
		{"a backslash makes a comma part of a value", "", `a=x\,y,b=z`, `{a: "x,y", b: z}`},
		{"a backslash makes any character what it is", "", `a\=b\[c\,=\\\{`, `{"a=b[c,": "\\{"}`},
		{"a backslash at the end is none", "", `a=x\`, `{a: x}`},
		{"an equals sign belongs to a value", "", "a=b=c", `{a: "b=c"}`},
		{"no value is empty text", "", "a=,b=", `{a: "", b: ""}`},
		{"blanks count", "", "a= x ", `{a: " x "}`},
		{"true in any case", "", "a=True,b=TRUE,c=true", `{a: true, b: true, c: true}`},
		{"false in any case", "", "a=False,b=fALSE", `{a: false, b: false}`},
		{"zero", "", "a=0", `{a: 0}`},
		{"whole numbers", "", "a=12,b=-12,c=9223372036854775807", `{a: 12, b: -12, c: 9223372036854775807}`},
		{"more than 64 bits are text", "", "a=9223372036854775808", `{a: "9223372036854775808"}`},
		{"zeros before a number make it text", "", "a=01,b=00,c=-01", `{a: "01", b: "00", c: -1}`},
		{"floats are text", "", "a=1.5,b=1e3", `{a: "1.5", b: "1e3"}`},
		{"what YAML takes for something else is text", "", "a=yes,b=~,c=2020-01-01,d=0x1f", `{a: "yes", b: "~", c: "2020-01-01", d: "0x1f"}`},
		{"text is forced", "", "a=[str]1,b=[str]true,c=[str]{x},d=[str]", `{a: "1", b: "true", c: "{x}", d: ""}`},
		{"lists", "", "a={x,1,true},b={}", `{a: [x, 1, true], b: []}`},
		{"empty elements", "", "a={,x,}", `{a: ["", x, ""]}`},
		{"nulls in lists", "", "a={null,x}", `{a: [null, x]}`},
		{"escapes in lists", "", `a={x\,y,\}}`, `{a: ["x,y", "}"]}`},
		{"a list replaces", "a: [1, 2, 3]", "a={x}", `{a: [x]}`},
		{"an index fills up with nulls", "", "l[1]=y", `{l: [null, y]}`},
		{"an index replaces one element", "l: [a, b, c]", "l[1]=y", `{l: [a, y, c]}`},
		{"indexes nest", "", "l[0][1]=y", `{l: [[null, y]]}`},
		{"names in elements", "l: [{a: 1}]", "l[0].b=2,l[1].c=3", `{l: [{a: 1, b: 2}, {c: 3}]}`},
		{"an element that is no map becomes one", "l: [x]", "l[0].b=2", `{l: [{b: 2}]}`},
		{"a null element becomes a list", "l: [null]", "l[0][0]=x", `{l: [[x]]}`},
		{"null removes the key", "a: {b: 1, c: 2}", "a.b=null", `{a: {c: 2}}`},
		{"null of what is not there", "a: 1", "b.c=NULL,l[0].x=null", `{a: 1}`},
		{"null of an index is an element", "l: [1, 2]", "l[0]=null", `{l: [null, 2]}`},
		{"a key comes back after null", "a: 1\nb: 2", "a=null,a=3", `{b: 2, a: 3}`},
		{"a null value becomes a map", "a:", "a.b=1", `{a: {b: 1}}`},
		{"the last counts", "", "a=1,a=2", `{a: 2}`},
		{"keys that are numbers", "1: x", "1=y", `{1: y}`},
		{"keys that look like something else", "", "yes=1,null=2,1=3", `{"yes": 1, "null": 2, "1": 3}`},
		{"an alias is changed in one place", "a: &x {p: 1}\nb: *x", "b.p=2", `{a: {p: 1}, b: {p: 2}}`},
		{"a merged map is changed in one place", "a: &x {p: {q: 1, r: 2}}\nb: {<<: *x}", "b.p.q=3", `{a: {p: {q: 1, r: 2}}, b: {p: {q: 3, r: 2}}}`},
		{
			"what is there goes before what is merged", "a: &x {p: 1, q: 1}\nb: &y {q: 2, r: 2}\nc: {q: 3, <<: [*x, *y]}", "z=1",
			`{a: {p: 1, q: 1}, b: {q: 2, r: 2}, c: {q: 3, p: 1, r: 2}, z: 1}`,
		},
		{"nothing but comments", "# none\n", "a=1", `{a: 1}`},
		{"null as values", "null", "a=1", `{a: 1}`},
		{"the index may be 65536", "", "l[65536]=1,l={}", `{l: []}`},
		{"30 dots", "", strings.Repeat("a.", 30) + "a=1", strings.Repeat("{a: ", 31) + "1" + strings.Repeat("}", 31)},
		{"other letters", "", "größe=日本", `{größe: 日本}`},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			got, err := apply(row.text, row.line)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(mustRead(t, row.want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	rows := []struct{ rule, text, line, want string }{
		{"a name without value", "", "a", "a has no value: '=' is missing"},
		{"a name without value before others", "", "a,b=1", "a has no value"},
		{"no name", "", "=1", "a name is missing"},
		{"an empty name within", "", "a..b=1", "a name is missing"},
		{"a dot at the end", "", "a.=1", "a name is missing"},
		{"an empty name before an index", "", "[0]=1", "a name is missing"},
		{"a comma at the beginning", "", ",a=1", "a name is missing"},
		{"a list without end", "", "a={x,y", "a list has to end with '}'"},
		{"text behind a list", "", "a={x}y", "'y' behind a list"},
		{"text behind an index", "", "l[0]x=1", "'x' behind an index"},
		{"an index without end", "", "l[0=1", "']' is missing"},
		{"an empty index", "", "l[]=1", "the index '' is no number"},
		{"an index that is a word", "", "l[x]=1", "the index 'x' is no number"},
		{"a negative index", "", "l[-1]=1", "negative"},
		{"an index that is too large", "", "l[65537]=1", "larger than 65536"},
		{"an index beyond all numbers", "", "l[99999999999999999999]=1", "larger than 65536"},
		{"too many indexes", "", "l" + strings.Repeat("[0]", 31) + "=1", "more than 30 indexes"},
		{"31 dots", "", strings.Repeat("a.", 31) + "a=1", "nested deeper than 30 names"},
		{"a name in what is no map", "a: 1", "a.b=2", "a.b: this is no map: a"},
		{"a name in a list", "a: [1]", "a.b=2", "a.b: this is no map: a"},
		{"an index into what is no list", "a: {b: 1}", "a[0]=2", "a[0]: this is no list: a"},
		{"null in what is no map", "a: 1", "a.b=null", "this is no map: a"},
		{"null in what is no list", "a: 1", "a[0].b=null", "this is no list: a"},
		{"values that are a list", "[1]", "a=1", "line 1: values are a map of keys"},
		{"values that are text", "x", "", "line 1: values are a map of keys"},
		{"two documents", "a: 1\n---\nb: 1", "", "line 2: values are one document"},
		{"no YAML", "a: [", "", "line 1"},
		{"an anchor within itself", "a: &x {b: *x}", "c=1", "contains itself"},
		{"a merge of what is no map", "a: &x 1\nb: {<<: *x}", "c=1", "only maps can be merged"},
		{"bytes that are no text", "", "a=\xff", "it is not UTF-8"},
		{"many laughs", laughs(), "z=1", "that makes more than 524288 values"},
		{"gaps beyond measure", "", gaps(), "that makes more than 524288 values"},
		{"too deep", strings.Repeat("{a: ", 1100) + "1" + strings.Repeat("}", 1100), "z=1", "nested deeper than 1000"},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			got, err := apply(row.text, row.line)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%v, %v; want %q", got, err, row.want)
			}
		})
	}
}

// laughs are aliases of aliases.
func laughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x]\n")
	for n := 1; n < 30; n++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", n, n, n-1, n-1)
	}
	return b.String()
}

func gaps() string {
	var pairs []string
	for n := range 20 {
		pairs = append(pairs, fmt.Sprintf("l%d[65536]=1", n))
	}
	return strings.Join(pairs, ",")
}

func TestPairs(t *testing.T) {
	rows := []struct{ rule, path, value, want string }{
		{"a comma belongs to the value", "a", "x,y", `{a: "x,y"}`},
		{"it does not begin another pair", "a", "x,b=1", `{a: "x,b=1"}`},
		{"it divides a list", "a", "{x,y}", `{a: [x, y]}`},
		{"a backslash before it", "a", `x\,y`, `{a: "x,y"}`},
		{"paths", `a.b\.c[1]`, "1", `{a: {b.c: [null, 1]}}`},
		{"text is forced", "a", "[str]01,2", `{a: "01,2"}`},
		{"empty", "a", "", `{a: ""}`},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			a, err := overrides.ParsePair(row.path, row.value)
			if err != nil {
				t.Fatal(err)
			}
			out, err := overrides.Apply("", a)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(mustRead(t, row.want), mustRead(t, out)); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, path := range []string{"", "a=b", "a,b", "a.", "a[0", "a[0]b", "\xff", "a=", "a,"} {
		if a, err := overrides.ParsePair(path, "1"); err == nil {
			t.Errorf("%q is read as %v", path, a)
		}
	}
	for _, value := range []string{"{", "{a", "{a}b", "{a},b", "\xff"} {
		if a, err := overrides.ParsePair("a", value); err == nil {
			t.Errorf("%q is read as %v", value, a)
		}
	}
}

// What no assignment names keeps its text: other readers of YAML take some of it for something else than this one does.
func TestTextIsKept(t *testing.T) {
	const text = "a: yes\nb: 012\nc: '1'\nd: 1_000\ne: 2001-12-14\nf: .5\ng: 0b1\n"
	if out, err := overrides.Apply(text); err != nil || out != text {
		t.Errorf("%q, %v", out, err)
	}
	list, err := overrides.Parse("z=yes")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := overrides.Apply(text, list...); err != nil || out != text+"z: \"yes\"\n" {
		t.Errorf("%q, %v", out, err)
	}
	for _, empty := range []string{"", " \n", "# none", "~", "---\n"} {
		if out, err := overrides.Apply(empty); err != nil || out != "" {
			t.Errorf("%q: %q, %v", empty, out, err)
		}
	}
}

// A text that is escaped comes back as it was, as name and as value, and whatever its neighbours are.
func TestEscapedTextComesBack(t *testing.T) {
	escape := func(text string) string {
		var b strings.Builder
		for _, r := range text {
			b.WriteString(`\` + string(r))
		}
		return b.String()
	}
	text := rapid.StringOf(rapid.RuneFrom([]rune(`ab.,=[]{}\"':#&*!|>%@ -0`)))
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(text.Filter(func(s string) bool { return s != "" }), 1, 5, rapid.ID[string]).Draw(t, "names")
		want := map[string]any{}
		var pairs []string
		for _, name := range names {
			value := text.Draw(t, "value")
			want[name] = value
			pairs = append(pairs, escape(name)+"=[str]"+escape(value))
		}
		got, err := apply("", strings.Join(pairs, ","))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(any(want), got); diff != "" {
			t.Error(diff)
		}
	})
}

// Whatever a pair sets is what is read at its path afterwards, and no other key changes.
func TestPairsTouchNothingElse(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		path := strings.Join(rapid.SliceOfN(name, 1, 4).Draw(t, "path"), ".")
		number := rapid.Int64().Draw(t, "number")
		got, err := apply("x: {y: [1, 2]}\n", fmt.Sprintf("%s=%d", path, number))
		if err != nil {
			t.Fatal(err)
		}
		top := got.(map[string]any)
		if diff := cmp.Diff(any(map[string]any{"y": []any{1, 2}}), top["x"]); diff != "" || len(top) != 2 {
			t.Error(diff, top)
		}
		var at any = top
		for _, step := range strings.Split(path, ".") {
			at = at.(map[string]any)[step]
		}
		if fmt.Sprint(at) != fmt.Sprint(number) {
			t.Errorf("%v at %s, not %d", at, path, number)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{"a=1", "a.b[2].c={x,y},d=null", `d\.e=01`, "a={", "l[65536][3]=x", "[str]", "a=[str]{", "a.b=1,a=2,a.b=3"} {
		f.Add("a: {b: 1}", line)
	}
	f.Add("a: &x {b: 1}\nc: {<<: *x}\n", "c.b=2,c.b=null")
	f.Fuzz(func(t *testing.T, text, line string) {
		if strings.Count(line, "[") > 3 {
			return // gaps are allowed to be large, but not here
		}
		list, err := overrides.Parse(line)
		if err != nil {
			return
		}
		out, err := overrides.Apply(text, list...)
		if err != nil {
			return
		}
		// What comes out can be read again, and the same once more changes nothing.
		again, err := overrides.Apply(out, list...)
		if err != nil && len(list) == 1 {
			t.Fatalf("%q with %q gives %q, which gives %v", text, line, out, err)
		}
		if err == nil && len(list) == 1 && again != out {
			t.Fatalf("%q with %q gives %q and then %q", text, line, out, again)
		}
	})
}
