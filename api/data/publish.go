package data

import (
	"errors"
	"net/http"
	"strings"

	"purser"
	"purser/api"
	"purser/api/body"
)

// maxBody is the size in bytes of the longest body that is read; the metadata of a package is far smaller.
const maxBody = 1 << 20

// publish answers POST /api/packageMetadata: the metadata are stored as they are, without an archive (spec/rest.md
// §2.25). The answer has a body when the client says what it accepts.
func (h *Handler) publish(x resource) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := acceptable(r); err != nil {
			return err
		}
		m, err := readMetadata(w, r)
		if err != nil {
			return err
		}
		if m, err = h.packages.PublishMetadata(r.Context(), m); err != nil {
			return err
		}
		e := packageElement(m)
		w.Header().Set("Location", base(r)+"/"+x.name+"/"+e.id)
		if strings.TrimSpace(strings.Join(r.Header["Accept"], "")) == "" {
			return empty(w, http.StatusCreated)
		}
		setTag(w, e.tag)
		return h.model(w, r, http.StatusCreated, x.document(base(r), r.URL.Query().Get(paramProjection), e))
	}
}

// readMetadata reads metadata out of a request. An id is never taken from there.
func readMetadata(w http.ResponseWriter, r *http.Request) (purser.PackageMetadata, error) {
	data, err := readBody(w, r)
	if err != nil {
		return purser.PackageMetadata{}, err
	}
	o, err := body.Parse(data)
	if err != nil {
		return purser.PackageMetadata{}, unreadable(err)
	}
	if o == nil {
		return purser.PackageMetadata{}, unreadable(errors.New("an object is expected, not null"))
	}
	m := purser.PackageMetadata{
		APIVersion:       textOf(o.Text("apiVersion")),
		Kind:             textOf(o.Text("kind")),
		Name:             textOf(o.Text("name")),
		Version:          textOf(o.Text("version")),
		RepositoryName:   textOf(o.Text("repositoryName")),
		Origin:           o.Text("origin"),
		DisplayName:      o.Text("displayName"),
		PackageSourceURL: o.Text("packageSourceUrl"),
		PackageHomeURL:   o.Text("packageHomeUrl"),
		Tags:             o.Text("tags"),
		Maintainer:       o.Text("maintainer"),
		Description:      o.Text("description"),
		SHA256:           o.Text("sha256"),
		IconURL:          o.Text("iconUrl"),
	}
	if id := o.Long("repositoryId"); id != nil {
		m.RepositoryID = *id
	}
	if err := o.Err(); err != nil {
		return purser.PackageMetadata{}, unreadable(err)
	}
	return m, nil
}

// unreadable makes the refusal of a body that is no JSON or not of the right shape.
func unreadable(err error) error {
	return refusal("JSON parse error: "+err.Error(), err.Error())
}

// readBody reads a body of JSON. Other than on Skipper's own paths a missing type is taken for JSON, and what is wrong
// is said in the shape of Data REST.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", api.TypeJSON)
	}
	data, err := api.ReadBody(r)
	f, ok := errors.AsType[*api.Failure](err)
	switch {
	case !ok:
		return data, err
	case f.Status == http.StatusUnsupportedMediaType:
		return nil, refusal(f.Message, "")
	}
	return nil, unreadable(errors.New(f.Message))
}

// textOf gives a text, "" for nil.
func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
