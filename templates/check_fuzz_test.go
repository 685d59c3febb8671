package templates

import (
	"testing"

	"purser"
)

// FuzzCheck compares what Check finds with what an install says: there is an error if and only if the install is refused,
// and each error has a place, but for a package that deploys nothing.
func FuzzCheck(f *testing.F) {
	seeds(f, func(template, values, override string) { f.Add(template, values, override) })
	f.Add("{{a}} {{b}}\n{{>c}}\n", "a: 1\n", "")
	f.Add("kind: SpringCloudDeployerApplication\nmetadata: {name: [a]}\nspec: {resource: 'x'}\n", "", "1: 2\n")
	f.Add("kind: CloudFoundryApplication\nspec: {resource: 'maven:a:b', manifest: {memory: x, services: y, env: z}}\n", "", "")
	f.Add("---\nkind: SpringBootApp\nmetadata: {name: {{v}}}\nspec: {resource: {{v}}}\n---\n", "v: '=x'\n", "")
	f.Fuzz(func(t *testing.T, template, values, override string) {
		p := purser.Package{Values: &values, Templates: []purser.Template{{Name: "app.yml", Text: template}}}
		p.Metadata.Name = "p"
		r := New()
		var faults []Fault
		if spent := cost(func() { faults = r.Check(p, &override) }); spent > 4*maxCost && len(template)+len(values)+len(override) < 4<<10 {
			t.Errorf("%d bytes were allocated", spent)
		}
		manifest, err := r.Render(purser.RenderRequest{Package: p, Values: &override})
		if err == nil {
			_, err = r.Applications(manifest)
		}
		refused := false
		for _, fault := range faults {
			refused = refused || !fault.Warning
			if fault.File == "" && !fault.Override && fault.Problem != "the package deploys nothing: it has no template that renders to an application" {
				t.Errorf("it has no place: %+v", fault)
			}
		}
		if refused != (err != nil) {
			t.Errorf("found %+v, the install says %v", faults, err)
		}
	})
}
