package release_test

import (
	"testing"

	"purser"
)

func TestScale(t *testing.T) {
	for _, row := range []struct {
		name    string
		before  func(t *testing.T, w *world)
		request purser.ScaleReleaseRequest
		code    purser.Code
		want    string
		running []string
	}{
		{name: "Up", request: scaleTo("web", "app", 3), running: []string{"web.app-v1", "web.app-v1", "web.app-v1"}},
		{name: "ToZero", request: scaleTo("web", "app", 0)},
		{name: "UpFromZero", before: func(t *testing.T, w *world) {
			if _, err := w.Scale(t.Context(), scaleTo("web", "app", 0)); err != nil {
				t.Fatal(err)
			}
		}, request: scaleTo("web", "app", 2), running: []string{"web.app-v1", "web.app-v1"}},
		{name: "UnknownApplicationIsPassedOver", request: scaleTo("web", "other", 5), running: []string{"web.app-v1"}},
		{name: "NamesAreExact", request: scaleTo("web", "App", 5), running: []string{"web.app-v1"}},
		{name: "Nothing", request: purser.ScaleReleaseRequest{Key: key("web")}, running: []string{"web.app-v1"}},
		{name: "DeletedIsAnsweredAsItIs", before: func(t *testing.T, w *world) { w.MustDelete(t, "web") }, request: scaleTo("web", "app", 3)},
		{name: "ErrUnknownRelease", request: scaleTo("nobody", "app", 3), code: purser.CodeReleaseNotFound, want: "Release with the name [nobody] doesn't exist", running: []string{"web.app-v1"}},
		{name: "ErrNegative", request: scaleTo("web", "app", -1), code: purser.CodeInvalid, want: "Count of application 'app' must not be negative. Value = -1", running: []string{"web.app-v1"}},
		{name: "ErrPlatform", before: func(_ *testing.T, w *world) {
			w.platform.FailNext("scale", purser.Errorf(purser.CodePlatform, "no room left"))
		}, request: scaleTo("web", "app", 3), code: purser.CodePlatform, want: "no room left", running: []string{"web.app-v1"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "web", demo("1.0.0"))
			if row.before != nil {
				row.before(t, w)
			}
			before := w.versions(t, "web")[0]
			r, err := w.Scale(t.Context(), row.request)
			if purser.ErrorCode(err) != row.code || err != nil && purser.ErrorMessage(err) != row.want {
				t.Errorf("%s %v", purser.ErrorCode(err), err)
			}
			if err == nil && (r.Stage != before.Stage || r.Manifest != before.Manifest || r.Revision != before.Revision) {
				t.Errorf("answered %+v", r)
			}
			w.running(t, row.running...)
			if w.open(t) != 0 {
				t.Error("an operation is open")
			}
		})
	}
}

func scaleTo(name, app string, count int) purser.ScaleReleaseRequest {
	return purser.ScaleReleaseRequest{Key: key(name), Apps: []purser.AppScale{{Name: app, Count: count}}}
}
