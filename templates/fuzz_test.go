package templates

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"purser"
)

// seeds gives the recorded packages and values to a fuzz target.
func seeds(f *testing.F, add func(template, values, override string)) {
	f.Helper()
	files, err := filepath.Glob("testdata/recorded/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no recordings", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var rec struct {
			Packages map[string]map[string]string
			Cases    []struct {
				Package string
				Values  string
			}
		}
		if err := json.Unmarshal(b, &rec); err != nil {
			f.Fatal(err)
		}
		for _, c := range rec.Cases {
			files := rec.Packages[c.Package]
			add(files["templates/app.yml"], files["values.yml"], c.Values)
		}
	}
}

// maxCost is what a small input may make the process allocate in all.
const maxCost = 64 << 20

// cost runs f and gives the bytes it has allocated.
func cost(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// FuzzYAML reads any text, without panic and at bounded cost; what was read dumps to a text that reads back the same.
func FuzzYAML(f *testing.F) {
	seeds(f, func(template, values, override string) {
		f.Add(values)
		f.Add(override)
	})
	f.Add(bomb())
	f.Add("a: &#x3D;b\nc: *#x3D;b\n")
	f.Add("\ufeffa: \ufeff\n? [b]\n: !!set {c}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4<<10 {
			return
		}
		var docs []*value
		var err error
		if n := cost(func() { docs, err = readDocuments(text) }); n > maxCost && len(text) <= 1<<10 {
			t.Fatalf("reading takes %d bytes", n)
		}
		if err != nil {
			return
		}
		dump := dumpManifest(docs)
		again, err := readDocuments(dump)
		if err != nil {
			t.Fatalf("%v in the dump\n%s", err, dump)
		}
		if second := dumpManifest(again); second != dump {
			t.Fatalf("the dump\n%s\nis read as\n%s", dump, second)
		}
	})
}

// FuzzDump stores values and reads them back.
func FuzzDump(f *testing.F) {
	seeds(f, func(template, values, override string) { f.Add(values, override) })
	f.Fuzz(func(t *testing.T, base, override string) {
		if len(base)+len(override) > 4<<10 {
			return
		}
		r := New()
		merged, err := r.MergeValues(&base, &override)
		if err != nil || merged == nil {
			return
		}
		docs, err := readDocuments(*merged)
		if err != nil || len(docs) != 1 || docs[0].kind != kindMap {
			t.Fatalf("%v in the dump\n%s", err, *merged)
		}
		if second := dumpValues(docs[0]); second != *merged {
			t.Fatalf("the dump\n%s\nis read as\n%s", *merged, second)
		}
	})
}

// FuzzRender renders any template with any values, without panic, at bounded cost and with the same answer twice.
func FuzzRender(f *testing.F) {
	seeds(f, func(template, values, override string) { f.Add(template, values, override) })
	f.Add(strings.Repeat("{{#entrySet}}", 40)+"x"+strings.Repeat("{{/entrySet}}", 40), "a: 1\nb: 2", "")
	f.Add("{{=<% %>=}}<%#a%>\f\n\x01<%/a%>{{x", "a: |2\n   x\\y\n", "{}")
	f.Fuzz(func(t *testing.T, template, values, override string) {
		if len(template)+len(values)+len(override) > 4<<10 {
			return
		}
		q := purser.RenderRequest{Package: purser.Package{Values: &values, Templates: []purser.Template{{Name: "app.yml", Text: template}}}, Values: &override}
		r := New()
		var manifest string
		var err error
		n := cost(func() { manifest, err = r.Render(q) })
		if n > maxCost && len(template)+len(values)+len(override) <= 1<<10 {
			t.Fatalf("rendering takes %d bytes", n)
		}
		if err != nil {
			if purser.ErrorCode(err) != purser.CodeInvalid {
				t.Fatal(err)
			}
			return
		}
		if again, err := r.Render(q); err != nil || again != manifest {
			t.Fatalf("another answer: %v\n%s\n%s", err, manifest, again)
		}
		if _, err := r.Applications(manifest); err != nil && purser.ErrorCode(err) != purser.CodeInvalid {
			t.Fatal(err)
		}
	})
}

// FuzzProperties makes values of any properties.
func FuzzProperties(f *testing.F) {
	for _, s := range []string{"a=1,2,b=x=y", "a[0].b=x,a[c.d]=y,a.b=1,a.b.c=2", "my-app.spec.applicationProperties.a.b=1", "[=1", "..=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		yaml, err := PropertiesYAML(ParseProperties(text))
		if err != nil || yaml == "" {
			return
		}
		if docs, err := readDocuments(yaml); err != nil && strings.Count(text, ".")+strings.Count(text, "[") < maxDepth || err == nil && len(docs) != 1 {
			t.Fatalf("%v in\n%s", err, yaml)
		}
	})
}

// A small input never costs much, whatever it says.
func TestSmallInputsStayCheap(t *testing.T) {
	loops := func(n int) string {
		return strings.Repeat("{{#entrySet}}", n) + "{{key}}" + strings.Repeat("{{/entrySet}}", n)
	}
	list := "x: &x [" + strings.Repeat("a,", 200) + "]\ny: [" + strings.Repeat("*x,", 48) + "]\n"
	for _, row := range []struct{ rule, template, values string }{
		{"aliases that explode", "{{.}}", bomb()},
		{"a list of aliases, again and again", strings.Repeat("- {{y}}\n", 60), list},
		{"aliases of a long list", strings.Repeat("{{y}}\n", 30), list},
		{"loops in loops", loops(35), "a: 1\nb: 2\nc: 3\nd: 4\n"},
		{"loops over long text", "{{#entrySet}}{{#entrySet}}{{value}}{{/entrySet}}{{/entrySet}}", "a: " + strings.Repeat("b", 600) + "\n" + keys(40)},
		{"a list of many empty elements", "a: [{{#entrySet}}{{#entrySet}},{{/entrySet}}{{/entrySet}}]", keys(90)},
		{"a list that grows by loops", "a: [x{{#entrySet}}{{#entrySet}},x{{/entrySet}}{{/entrySet}}]", keys(100)},
		{"a list that grows as far as it may", "a: [x{{#entrySet}}{{#entrySet}}" + strings.Repeat(",x", 23) + "{{/entrySet}}{{/entrySet}}]", keys(58)},
		{"a map that grows as far as it may", "{{#entrySet}}{{#entrySet}}" + strings.Repeat("? \n", 12) + "{{/entrySet}}{{/entrySet}}", keys(55)},
		{"one deeper than the other", strings.Repeat("[", 500), ""},
		{"block lists in one line", strings.Repeat("- ", 500), ""},
		{"keys of keys", strings.Repeat("? ", 500), ""},
		{"anchors with signs", strings.Repeat("- &#x\n", 150), ""},
		{"templates of a line", "{{#entrySet}}a: b\n{{/entrySet}}", keys(120)},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if n := len(row.template) + len(row.values); n > 1100 {
				t.Fatalf("%d bytes are no small input", n)
			}
			r := New()
			var err error
			n := cost(func() {
				_, err = r.Render(purser.RenderRequest{Package: purser.Package{
					Values: &row.values, Templates: []purser.Template{{Name: "a.yml", Text: row.template}},
				}})
			})
			t.Logf("%d KiB, %v", n>>10, err)
			if n > maxCost {
				t.Errorf("%d bytes", n)
			}
		})
	}
}

// keys gives values with so many keys.
func keys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + ": 1\n")
	}
	return b.String()
}
