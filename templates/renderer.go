package templates

import "purser"

// Renderer implements purser.Renderer. It is safe for concurrent use; compiled templates are kept by their text.
type Renderer struct {
	templates cache
}

var _ purser.Renderer = (*Renderer)(nil)

// New makes a renderer.
func New() *Renderer { return &Renderer{} }

// Render implements purser.Renderer.
func (r *Renderer) Render(q purser.RenderRequest) (string, error) {
	layers, err := layerValues(q.Package, q.Values)
	if err != nil {
		return "", err
	}
	layers.bytes = inputBytes(q.Package)
	if q.Values != nil {
		layers.bytes += len(*q.Values)
	}
	docs, err := r.documents(q.Package, layers)
	if err != nil {
		return "", err
	}
	if err := r.count(docs, q, layers); err != nil {
		return "", err
	}
	return dumpManifest(docs), nil
}

// documents renders all templates and reads what came out.
func (r *Renderer) documents(p purser.Package, layers layered) ([]*value, error) {
	w := work{Renderer: r, dropped: layers.dropped, limit: newBudget(layers.bytes)}
	if err := w.add(p, newScope(layers.values), layers.values, ""); err != nil {
		return nil, err
	}
	docs, err := readDocuments(w.text.String())
	if err != nil {
		return nil, w.explain(err)
	}
	return docs, w.checkShape(docs)
}

// MergeValues implements purser.Renderer.
func (r *Renderer) MergeValues(base, override *string) (*string, error) {
	if isBlankText(override) {
		return nil, nil
	}
	over, err := overrideValues(override, overrideLayer)
	if err != nil || over == nil {
		return nil, err
	}
	if !isBlankText(base) {
		b, err := overrideValues(base, earlierLayer)
		if err != nil {
			return nil, err
		}
		if b != nil {
			over = deepMerge(b, over)
		}
	}
	text := dumpValues(over)
	return &text, nil
}

// inputBytes is the size of everything that a manifest is made of.
func inputBytes(p purser.Package) int {
	n := 0
	if p.Values != nil {
		n = len(*p.Values)
	}
	for _, t := range p.Templates {
		n += len(t.Text)
	}
	for _, d := range p.Dependencies {
		n += inputBytes(d)
	}
	return n
}
