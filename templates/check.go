package templates

import (
	"slices"
	"strings"

	"purser"
)

// Check does what an install of the package with override values does, but does not stop at the first fault: it tells
// everything for which the install would be refused, as far as one fault does not hide another, and warnings. Faults
// stand in the order in which they are met: values, then templates, then what they make.
func (r *Renderer) Check(p purser.Package, values *string) []Fault {
	c := checker{Renderer: r, root: p}
	if c.values(p, "", values); !c.found.refused {
		c.layers(values)
	}
	if !c.found.refused {
		c.whole(values)
	}
	return c.found.all
}

// checker collects what is wrong with one package.
type checker struct {
	*Renderer
	root   purser.Package
	found  findings
	family string                // of the applications, once one is known
	apps   map[string]applicated // by name
	docs   int                   // of the manifest
}

// applicated is where an application was met.
type applicated struct {
	file string
	line int
}

func valuesFile(path string) string { return path + "values.yml" }

func templateFile(path string, t purser.Template) string { return path + "templates/" + t.Name }

func dependencyPath(path string, d purser.Package) string {
	return path + "packages/" + d.Metadata.Name + "/"
}

// values reads the values of a package and of all its dependencies, the override values, and all templates, each for
// itself.
func (c *checker) values(p purser.Package, path string, override *string) {
	if path == "" {
		over, err := overrideValues(override, overrideLayer)
		c.found.addOverride(err)
		if over != nil {
			c.found.addOverride(checkKeys(over, overrideLayer))
		}
	}
	own, err := packageValues(p)
	c.found.add(valuesFile(path), err)
	if own != nil {
		c.found.add(valuesFile(path), checkKeys(own, packageLayer(p)))
		c.retyped(valuesFile(path), p.Values)
	}
	for _, t := range p.Templates {
		_, err := c.templates.compile(t.Text)
		c.found.add(templateFile(path, t), err)
	}
	for _, d := range p.Dependencies {
		c.values(d, dependencyPath(path, d), nil)
	}
}

// layers lays the values over each other and renders the templates one by one.
func (c *checker) layers(override *string) {
	if _, err := layerValues(c.root, nil); err != nil {
		c.found.add(valuesFile(""), err)
		return
	}
	layers, err := layerValues(c.root, override)
	if err != nil { // the values of the package alone can be laid over each other
		c.found.addOverride(err)
		return
	}
	c.dropped(layers)
	layers.bytes = inputBytes(c.root)
	if override != nil {
		layers.bytes += len(*override)
	}
	c.render(c.root, newScope(layers.values), layers, "")
	if c.docs == 0 && !c.found.refused {
		c.found.add("", purser.Errorf(purser.CodeInvalid, "the package deploys nothing: it has no template that renders to an application"))
	}
}

// dropped notes the values of a package with dependencies that no template can see.
func (c *checker) dropped(layers layered) {
	own, err := packageValues(c.root)
	if err != nil || slices.ContainsFunc(c.root.Dependencies, func(d purser.Package) bool { return d.Metadata.Name == "" }) {
		return // the values were read before; those of a dependency without a name are lost for another reason
	}
	for _, e := range own.entries.entries {
		if reason, ok := layers.dropped[e.key.text]; ok {
			c.found.warn(valuesFile(""), e.key.line, "'%s' has no effect: %s", e.key.text, reason)
		}
	}
}

// render renders each template of a package and of its dependencies for itself.
func (c *checker) render(p purser.Package, model *scope, layers layered, path string) {
	for _, t := range p.Templates {
		c.template(path, t, model, layers)
	}
	for _, d := range p.Dependencies {
		inner := &scope{}
		if i, ok := model.byKey[d.Metadata.Name]; ok && i.scope != nil {
			inner = i.scope
		}
		c.render(d, inner, layers, dependencyPath(path, d))
	}
}

func (c *checker) template(path string, t purser.Template, model *scope, layers layered) {
	file := templateFile(path, t)
	w := work{Renderer: c.Renderer, dropped: layers.dropped, limit: newBudget(layers.bytes)}
	compiled, err := c.templates.compile(t.Text)
	if err != nil {
		return // told already
	}
	if missing := compiled.missing(model, newBudget(layers.bytes)); len(missing) > 0 {
		for _, err := range missing {
			c.found.add(file, w.withReason(err, path))
		}
		return
	}
	if err := w.template(path, t, model); err != nil {
		c.found.add(file, err)
		return
	}
	docs, err := readDocuments(w.text.String())
	if err != nil {
		c.found.add(file, w.explain(err))
		return
	}
	piece := w.pieces[0]
	trace, err := piece.trace()
	if err != nil {
		c.found.add(file, err)
		return
	}
	if rendersNothing(docs) {
		c.found.warn(file, 0, "the template renders to nothing")
	}
	for _, d := range docs {
		c.document(file, d, func(line int) int {
			at, _ := trace.origin(line - piece.line + 1)
			return min(max(at, 1), strings.Count(strings.TrimRight(t.Text, "\n"), "\n")+1)
		})
	}
	c.arrivals(file, w.text.String(), piece, trace)
}

// rendersNothing tells whether all documents of a template are empty.
func rendersNothing(docs []*value) bool {
	return !slices.ContainsFunc(docs, func(d *value) bool { return d.kind != kindNull })
}

// document checks one document of the manifest. at leads a line of the rendered text back to the template.
func (c *checker) document(file string, d *value, at func(line int) int) {
	c.docs++
	line := at(max(d.line, 1))
	k := kindOf(d)
	_, known := kinds[k]
	switch {
	case k != "" && !known:
		c.found.addAt(file, at(d.entries.get("kind").line), errKind(k))
		return
	case c.family == "" && known:
		c.family = kinds[k].family
	}
	if err := checkDocument(d, c.docs, c.family); err != nil {
		c.found.addAt(file, line, err)
		return
	}
	s, faults := readDocument(d)
	for _, fault := range faults {
		c.addFault(file, line, fault, at)
	}
	if len(faults) > 0 {
		return
	}
	c.resource(file, at(d.entries.get("spec").entries.get("resource").line), s.Resource)
	first, twice := c.apps[s.Name]
	if !twice {
		if c.apps == nil {
			c.apps = map[string]applicated{}
		}
		c.apps[s.Name] = applicated{file, line}
		return
	}
	c.found.warn(file, line, "there is an application '%s' already, in %s line %d; both get the same deployment", s.Name, first.file, first.line)
}

// whole does what an install does, so that nothing that is refused there passes here.
func (c *checker) whole(values *string) {
	manifest, err := c.Render(purser.RenderRequest{Package: c.root, Values: values})
	if err == nil {
		_, err = c.Applications(manifest)
	}
	c.found.add("", err)
}
