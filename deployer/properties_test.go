package deployer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser"
)

func TestLookup(t *testing.T) {
	for _, row := range []struct {
		rule string
		have map[string]string
		ask  string
		want string
	}{
		{"camel case finds camel case", map[string]string{"a.b.javaOpts": "x"}, "javaOpts", "x"},
		{"camel case finds kebab case", map[string]string{"a.b.java-opts": "x"}, "javaOpts", "x"},
		{"camel case finds snake case", map[string]string{"a.b.java_opts": "x"}, "javaOpts", "x"},
		{"kebab case finds camel case", map[string]string{"a.b.javaOpts": "x"}, "java-opts", "x"},
		{"any case finds any case", map[string]string{"A.B.JAVAOPTS": "x"}, "java-opts", "x"},
		{"the prefix is relaxed too", map[string]string{"A.b.javaOpts": "x"}, "javaOpts", "x"},
		{"camel case wins a collision", map[string]string{"a.b.javaOpts": "camel", "a.b.java-opts": "kebab", "a.b.JAVAOPTS": "upper"}, "java-opts", "camel"},
		{"without camel case the plainest spelling wins", map[string]string{"a.b.java-opts": "kebab", "a.b.javaopts": "plain"}, "javaOpts", "plain"},
		{"dots are no separators of words", map[string]string{"a.b.java.opts": "x"}, "javaOpts", "none"},
		{"nested names", map[string]string{"a.b.port-range.low": "1"}, "portRange.low", "1"},
		{"an empty value is a value", map[string]string{"a.b.javaOpts": ""}, "javaOpts", ""},
		{"another prefix is another property", map[string]string{"a.c.javaOpts": "x"}, "javaOpts", "none"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got := NewProperties(row.have).Under("a.b.").Text(row.ask, "none"); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestOr(t *testing.T) {
	request := NewProperties(map[string]string{"x.java-opts": "-Xmx1m", "x.items": "a,b"}).Under("x.")
	account := NewSettings(map[string]any{"javaOpts": "-Xmx2m", "hostname": "h", "items": []any{"c"}, "port-range": map[string]any{"low": 7}})
	both := request.Or(account)
	if got := both.Text("javaOpts", ""); got != "-Xmx1m" {
		t.Errorf("the request does not win: %q", got)
	}
	if got := both.Text("hostname", ""); got != "h" {
		t.Errorf("the account is not asked: %q", got)
	}
	if diff := cmp.Diff([]string{"a", "b"}, both.List("items")); diff != "" {
		t.Error(diff)
	}
	if low, err := both.Under("portRange.").Int("low", 0, 1); err != nil || low != 7 {
		t.Errorf("got %d, %v", low, err)
	}
	if diff := cmp.Diff([]string{"hostname", "items", "items[0]", "java-opts", "port-range.low"}, both.Names()); diff != "" {
		t.Error(diff)
	}
	third := both.Or(NewProperties(map[string]string{"last": "z"}))
	if got := third.Text("last", ""); got != "z" {
		t.Errorf("a second Or is lost: %q", got)
	}
}

func TestTypedValues(t *testing.T) {
	p := NewSettings(map[string]any{
		"yes": true, "off": "OFF", "blank": " ", "number": 12, "float": 1.5, "word": "many", "null": nil, "size": "2G",
		"text": " a, ,b ", "list": []any{"a,b", 3},
	}).Under("")
	for _, row := range []struct {
		rule string
		got  func() (any, error)
		want any
		err  string
	}{
		{"true", func() (any, error) { return p.Bool("yes", false) }, true, ""},
		{"off", func() (any, error) { return p.Bool("off", true) }, false, ""},
		{"a blank truth is the fallback", func() (any, error) { return p.Bool("blank", true) }, true, ""},
		{"an absent truth is the fallback", func() (any, error) { return p.Bool("none", true) }, true, ""},
		{"no truth", func() (any, error) { return p.Bool("word", true) }, false, "property word is 'many', expected true or false"},
		{"number", func() (any, error) { return p.Int("number", 1, 0) }, 12, ""},
		{"an absent number is the fallback", func() (any, error) { return p.Int("none", -3, 0) }, -3, ""},
		{"no number", func() (any, error) { return p.Int("word", 1, 0) }, 0, "property word is 'many', expected a whole number from 0 on"},
		{"no whole number", func() (any, error) { return p.Int("float", 1, 0) }, 0, "property float is '1.5', expected a whole number from 0 on"},
		{"too small a number", func() (any, error) { return p.Int("number", 1, 13) }, 0, "property number is '12', expected a whole number from 13 on"},
		{"size", func() (any, error) { return p.Size("size", 1) }, 2048 * MiB, ""},
		{"an absent size is the fallback", func() (any, error) { return p.Size("none", 7) }, Size(7), ""},
		{"no size", func() (any, error) { return p.Size("word", 1) }, Size(0), "Could not parse 'many' as a byte size. Expected a number with optional 'm' or 'g' suffix"},
		{"null is empty", func() (any, error) { return p.Text("null", "x"), nil }, "", ""},
		{"a comma list", func() (any, error) { return p.List("text"), nil }, []string{"a", "b"}, ""},
		{"a list keeps commas in its items", func() (any, error) { return p.List("list"), nil }, []string{"a,b", "3"}, ""},
		{"a list that is set empty is not nil", func() (any, error) { return p.List("blank"), nil }, []string{}, ""},
		{"an absent list", func() (any, error) { return p.List("none"), nil }, []string(nil), ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := row.got()
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			if text := purser.ErrorMessage(err); err != nil && (text != row.err || purser.ErrorCode(err) != purser.CodeInvalid) || err == nil && row.err != "" {
				t.Errorf("got error %v, want %q", err, row.err)
			}
		})
	}
}

func TestZeroProperties(t *testing.T) {
	var p Properties
	if _, ok := p.Lookup("x"); ok || p.Names() != nil {
		t.Error("the zero value has properties")
	}
}

func TestSpellingsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,5}`), 1, 4).Draw(t, "words")
		spell := func(kind int) string {
			name := words[0]
			for _, word := range words[1:] {
				switch kind {
				case 0:
					name += camelCase("-" + word)
				case 1:
					name += "-" + word
				default:
					name += "_" + word
				}
			}
			return name
		}
		have := spell(rapid.IntRange(0, 2).Draw(t, "have"))
		ask := spell(rapid.IntRange(0, 2).Draw(t, "ask"))
		if got, ok := NewProperties(map[string]string{"p." + have: "v"}).Under("p.").Lookup(ask); !ok || got != "v" {
			t.Fatalf("%s does not find %s", ask, have)
		}
	})
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "512": 512, "512m": 512, "512M": 512, "2g": 2048, "2G": 2048, "007": 7, "8796093022207": 8796093022207} {
		if got, err := ParseSize(text); err != nil || got.MiB() != want {
			t.Errorf("%q: got %d, %v, want %d", text, got.MiB(), err, want)
		}
	}
	for _, text := range []string{"", "m", "g", "-1", "+1", "1k", "1mb", "1.5g", " 1", "1 m", "0x10", "1_000", "99999999999999999999", "9007199254740992g"} {
		_, err := ParseSize(text)
		want := "Could not parse '" + text + "' as a byte size. Expected a number with optional 'm' or 'g' suffix"
		if purser.ErrorCode(err) != purser.CodeInvalid || purser.ErrorMessage(err) != want {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestSplitList(t *testing.T) {
	for text, want := range map[string][]string{"": {}, " ": {}, "a": {"a"}, "a,b": {"a", "b"}, " a , ,b,": {"a", "b"}} {
		if diff := cmp.Diff(want, SplitList(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}
