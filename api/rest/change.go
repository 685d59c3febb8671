package rest

import (
	"math"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/body"
	"purser/api/hal"
)

// upgrade is POST /api/release/upgrade (spec/rest.md §2.14).
func (h *Handler) upgrade(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	properties := o.Object("upgradeProperties")
	name := properties.Text("releaseName")
	request := purser.UpgradeRequest{
		Key:     key(text(name)),
		Package: identifier(o.Object("packageIdentifier")),
		Values:  properties.Object("configValues").Text("raw"),
		Timeout: timeout(o),
		Force:   o.Bool("force"),
		Apps:    o.Texts("appNames"),
	}
	if err := api.Readable(o); err != nil {
		return err
	}
	if properties.IsNull() {
		return purser.Errorf(purser.CodeInvalid, "Upgrade properties must not be null")
	}
	if name == nil {
		return errNoName()
	}
	release, err := h.engine.Upgrade(r.Context(), request)
	if err != nil {
		return err
	}
	return h.release(w, r, http.StatusCreated, release)
}

// rollback is POST /api/release/rollback (spec/rest.md §2.15).
func (h *Handler) rollback(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	name, version := o.Text("releaseName"), o.Int("version")
	request := purser.RollbackRequest{Key: key(text(name)), Timeout: timeout(o)}
	if err := api.Readable(o); err != nil {
		return err
	}
	if name == nil {
		return errNoName()
	}
	if version == nil {
		return purser.Errorf(purser.CodeInvalid, "Rollback version must not be null")
	}
	request.Version = *version
	return h.rolledBack(w, r, request)
}

// rollbackByPath is POST /api/release/rollback/{name}/{version}; what is in its body does not count.
func (h *Handler) rollbackByPath(w http.ResponseWriter, r *http.Request) error {
	version, err := pathNumber(chi.URLParam(r, "version"), kindInt)
	if err != nil {
		return err
	}
	return h.rolledBack(w, r, purser.RollbackRequest{Key: key(chi.URLParam(r, "name")), Version: int(version)})
}

func (h *Handler) rolledBack(w http.ResponseWriter, r *http.Request, request purser.RollbackRequest) error {
	release, err := h.engine.Rollback(r.Context(), request)
	if err != nil {
		return err
	}
	return h.release(w, r, http.StatusCreated, release)
}

// deleteRelease is DELETE /api/release/{name} (spec/rest.md §2.16).
func (h *Handler) deleteRelease(w http.ResponseWriter, r *http.Request) error {
	return h.deleted(w, r, false)
}

// deleteReleaseAndPackage is DELETE /api/release/{name}/package.
func (h *Handler) deleteReleaseAndPackage(w http.ResponseWriter, r *http.Request) error {
	return h.deleted(w, r, true)
}

func (h *Handler) deleted(w http.ResponseWriter, r *http.Request, withPackage bool) error {
	release, err := h.engine.Delete(r.Context(), purser.DeleteRequest{Key: key(chi.URLParam(r, "name")), WithPackage: withPackage})
	if err != nil {
		return err
	}
	return h.release(w, r, http.StatusOK, release)
}

// cancel is POST /api/release/cancel (spec/rest.md §2.17).
func (h *Handler) cancel(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	name := o.Text("releaseName")
	if err := api.Readable(o); err != nil {
		return err
	}
	if name == nil {
		return errNoName()
	}
	accepted, err := h.engine.Cancel(r.Context(), key(*name))
	if err != nil {
		return err
	}
	return h.adapter.Plain(w, r, http.StatusOK, hal.Members{{Key: "accepted", Value: accepted}})
}

// scale is POST /api/release/scale/{name} (spec/rest.md §2.18).
func (h *Handler) scale(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	request := purser.ScaleReleaseRequest{Key: key(chi.URLParam(r, "name"))}
	missing := ""
	for _, app := range o.Objects("scale") {
		name, count := text(app.Text("name")), app.Int("count")
		if count == nil {
			missing = "Count of application '" + name + "' must not be null"
			count = new(int)
		}
		request.Apps = append(request.Apps, purser.AppScale{Name: name, Count: *count, Properties: app.TextMap("properties")})
	}
	if err := api.Readable(o); err != nil {
		return err
	}
	if missing != "" {
		return &purser.Error{Code: purser.CodeInvalid, Message: missing}
	}
	release, err := h.engine.Scale(r.Context(), request)
	if err != nil {
		return err
	}
	return h.release(w, r, http.StatusCreated, release)
}

func errNoName() error { return purser.Errorf(purser.CodeInvalid, "Release name must not be empty") }

// timeout reads a time in milliseconds, nil when none is given. Times that pass the clock's range are cut to it.
func timeout(o *body.Object) *time.Duration {
	ms := o.Long("timeout")
	if ms == nil {
		return nil
	}
	const most = math.MaxInt64 / int64(time.Millisecond)
	d := time.Duration(min(max(*ms, -most), most)) * time.Millisecond
	return &d
}
