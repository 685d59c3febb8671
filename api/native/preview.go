package native

import (
	"net/http"

	"purser"
	"purser/api/hal"
	"purser/api/skipper"
)

// previewInstall is POST /api/purser/preview/install, with the body of an install.
func (h *Handler) previewInstall(w http.ResponseWriter, r *http.Request) error {
	request, err := skipper.ReadInstall(r)
	if err != nil {
		return err
	}
	p, err := h.Engine.PreviewInstall(r.Context(), request)
	if err != nil {
		return err
	}
	return h.Adapter.HAL(w, r, http.StatusOK, preview(p))
}

// previewUpgrade is POST /api/purser/preview/upgrade, with the body of an upgrade.
func (h *Handler) previewUpgrade(w http.ResponseWriter, r *http.Request) error {
	request, err := skipper.ReadUpgrade(r)
	if err != nil {
		return err
	}
	p, err := h.Engine.PreviewUpgrade(r.Context(), request)
	if err != nil {
		return err
	}
	return h.Adapter.HAL(w, r, http.StatusOK, preview(p))
}

// previewRollback is POST /api/purser/preview/rollback, with the body of a rollback.
func (h *Handler) previewRollback(w http.ResponseWriter, r *http.Request) error {
	request, err := skipper.ReadRollback(r)
	if err != nil {
		return err
	}
	p, err := h.Engine.PreviewRollback(r.Context(), request)
	if err != nil {
		return err
	}
	return h.Adapter.HAL(w, r, http.StatusOK, preview(p))
}

// preview is a preview on the wire.
type preview purser.Preview

// AppendFields implements hal.Fields.
func (p preview) AppendFields(w *hal.Writer) {
	next := p.Release
	w.Key("name")
	w.String(next.Key.Name)
	w.Key("version")
	w.Int(int64(next.Version))
	w.Key("platformName")
	w.String(next.Platform)
	w.Key("packageName")
	w.String(next.Package.Metadata.Name)
	w.Key("packageVersion")
	w.String(next.Package.Metadata.Version)
	w.Key("manifest")
	w.String(next.Manifest)
	w.Key("values")
	w.Text(next.Values)
	w.Key("applications")
	w.BeginArray()
	for _, a := range p.Applications {
		w.BeginObject()
		w.Key("name")
		w.String(a.Name)
		w.Key("action")
		w.String(string(a.Action))
		w.Key("deploymentId")
		w.String(a.DeploymentID)
		w.EndObject()
	}
	w.EndArray()
	w.Key("difference")
	w.Object(difference(p.Difference))
}
