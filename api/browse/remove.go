package browse

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

func removeAction() *action {
	return &action{
		path: "/browse/package/{name}/delete", template: "remove", title: "Delete a package",
		load: loadPackage, apply: remove,
	}
}

// loadPackage reads the versions of a package.
func loadPackage(v *visit, f *form) error {
	list, err := v.versions(exact(chi.URLParam(v.r, "name")))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return missing("There is no such package.")
	}
	f.Back = "/api/packageMetadata/" + list[0].ID()
	f.About = list
	return nil
}

func remove(v *visit, f *form) (string, error) {
	name := f.About.([]wirePackage)[0].Name
	if err := accepted(v.call(http.MethodDelete, "/api/package/"+name.Path(), nil)); err != nil {
		return "", err
	}
	return "/api/packageMetadata?" + paramSaid + "=removed", nil
}
