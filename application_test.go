package purser_test

import (
	"testing"

	"purser"
)

func TestAppSpecLocation(t *testing.T) {
	for _, row := range []struct {
		rule string
		spec purser.AppSpec
		want string
	}{
		{"no version: unchanged", purser.AppSpec{Resource: "file:/x/app.jar"}, "file:/x/app.jar"},
		{"maven: behind a colon", purser.AppSpec{Resource: "maven://g:a", Version: "1.0"}, "maven://g:a:1.0"},
		{"maven with the version: unchanged", purser.AppSpec{Resource: "maven://g:a:1.0", Version: "1.0"}, "maven://g:a:1.0"},
		{"maven with a classifier", purser.AppSpec{Resource: "maven://g:a:jar:exec:1.0", Version: "1.0"}, "maven://g:a:jar:exec:1.0"},
		{"maven with another version: both", purser.AppSpec{Resource: "maven://g:a:1.0", Version: "1.1"}, "maven://g:a:1.0:1.1"},
		{"docker: behind a colon", purser.AppSpec{Resource: "docker:o/i", Version: "2"}, "docker:o/i:2"},
		{"file: a jar", purser.AppSpec{Resource: "file:/x/app", Version: "1.0.0"}, "file:/x/app-1.0.0.jar"},
		{"https: a jar", purser.AppSpec{Resource: "https://h/app", Version: "1.0.0"}, "https://h/app-1.0.0.jar"},
		{"legacy kind: a jar", purser.AppSpec{Kind: purser.KindSpringBootApp, Resource: "file:/app", Version: "1"}, "file:/app-1.jar"},
		{"Cloud Foundry, maven", purser.AppSpec{Kind: purser.KindCloudFoundry, Resource: "maven://g:a", Version: "1"}, "maven://g:a:1"},
		{"Cloud Foundry, file: unchanged", purser.AppSpec{Kind: purser.KindCloudFoundry, Resource: "file:/a.jar", Version: "1"}, "file:/a.jar"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got, err := row.spec.Location(); got != row.want || err != nil {
				t.Errorf("got %q, %v, want %q", got, err, row.want)
			}
		})
	}

	t.Run("no resource: refused", func(t *testing.T) {
		_, err := purser.AppSpec{Version: "1"}.Location()
		const want = "Could not load Resource null. Message = Spec resource must not be empty"
		if purser.ErrorCode(err) != purser.CodeInvalid || purser.ErrorMessage(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
}
