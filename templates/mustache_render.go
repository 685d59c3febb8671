package templates

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cbroglie/mustache"
)

// budget bounds what the templates of one package may make of their input together. Loops inside of loops could fill the
// memory otherwise.
type budget struct {
	tags  int // that may still be resolved
	bytes int // that may still be written
}

func newBudget(input int) *budget {
	return &budget{tags: 50_000 + 16*input, bytes: 128<<10 + 64*input}
}

var errBudget = errors.New("it renders to far more than its input; loops inside of loops do that")

// render writes a template with a model. With trace set it also records where each variable went.
func (c *compiled) render(model *scope, limit *budget, trace *trace) (string, error) {
	r := resolver{compiled: c, limit: limit, trace: trace}
	root := map[string]any{literalTag: tagStart}
	for _, m := range c.marks {
		root[m.number] = traced{trace: trace, place: m}
	}
	if err := r.resolve(c.tags, &frame{data: model}, root); err != nil {
		return "", err
	}
	out := &output{limit: limit, trace: trace}
	if err := c.template.FRender(out, root); err != nil {
		return "", &templateError{line: 1, problem: err.Error()}
	}
	return out.text.String(), nil
}

// missing gives everything for which the template cannot be rendered with a model.
func (c *compiled) missing(model *scope, limit *budget) []error {
	var found []error
	r := resolver{compiled: c, limit: limit, found: &found}
	if err := r.resolve(c.tags, &frame{data: model}, map[string]any{}); err != nil && len(found) == 0 {
		found = append(found, err)
	}
	return found
}

// resolver walks over the tags of a template with the model, as rendering will, and puts what each tag stands for into
// the contexts that the library then renders with: a context for each time a section is rendered, with a key for each
// tag inside.
type resolver struct {
	*compiled
	limit *budget
	trace *trace
	found *[]error // collects what is missing, where it is not nil
}

func (r *resolver) resolve(tags []tag, f *frame, context map[string]any) error {
	for _, t := range tags {
		if err := r.spend(t); err != nil {
			return err
		}
		if err := r.tag(t, f, context); err != nil {
			if r.found == nil {
				return err
			}
			*r.found = append(*r.found, err)
			if r.limit.tags < 0 || r.limit.bytes < 0 {
				return err
			}
		}
	}
	return nil
}

func (r *resolver) spend(t tag) error {
	if r.limit.tags--; r.limit.tags < 0 {
		return &templateError{t.line, errBudget.Error()}
	}
	return nil
}

func (r *resolver) tag(t tag, f *frame, context map[string]any) error {
	if t.kind == mustache.Partial {
		return &templateError{t.line, fmt.Sprintf("Partials are not supported: {{>%s}}", t.name)}
	}
	v, part := f.find(t.place)
	switch {
	case t.kind == mustache.InvertedSection:
		if len(f.frames(v)) > 0 {
			context[t.number] = true
			return nil
		}
		return r.resolve(t.inside, f, context) // rendered in the present context
	case t.kind == mustache.Section:
		return r.section(t, f.frames(v), context)
	case v == (missing{}):
		return &missingError{templateError: templateError{line: t.line}, name: t.name, part: part}
	}
	text := textOf(v)
	if r.limit.bytes -= len(text); r.limit.bytes < 0 {
		return &templateError{t.line, errBudget.Error()}
	}
	if r.trace != nil {
		context[t.number] = traced{text, r.trace, t.place, f.entryKey()}
		return nil
	}
	context[t.number] = text
	return nil
}

func (r *resolver) section(t tag, frames []*frame, context map[string]any) error {
	if len(frames) == 0 {
		return nil
	}
	contexts := make([]map[string]any, len(frames))
	for i, inner := range frames {
		if err := r.spend(t); err != nil {
			return err
		}
		if len(t.inside) > 0 {
			contexts[i] = make(map[string]any, len(t.inside))
		}
		if err := r.resolve(t.inside, inner, contexts[i]); err != nil {
			return err
		}
	}
	context[t.number] = contexts
	return nil
}

// missingError is a variable without value.
type missingError struct {
	templateError
	name   string
	part   string // the beginning of the name that is not there
	reason string // "" when none is known
}

// Error implements error.
func (e *missingError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text()) }

func (e *missingError) text() string {
	text := fmt.Sprintf("there is no value for '%s'", e.name)
	if e.part != e.name && e.part != "" && !strings.HasSuffix(e.part, ".") {
		text += fmt.Sprintf(": '%s' is not there", e.part)
	}
	if e.reason != "" {
		text += "; " + e.reason
	}
	return text
}

// textOf is what a tag prints.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case *scope:
		return v.text()
	case *item:
		var b strings.Builder
		v.appendText(&b)
		return b.String()
	case entrySet:
		s := v.of.text()
		return "[" + s[1:len(s)-1] + "]"
	default:
		return ""
	}
}

// output is where the library writes to.
type output struct {
	text  strings.Builder
	limit *budget
	trace *trace
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	if o.limit.bytes -= len(b); o.limit.bytes < 0 {
		return 0, errBudget
	}
	if o.trace != nil {
		o.trace.advance(b)
	}
	return o.text.Write(b)
}
