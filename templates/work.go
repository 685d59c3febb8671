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
	return purser.Errorf(purser.CodeInvalid, "%s, %w", file, err)
}

// withReason adds to a missing variable why it is missing although a value was given.
func (w *work) withReason(err error, path string) error {
	m, ok := errors.AsType[*missingError](err)
	if !ok {
		return err
	}
	explained := *m
	if path != "" {
		explained.reason = "a dependency sees nothing but the values that are given below its name"
		return &explained
	}
	first, _, _ := strings.Cut(m.name, ".")
	for _, key := range []string{m.name, first} {
		if reason, ok := w.dropped[key]; ok {
			explained.reason = fmt.Sprintf("'%s' was given, but %s", key, reason)
			return &explained
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
	if e.line == 0 {
		return purser.Errorf(purser.CodeInvalid, "%s rendered, %s", p.file, &yamlError{key: e.key, problem: e.problem})
	}
	t, terr := p.trace()
	if terr != nil {
		return templateFault(p.file, terr)
	}
	line, printed := t.origin(e.line - p.line + 1)
	if printed == nil {
		return templateFault(p.file, &yamlError{line: line, column: e.column, key: e.key, problem: e.problem})
	}
	what := "'" + printed.place.name + "'"
	if printed.key != "" {
		what += " (entry '" + printed.key + "')"
	}
	return templateFault(p.file, &printedError{templateError{line, e.problem}, what})
}

// printedError is a fault that the value of a variable has brought into the rendered text.
type printedError struct {
	templateError
	what string
}

// Error implements error.
func (e *printedError) Error() string {
	return fmt.Sprintf("line %d, with the value of %s put in: %s", e.line, e.what, e.problem)
}

// trace renders the template again and notes where everything goes.
func (p piece) trace() (*trace, error) {
	c, err := compileMarked(p.text, true)
	if err != nil {
		return nil, err
	}
	t := &trace{line: 1}
	_, err = c.render(p.model, newBudget(len(p.text)+maxYAMLBytes), t)
	return t, err
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
