package templates_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/templates"
)

// generic is the template that a stream's packages come with (spec/packages.md §1.4).
const generic = `apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata:
  {{#metadata.entrySet}}
  "{{{key}}}": "{{{value}}}"
  {{/metadata.entrySet}}
spec:
  resource: "{{{spec.resource}}}"
  resourceMetadata: "{{{spec.resource}}}:jar:metadata:{{{spec.version}}}"
  version: "{{{spec.version}}}"
  applicationProperties:
    {{#spec.applicationProperties.entrySet}}
    "{{{key}}}": "{{{value}}}"
    {{/spec.applicationProperties.entrySet}}
  deploymentProperties:
    {{#spec.deploymentProperties.entrySet}}
    "{{{key}}}": "{{{value}}}"
    {{/spec.deploymentProperties.entrySet}}
`

func genericValues(name string) string {
	return "metadata:\n  name: " + name + "\nspec:\n  resource: maven://org.example:" + name + "\n  version: 1.2.0.RELEASE\n" +
		"  applicationProperties:\n    log.level: DEBUG\n    server.port: 0\n  deploymentProperties:\n    memory: 1024m\n"
}

func genericPackage(name string) purser.Package {
	values := genericValues(name)
	return purser.Package{
		Metadata:  purser.PackageMetadata{Name: name},
		Templates: []purser.Template{{Name: name + ".yml", Text: generic}},
		Values:    &values,
	}
}

// streamOf is a package of so many applications.
func streamOf(names ...string) purser.Package {
	p := purser.Package{Metadata: purser.PackageMetadata{Name: "stream"}}
	for _, n := range names {
		p.Dependencies = append(p.Dependencies, genericPackage(n))
	}
	return p
}

