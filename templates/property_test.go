package templates

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"purser"
)

// anyScalar draws a scalar as it could stand in values.
var anyScalar = rapid.Custom(func(t *rapid.T) *value {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return &value{kind: kindNull, text: "null", weight: 5}
	case 1:
		v, err := scalarOf(kindInt, rapid.StringMatching(`-?[1-9][0-9]{0,20}`).Draw(t, "int"))
		if err != nil {
			t.Fatal(err)
		}
		return v
	case 2:
		return &value{kind: kindFloat, text: formatJava(rapid.Float64().Draw(t, "float")), weight: 5}
	case 3:
		return &value{kind: kindBool, text: rapid.SampledFrom([]string{"true", "false"}).Draw(t, "bool"), weight: 5}
	case 4:
		return newText(rapid.SampledFrom([]string{"", "~", "yes", "010", "a: b", " x ", "- y", "a\nb\n", "\ttab", "it's", `say "hi"`, "#", "é😀", "\u2028", "\x01", "2020-01-01", "<<", "*a", "&a"}).Draw(t, "odd"))
	default:
		return newText(rapid.String().Draw(t, "text"))
	}
})

// anyValue draws a value of so many levels, with text keys alone.
func anyValue(depth int) *rapid.Generator[*value] {
	return rapid.Custom(func(t *rapid.T) *value {
		kind := rapid.IntRange(0, 3).Draw(t, "shape")
		switch {
		case depth == 0 || kind == 0:
			return anyScalar.Draw(t, "scalar")
		case kind == 1:
			v := &value{kind: kindList, list: rapid.SliceOfN(anyValue(depth-1), 0, 4).Draw(t, "list")}
			v.weigh()
			return v
		default:
			return anyMap(depth).Draw(t, "map")
		}
	})
}

func anyMap(depth int) *rapid.Generator[*value] {
	return rapid.Custom(func(t *rapid.T) *value {
		var m mapping
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d.e", "", "f g", "yes", "10"}), 0, 6).Draw(t, "keys")
		for _, k := range keys {
			m.put(newText(k), anyValue(depth-1).Draw(t, "value"))
		}
		return newMap(m)
	})
}

// without drops lists, whose merging depends on what is there already.
func without(v *value) *value {
	switch v.kind {
	case kindList:
		return newText("list")
	case kindMap:
		var m mapping
		for _, e := range v.entries.entries {
			m.put(e.key, without(e.value))
		}
		return newMap(m)
	default:
		return v
	}
}

// always makes every value at a key of one shape, so that no map is ever replaced by a scalar.
func always(v *value) *value {
	var m mapping
	for _, e := range v.entries.entries {
		shaped := e.value
		switch e.key.text {
		case "a", "b":
			if shaped.kind != kindMap {
				shaped = newMap(mapping{})
			}
			shaped = always(shaped)
		default:
			if shaped.isCollection() {
				shaped = newText("scalar")
			}
		}
		m.put(e.key, shaped)
	}
	return newMap(m)
}

func TestMergeProperties(t *testing.T) {
	t.Run("the same again changes nothing", rapid.MakeCheck(func(t *rapid.T) {
		v := anyMap(3).Draw(t, "values")
		if deepMerge(v, v).identity() != v.identity() {
			t.Fatal(dumpValues(deepMerge(v, v)))
		}
	}))
	t.Run("nothing changes nothing", rapid.MakeCheck(func(t *rapid.T) {
		v, empty := anyMap(3).Draw(t, "values"), newMap(mapping{})
		if deepMerge(v, empty).identity() != v.identity() || deepMerge(empty, v).identity() != v.identity() {
			t.Fatal("changed")
		}
	}))
	t.Run("a second time changes nothing, lists without repetitions aside", rapid.MakeCheck(func(t *rapid.T) {
		a, b := anyMap(3).Draw(t, "base"), anyMap(3).Draw(t, "override")
		once := deepMerge(a, b)
		if deepMerge(once, b).identity() != once.identity() {
			t.Fatalf("%s\n%s", dumpValues(once), dumpValues(deepMerge(once, b)))
		}
	}))
	t.Run("maps and scalars, each at its place, merge in any grouping", rapid.MakeCheck(func(t *rapid.T) {
		a, b, c := always(anyMap(3).Draw(t, "a")), always(anyMap(3).Draw(t, "b")), always(anyMap(3).Draw(t, "c"))
		if left, right := deepMerge(deepMerge(a, b), c), deepMerge(a, deepMerge(b, c)); left.identity() != right.identity() {
			t.Fatalf("%s\n%s", dumpValues(left), dumpValues(right))
		}
	}))
	t.Run("the override wins over scalars", rapid.MakeCheck(func(t *rapid.T) {
		a, b := without(anyMap(2).Draw(t, "base")), without(anyMap(2).Draw(t, "override"))
		merged := deepMerge(a, b)
		for _, e := range b.entries.entries {
			if e.value.kind != kindMap && merged.entries.get(e.key.text).identity() != e.value.identity() {
				t.Fatalf("%q lost", e.key.text)
			}
		}
	}))
	t.Run("the inputs stay as they are", rapid.MakeCheck(func(t *rapid.T) {
		a, b := anyMap(3).Draw(t, "base"), anyMap(3).Draw(t, "override")
		before := [2]string{dumpValues(a), dumpValues(b)}
		deepMerge(a, b)
		if after := [2]string{dumpValues(a), dumpValues(b)}; after != before {
			t.Fatal("changed")
		}
	}))
}

