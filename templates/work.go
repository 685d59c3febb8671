package templates

import (
	"errors"
	"fmt"
	"strings"

	"purser"
)

// work is one rendering: the text of all templates of a package, dependencies included, one after the other.
type work struct {
	*Renderer
	text    strings.Builder
	lines   int
	pieces  []piece
	dropped map[string]string
	limit   *budget
}

// piece is the part of the text that one template has rendered to.
type piece struct {
	file  string // path of the template in the package
	text  string // of the template
	model *scope
	line  int // of the text, from 1, where it begins
}

// add renders the templates of a package, then those of its dependencies with the part of the model that is theirs. Path
// says where the package stands in the root package, "" for that one itself.
func (w *work) add(p purser.Package, model *scope, values *value, path string) error {
	for _, t := range p.Templates {
		if err := w.template(path, t, model); err != nil {
			return err
		}
	}
	for _, d := range p.Dependencies {
		name := d.Metadata.Name
		inner := &scope{}
		v := values.entries.get(name)
		switch i, ok := model.byKey[name]; {
		case !ok:
			v = newMap(mapping{})
		case i.scope == nil:
			return purser.Errorf(purser.CodeInvalid, "the values of %s have %s for its dependency '%s', where a map of values for it must be",
				p.Metadata.Name, v.noun(), name)
		default:
			inner = i.scope
		}
		if err := w.add(d, inner, v, path+"packages/"+name+"/"); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) template(path string, t purser.Template, model *scope) error {
	file := path + "templates/" + t.Name
	c, err := w.templates.compile(t.Text)
	if err != nil {
		return templateFault(file, err)
	}
	out, err := c.render(model, w.limit, nil)
	if err != nil {
		return templateFault(file, w.withReason(err, path))
	}
	w.write("\n---\n# Source: " + t.Name + "\n")
	w.pieces = append(w.pieces, piece{file: file, text: t.Text, model: model, line: w.lines + 1})
	w.write(out)
	return nil
}

func (w *work) write(s string) {
	w.text.WriteString(s)
	w.lines += strings.Count(s, "\n")
}

func templateFault(file string, err error) error {
	return purser.Errorf(purser.CodeInvalid, "%s, %s", file, err)
}

// withReason adds to a missing variable why it is missing although a value was given.
func (w *work) withReason(err error, path string) error {
	m, ok := errors.AsType[*missingError](err)
	if !ok {
		return err
	}
	if path != "" {
		return fmt.Errorf("%w; a dependency sees nothing but the values that are given below its name", err)
	}
	first, _, _ := strings.Cut(m.name, ".")
	for _, key := range []string{m.name, first} {
		if reason, ok := w.dropped[key]; ok {
			return fmt.Errorf("%w; '%s' was given, but %s", err, key, reason)
		}
	}
	return err
}

// explain leads a fault of the rendered text back to the template, and to the value that was printed there.
func (w *work) explain(err error) error {
	e, ok := errors.AsType[*yamlError](err)
	if !ok || len(w.pieces) == 0 {
		return purser.Errorf(purser.CodeInvalid, "the manifest, %s", err)
	}
	p := w.pieceAt(e.line)
	problem := yamlError{key: e.key, problem: e.problem}
	if e.line == 0 {
		return purser.Errorf(purser.CodeInvalid, "%s rendered, %s", p.file, &problem)
	}
	c, cerr := compileMarked(p.text, true)
	if cerr != nil {
		return templateFault(p.file, cerr)
	}
	t := &trace{line: 1}
	if _, rerr := c.render(p.model, newBudget(len(p.text)+maxYAMLBytes), t); rerr != nil {
		return templateFault(p.file, rerr)
	}
	line, printed := t.origin(e.line - p.line + 1)
	if printed == nil {
		problem.line, problem.column = line, e.column
		return purser.Errorf(purser.CodeInvalid, "%s, %s", p.file, &problem)
	}
	what := "'" + printed.place.name + "'"
	if printed.key != "" {
		what += " (entry '" + printed.key + "')"
	}
	return purser.Errorf(purser.CodeInvalid, "%s, line %d, with the value of %s put in: %s", p.file, line, what, e.problem)
}

func (w *work) pieceAt(line int) piece {
	found := w.pieces[0]
	for _, p := range w.pieces {
		if p.line <= line {
			found = p
		}
	}
	return found
}

// checkShape refuses applications without metadata or spec while the template they come from is still known.
func (w *work) checkShape(docs []*value) error {
	for _, d := range docs {
		if err := checkShape(d); err != nil && d.line > 0 && len(w.pieces) > 0 {
			return purser.Errorf(purser.CodeInvalid, "%s, in %s", err, w.pieceAt(d.line).file)
		}
	}
	return nil
}