func mustRender(tb testing.TB, r *templates.Renderer, q purser.RenderRequest) string {
	tb.Helper()
	m, err := r.Render(q)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// The whole form, with the layers of spec/packages.md §2.5.
func TestRenderExample(t *testing.T) {
	p := streamOf("log", "time")
	parent := "hello: world\nlog: {spec: {version: 1.3.0.M1, applicationProperties: {log.level: WARN, log.name: skipper}}}\n"
	p.Values = &parent
	override := "{log: {spec: {version: 1.2.1.RELEASE}}, hello: universe}"
	checkGolden(t, "stream.golden.yml", []byte(mustRender(t, templates.New(), purser.RenderRequest{Package: p, Values: &override})))
}

// Numbers of instances reach the applications that they are for, and no others (spec/packages.md §5.8).
func TestRenderCounts(t *testing.T) {
	counted := func(t *testing.T, q purser.RenderRequest) map[string]string {
		r := templates.New()
		specs, err := r.Applications(mustRender(t, r, q))
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]string{}
		for _, s := range specs {
			counts[s.Name] = s.DeploymentProperties["spring.cloud.deployer.count"]
		}
		return counts
	}
	asked := "spec: {deploymentProperties: {spring.cloud.deployer.count: 5}}"
	kidAsked := "log: {spec: {deploymentProperties: {spring.cloud.deployer.count: 5}}}"
	shared := genericPackage("a")
	shared.Templates = append(shared.Templates, purser.Template{Name: "b.yml", Text: strings.Replace(generic, "spec:\n", "  name: b\nspec:\n", 1)})
	other := streamOf("log")
	otherName := "metadata: {name: another}\nspec: {resource: r, version: 1, deploymentProperties: {}}"
	other.Dependencies[0].Values = &otherName
	without := purser.Package{Templates: []purser.Template{{Name: "a.yml", Text: app("a", "deploymentProperties: {x: 1}")}}}
	for _, row := range []struct {
		rule string
		q    purser.RenderRequest
		want map[string]string
	}{
		{"none asked for", purser.RenderRequest{Package: genericPackage("a")}, map[string]string{"a": ""}},
		{"of the only application", purser.RenderRequest{Package: genericPackage("a"), Counts: map[string]int{"a": 3}}, map[string]string{"a": "3"}},
		{"over the one of the values", purser.RenderRequest{Package: genericPackage("a"), Values: &asked, Counts: map[string]int{"a": 3}}, map[string]string{"a": "3"}},
		{"of one dependency", purser.RenderRequest{Package: streamOf("log", "mylog"), Counts: map[string]int{"log": 2}}, map[string]string{"log": "2", "mylog": ""}},
		{
			"of both, each its own",
			purser.RenderRequest{Package: streamOf("log", "mylog"), Values: &kidAsked, Counts: map[string]int{"log": 2, "mylog": 4}},
			map[string]string{"log": "2", "mylog": "4"},
		},
		{"of templates that share their values", purser.RenderRequest{Package: shared, Counts: map[string]int{"a": 3}}, map[string]string{"a": "3", "b": ""}},
		{"of an application that is not named like its package", purser.RenderRequest{Package: other, Counts: map[string]int{"another": 2}}, map[string]string{"another": "2"}},
		{"of an unknown application", purser.RenderRequest{Package: genericPackage("a"), Counts: map[string]int{"b": 3}}, map[string]string{"a": ""}},
		{"where templates do not pass properties on", purser.RenderRequest{Package: without, Counts: map[string]int{"a": 3}}, map[string]string{"a": ""}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if diff := cmp.Diff(row.want, counted(t, row.q)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRenderRefusals(t *testing.T) {
	one := func(template, values string) purser.Package {
		return purser.Package{
			Metadata: purser.PackageMetadata{Name: "demo"}, Values: &values,
			Templates: []purser.Template{{Name: "ok.yml", Text: "a: b\n"}, {Name: "app.yml", Text: template}},
		}
	}
	bad := "a: [\n"
	inner := "kid: x\nspec: {leaf: text}\n"
	nested := streamOf("kid")
	nested.Dependencies[0].Dependencies = []purser.Package{genericPackage("leaf")}
	nested.Dependencies[0].Templates = nil
	nestedValues := "kid: {leaf: text}"
	nested.Values = &nestedValues
	for _, row := range []struct {
		rule string
		q    purser.RenderRequest
		want string
	}{
		{"package values", purser.RenderRequest{Package: one("", bad)}, "package values of demo, line 1, column 4: a value must stand here"},
		{"override values", purser.RenderRequest{Package: one("", ""), Values: &bad}, "override values, line 1, column 4: a value must stand here"},
		{
			"values of a dependency",
			purser.RenderRequest{Package: purser.Package{Dependencies: []purser.Package{one("", bad)}}},
			"package values of demo, line 1, column 4: a value must stand here",
		},
		{"a template", purser.RenderRequest{Package: one("\n{{x", "")}, "templates/app.yml, line 2, column 3: the map lacks its '}', or a ','"},
		{"a variable", purser.RenderRequest{Package: one("\n\na: {{x}}\n", "")}, "templates/app.yml, line 3: there is no value for 'x'"},
		{
			"a value that breaks its line",
			purser.RenderRequest{Package: one("a: b\nc: {{{x}}}\n", "x: 'y: z'")},
			"templates/app.yml, line 2, with the value of 'x' put in: there cannot be a second ': '; put the value in quotes",
		},
		{
			"a value of a loop that breaks its line",
			purser.RenderRequest{Package: one("a:\n  {{#x.entrySet}}\n  {{key}}: \"{{{value}}}\"\n  {{/x.entrySet}}\n", "x: {a: ok, b: 'a\"b'}")},
			"templates/app.yml, line 3, with the value of 'value' (entry 'b') put in: a key must stand here; look for a quote that ends too early, or for the indentation",
		},
		{
			"a fault of the template behind a loop",
			purser.RenderRequest{Package: one("a:\n  {{#x.entrySet}}\n  {{key}}: {{value}}\n  {{/x.entrySet}}\nb: %\n", "x: {a: 1, b: 2, c: 3}")},
			"templates/app.yml, line 5, column 4: this sign cannot begin a value; put it in quotes, and indent with blanks, not with tabs",
		},
		{
			"an application without spec",
			purser.RenderRequest{Package: one("kind: SpringBootApp\nmetadata: {name: a}\n", "")},
			"SpringCloudDeployerApplication must define 'spec', in templates/app.yml",
		},
		{
			"text where a dependency of a dependency has its values",
			purser.RenderRequest{Package: nested},
			"the values of kid have text for its dependency 'leaf', where a map of values for it must be",
		},
		{
			"a top key that is a number, in lists it is none",
			purser.RenderRequest{Package: one("", "a: [{1: b}]\n2: c\n")},
			"package values of demo, line 2, column 1, key '2': the key is a number; put it in quotes, only text can be a key",
		},
		{"an override that is text", purser.RenderRequest{Package: one("", ""), Values: &inner}, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := templates.New().Render(row.q)
			if row.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if purser.ErrorCode(err) != purser.CodeInvalid || purser.ErrorMessage(err) != row.want {
				t.Errorf("got  %q\nwant %q", purser.ErrorMessage(err), row.want)
			}
		})
	}
}

func TestOverridesThatAreNoMap(t *testing.T) {
	for values, class := range map[string]string{
		"foo": "java.lang.String", "42": "java.lang.Integer", "4200000000": "java.lang.Long", "42000000000000000000": "java.math.BigInteger",
		"- a\n": "java.util.ArrayList", "1.5": "java.lang.Double", "yes": "java.lang.Boolean", "2020-01-01": "java.util.Date",
		"!!set {a}": "java.util.LinkedHashSet",
	} {
		want := "Was expecting override values to produce a Map, instead got class = class " + class + "overrideValues.getRaw() = " + values
		if _, err := templates.New().Render(purser.RenderRequest{Values: &values}); purser.ErrorMessage(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, err := templates.New().MergeValues(nil, &values); purser.ErrorMessage(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestMergeValues(t *testing.T) {
	for _, row := range []struct {
		rule                 string
		base, override, want *string
	}{
		{"no override", text("a: b"), nil, nil},
		{"a blank override", text("a: b"), text(" \n"), nil},
		{"an override of comments", text("a: b"), text("# x\n"), nil},
		{"no base", nil, text("a: \"1\"\nb: {c: [d]}"), text("a: '1'\nb:\n  c:\n  - d\n")},
		{"a base of comments", text("# x"), text("a: b"), text("a: b\n")},
		{"keys of the base come first", text("z: 1\na: {b: 1}"), text("y: 2\na: {c: [1]}"), text("z: 1\na:\n  b: 1\n  c:\n  - 1\ny: 2\n")},
		{"an empty map keeps the base", text("z: 1"), text("{}"), text("z: 1\n")},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := templates.New().MergeValues(row.base, row.override)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// One renderer serves many at once, and always says the same.
func TestRenderAtOnce(t *testing.T) {
	r := templates.New()
	q := purser.RenderRequest{Package: streamOf("log", "time", "http"), Counts: map[string]int{"log": 2, "time": 3}}
	want := mustRender(t, r, q)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				got, err := r.Render(q)
				if err != nil || got != want {
					t.Errorf("another manifest, %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
}
