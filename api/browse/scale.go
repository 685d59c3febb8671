package browse

import (
	"net/http"
	"strconv"
	"strings"
)

func scaleAction() *action {
	return &action{
		path: "/browse/release/{name}/scale", template: "scale", title: "Scale",
		load: loadRelease, preview: previewScale, apply: scale,
	}
}

func cancelAction() *action {
	return &action{
		path: "/browse/release/{name}/cancel", template: "cancel", title: "Cancel the upgrade",
		load: loadRelease, apply: cancel,
	}
}

func deleteAction() *action {
	return &action{
		path: "/browse/release/{name}/delete", template: "delete", title: "Delete",
		load: loadRelease, apply: deleteRelease,
	}
}

type wireScale struct {
	Scale []wireCount `json:"scale"`
}

type wireCount struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// scaleRequest asks for the numbers that are other than they are.
func scaleRequest(f *form) (wireScale, []change, error) {
	var request wireScale
	var changes []change
	for _, app := range f.About.(*releaseData).Latest.Info.Apps() {
		text := strings.TrimSpace(f.Get("count." + app.Name()))
		if text == "" {
			continue
		}
		count, err := strconv.Atoi(text)
		if err != nil || count < 0 {
			return request, nil, typed("The number of instances of " + app.Name() + " is a number from 0 on.")
		}
		if count != len(app.Instances) {
			request.Scale = append(request.Scale, wireCount{app.Name(), count})
			changes = append(changes, change{app.Name(), strconv.Itoa(len(app.Instances)), strconv.Itoa(count)})
		}
	}
	if len(changes) == 0 {
		return request, nil, typed("This is how many instances there are already.")
	}
	return request, changes, nil
}

func previewScale(_ *visit, f *form) error {
	_, changes, err := scaleRequest(f)
	f.Changes = changes
	return err
}

func scale(v *visit, f *form) (string, error) {
	request, _, err := scaleRequest(f)
	if err != nil {
		return "", err
	}
	name := f.About.(*releaseData).Name
	if err := accepted(v.call(http.MethodPost, "/api/release/scale/"+name.Path(), request)); err != nil {
		return "", err
	}
	return releasePath(name.Raw(), "scaled"), nil
}

func cancel(v *visit, f *form) (string, error) {
	name := f.About.(*releaseData).Name
	a, err := v.call(http.MethodPost, "/api/release/cancel", map[string]string{"releaseName": name.Raw()})
	if err := accepted(a, err); err != nil {
		return "", err
	}
	var doc struct{ Accepted bool }
	if err := a.decode(&doc); err != nil {
		return "", err
	}
	if !doc.Accepted {
		return releasePath(name.Raw(), "late"), nil
	}
	return releasePath(name.Raw(), "cancelled"), nil
}

func deleteRelease(v *visit, f *form) (string, error) {
	name := f.About.(*releaseData).Name
	target := "/api/release/" + name.Path()
	if f.Has("package") {
		target += "/package"
	}
	if err := accepted(v.call(http.MethodDelete, target, nil)); err != nil {
		return "", err
	}
	return releasePath(name.Raw(), "deleted"), nil
}