func TestDumpProperties(t *testing.T) {
	t.Run("stored values read back the same", rapid.MakeCheck(func(t *rapid.T) {
		v := anyMap(3).Draw(t, "values")
		dump := dumpValues(v)
		docs, err := readDocuments(dump)
		if err != nil || len(docs) != 1 {
			t.Fatalf("%v\n%s", err, dump)
		}
		if want := binary(v); docs[0].identity() != want.identity() {
			t.Fatalf("%s\n%s", dump, dumpValues(docs[0]))
		}
	}))
	t.Run("a manifest is its own dump", rapid.MakeCheck(func(t *rapid.T) {
		dump := dumpManifest([]*value{anyValue(3).Draw(t, "one"), anyMap(3).Draw(t, "two")})
		docs, err := readDocuments(dump)
		if err != nil {
			t.Fatalf("%v\n%s", err, dump)
		}
		if again := dumpManifest(docs); again != dump {
			t.Fatalf("%s\n%s", dump, again)
		}
	}))
}

// binary turns text that YAML cannot hold into what it is read back as.
func binary(v *value) *value {
	switch v.kind {
	case kindText:
		if !printable(v.text) {
			return &value{kind: kindBinary, text: v.text}
		}
	case kindList:
		l := &value{kind: kindList}
		for _, e := range v.list {
			l.list = append(l.list, binary(e))
		}
		return l
	case kindMap:
		var m mapping
		for _, e := range v.entries.entries {
			m.put(binary(e.key), binary(e.value))
		}
		return newMap(m)
	}
	return v
}

const propertyTemplate = `kind: SpringCloudDeployerApplication
metadata:
  name: app
spec:
  resource: "{{#a}}x{{/a}}r"
  applicationProperties:
    {{#p.entrySet}}
    "{{key}}": "{{value}}"
    {{/p.entrySet}}
`

func TestRenderIsIndependentOfTheOrderOfKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,3}`), 1, 30, rapid.ID).Draw(t, "keys")
		shuffled := slices.Clone(keys)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		r := New()
		specs := func(keys []string) []purser.AppSpec {
			values := "p:\n"
			for _, k := range keys {
				values += "  '" + k + "': '" + strings.ToUpper(k) + "'\n"
			}
			m, err := r.Render(purser.RenderRequest{Package: purser.Package{
				Values: &values, Templates: []purser.Template{{Name: "a.yml", Text: strings.ReplaceAll(propertyTemplate, "\n    \"{{key}}", "\n    \"k-{{key}}")}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			specs, err := r.Applications(m)
			if err != nil {
				t.Fatal(err)
			}
			return specs
		}
		one, other := specs(keys), specs(shuffled)
		for k, v := range one[0].Properties {
			if other[0].Properties[k] != v {
				t.Fatalf("%s: %s, %s", k, v, other[0].Properties[k])
			}
		}
	})
}

func TestEqualManifestsHaveNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		properties := rapid.MapOf(rapid.StringMatching(`[a-z.]{1,8}`), rapid.String()).Draw(t, "properties")
		var m mapping
		for k, v := range properties {
			m.put(newText(k), newText(v))
		}
		doc := newMap(mapping{entries: []entry{
			{newText("kind"), newText(purser.KindSpringCloudDeployer)},
			{newText("metadata"), single("name", newText("a"))},
			{newText("spec"), deepMerge(single("resource", newText("r")), single("applicationProperties", newMap(m)))},
		}})
		release := purser.Release{Manifest: dumpManifest([]*value{doc})}
		d, err := New().Compare(release, release)
		if err != nil || !d.Empty() {
			t.Fatalf("%+v, %v", d, err)
		}
	})
}
