package akkeris

import (
	"context"
	"net/http"
	"strings"

	"purser"
)

// App is an app of the configuration.
type App struct {
	Name       string
	Space      string
	Package    string // whose versions are its builds
	Platform   string
	Downstream bool    // releases come by promotion alone
	Values     *string // YAML, laid over those of the package; nil for none
}

// Spaces is what the spaces of this dialect's release keys begin with.
const Spaces = "akkeris/"

// key is the release key of the app (spec/setup.md).
func (a *App) key() purser.ReleaseKey {
	return purser.ReleaseKey{Space: Spaces + a.Space, Name: a.Name}
}

// fullName names the app among those of all spaces.
func (a *App) fullName() string { return a.Name + "-" + a.Space }

// directory finds apps.
type directory struct {
	all    []*App
	named  map[string]*App // by full name
	folded map[string]*App // by full name in lower case; the first of several
	keyed  map[purser.ReleaseKey]*App
}

func directoryOf(apps []App) directory {
	d := directory{named: map[string]*App{}, folded: map[string]*App{}, keyed: map[purser.ReleaseKey]*App{}}
	for i := range apps {
		app := &apps[i]
		name := app.fullName()
		d.all = append(d.all, app)
		d.named[name], d.keyed[app.key()] = app, app
		if lower := strings.ToLower(name); d.folded[lower] == nil {
			d.folded[lower] = app
		}
	}
	return d
}

// find gives the app with a full name, which may be spelt in another case; nil when there is none.
func (d directory) find(name string) *App {
	if app := d.named[name]; app != nil {
		return app
	}
	return d.folded[strings.ToLower(name)]
}

// findApp gives the app with a full name or an id.
func (h *Handler) findApp(ctx context.Context, name string) (*App, error) {
	if app := h.apps.find(name); app != nil {
		return app, nil
	}
	id, ok := uuidOf(name)
	if !ok {
		return nil, refuse(http.StatusNotFound, textNoApp, name)
	}
	found, err := h.Store.FindKeyByUUID(ctx, id)
	if err != nil && purser.ErrorCode(err) != purser.CodeNotFound {
		return nil, err
	}
	if app := h.apps.keyed[found.Key]; err == nil && app != nil {
		return app, nil
	}
	return nil, refuse(http.StatusNotFound, textNoApp, name)
}

// idOf gives the id of an app.
func (h *Handler) idOf(ctx context.Context, app *App) (string, error) {
	if id, ok := h.ids.Load(app.key()); ok {
		return id.(string), nil
	}
	id, err := h.Engine.KeyUUID(ctx, app.key())
	if err == nil {
		h.ids.Store(app.key(), id)
	}
	return id, err
}

// named is a name with an id.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// reference is how other answers name an app.
func (h *Handler) reference(ctx context.Context, app *App) (named, error) {
	id, err := h.idOf(ctx, app)
	return named{id, app.fullName()}, err
}

// ownName is something that has a name alone.
type ownName struct {
	Name string `json:"name"`
}

// appAnswer is an app on the wire. Here, as in what hooks are told, its name is the short one.
type appAnswer struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Key        string  `json:"key"`
	Space      ownName `json:"space"`
	Package    ownName `json:"package"`
	Downstream bool    `json:"downstream"`
}

func (h *Handler) appAnswer(ctx context.Context, app *App) (appAnswer, error) {
	ref, err := h.reference(ctx, app)
	return appAnswer{
		ID: ref.ID, Name: app.Name, Key: ref.Name, Space: ownName{app.Space}, Package: ownName{app.Package}, Downstream: app.Downstream,
	}, err
}

func (h *Handler) listApps(v *visit) error {
	list := []appAnswer{}
	for _, app := range h.apps.all {
		answer, err := h.appAnswer(v.ctx(), app)
		if err != nil {
			return err
		}
		list = append(list, answer)
	}
	return reply(v, http.StatusOK, list)
}

func (h *Handler) readApp(v *visit) error {
	answer, err := h.appAnswer(v.ctx(), v.app)
	if err != nil {
		return err
	}
	return reply(v, http.StatusOK, answer)
}
