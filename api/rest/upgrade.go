package rest

import (
	"math"
	"net/http"
	"time"

	"purser"
	"purser/api"
	"purser/api/body"
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
