package browse

import (
	"errors"
	"net/http"
	"net/url"

	"purser/api"
)

// action is something that people do with a form. Its page says first what would happen; nothing happens before that was
// seen and sent again.
type action struct {
	path     string // the route
	template string
	title    string
	// load reads what the form is about. What it returns is a page of its own.
	load func(v *visit, f *form) error
	// preview asks what would happen, and fills the form with it; nil: the form says so itself. A refusal is shown with
	// the form.
	preview func(v *visit, f *form) error
	// apply does it, and gives the page to go on with.
	apply func(v *visit, f *form) (path string, err error)
}

// actions lists them all.
func actions() []*action {
	return []*action{
		uploadAction(), installAction(), removeAction(),
		upgradeAction(), rollbackAction(), scaleAction(), cancelAction(), deleteAction(),
	}
}

// form is an action on its way.
type form struct {
	Action  string // where it is sent, below the root
	Back    string // where it leads when nothing is to be done, below the root
	Confirm bool   // what would happen is shown
	Fields  url.Values
	Problem string // why it was refused
	Preview *wirePreview
	Changes []change
	About   any // what load has read

	status int // of the answer that holds the problem
}

// change is one line of what an action without a preview of the API would do.
type change struct{ Name, Old, New string }

// Get gives what was typed.
func (f *form) Get(name string) string { return f.Fields.Get(name) }

// Has tells whether a box was ticked.
func (f *form) Has(name string) bool { return f.Fields.Get(name) != "" }

// refusal is an answer of the API, or a fault in what was typed, that the form shows.
type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return r.message }

// typed refuses what was typed.
func typed(message string) error { return &refusal{http.StatusBadRequest, message} }

// accepted gives the refusal of the API, if it is one.
func accepted(a *answer, err error) error {
	if err != nil {
		return err
	}
	if a.failed() {
		return &refusal{a.status, problemText(a)}
	}
	return nil
}

// unreadable is a form whose bytes make no sense, or are too many.
func unreadable(err error) error {
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return large
	}
	return &api.Failure{Status: http.StatusBadRequest, Message: "The form cannot be read.", Err: err}
}

// blank is GET of an action: the form as it begins. The query may fill fields.
func (v *visit) blank(a *action) error {
	return v.guarded(func() error {
		f := &form{Action: api.RawPath(v.r), Fields: v.r.URL.Query()}
		if err := a.load(v, f); err != nil {
			return err
		}
		return v.form(a, f)
	})
}

// send is POST of an action. The field step says what is wanted: to see what would happen (preview), to do it (apply), or
// to change the fields (edit).
func (v *visit) send(a *action) error {
	return v.guarded(func() error {
		if err := v.admitted(); err != nil {
			return err
		}
		f := &form{Action: api.RawPath(v.r), Fields: v.r.PostForm} //nolint:forbidigo // a field, no request
		if err := a.load(v, f); err != nil {
			return err
		}
		err := v.step(a, f)
		if r, ok := errors.AsType[*refusal](err); ok {
			f.Problem, f.status, f.Confirm = r.message, r.status, false
			return v.form(a, f)
		}
		return err
	})
}

func (v *visit) step(a *action, f *form) error {
	switch step := f.Get("step"); {
	case step == "edit":
		return v.form(a, f)
	case step == "apply":
		path, err := a.apply(v, f)
		if err != nil {
			return err
		}
		v.redirect(path)
		return nil
	case a.preview == nil:
		return typed("The form does not say what is to be done.")
	}
	if err := a.preview(v, f); err != nil {
		return err
	}
	f.Confirm = true
	return v.form(a, f)
}

// form writes the page of an action.
func (v *visit) form(a *action, f *form) error {
	p := v.newPage()
	p.Template, p.Title, p.Data, p.Token = a.template, a.title, f, v.token()
	switch about := f.About.(type) {
	case *releaseData:
		p.Section = "releases"
		p.Crumbs = []crumb{
			{Text: "Releases", Href: "/api/release/list"},
			{Text: about.Name, Href: f.Back},
			{Text: a.title},
		}
	default:
		p.Section = "packages"
		p.Crumbs = []crumb{{Text: "Packages", Href: "/api/packageMetadata"}, {Text: a.title}}
	}
	status := http.StatusOK
	if f.status != 0 {
		status = f.status
	}
	return v.render(status, p)
}

// guarded shows failures of pages as pages.
func (v *visit) guarded(f func() error) error {
	err := f()
	failure, ok := errors.AsType[*api.Failure](err)
	if large, is := errors.AsType[*http.MaxBytesError](err); is {
		failure, ok = api.FailureOf(large), true
	}
	if !ok || failure.Status >= http.StatusInternalServerError {
		return err
	}
	p := v.newPage()
	p.Template, p.Title = "problem", http.StatusText(failure.Status)
	p.Data = &problemData{Status: failure.Status, Reason: http.StatusText(failure.Status), Message: failure.Message, Advice: advice[failure.Status]}
	return v.render(failure.Status, p)
}

// missing is the failure of a form about something that is not there.
func missing(message string) error {
	return &api.Failure{Status: http.StatusNotFound, Message: message}
}
