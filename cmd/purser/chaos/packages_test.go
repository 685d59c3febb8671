package chaos_test

import (
	"context"
	"fmt"
	"testing"

	"purser/cmd/purser/live"
)

// The versions of the package app, by what their application does. The package pair holds the applications web, which
// differs between its two versions, and base, which does not.
const (
	healthy = "1.0.0"
	parent  = "1.1.0" // it has a child that leaves its session and ignores SIGTERM
	slow    = "1.2.0" // it listens after a while
	broken  = "2.0.0" // it ends with code 3
	deaf    = "3.0.0" // it never listens
)

const (
	packageYAML = "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: %s\nversion: %s\n"

	webTemplate = `apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata:
  name: web
spec:
  resource: "{{{spec.resource}}}"
  applicationProperties:
    {{#spec.applicationProperties.entrySet}}
    "{{{key}}}": "{{{value}}}"
    {{/spec.applicationProperties.entrySet}}
  deploymentProperties:
    {{#spec.deploymentProperties.entrySet}}
    "{{{key}}}": "{{{value}}}"
    {{/spec.deploymentProperties.entrySet}}
`

	baseTemplate = `apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata:
  name: base
spec:
  resource: "{{{spec.resource}}}"
  applicationProperties:
    payload.starts: "{{{spec.starts}}}"
`

	valuesYAML = `spec:
  resource: "file:%[1]s"
  starts: "%[3]s"
  applicationProperties:
    payload.token: none
    payload.release: "%[2]s"
    payload.starts: "%[3]s"
%[4]s  deploymentProperties:
    spring.cloud.deployer.count: 1
`
)

// MustUpload uploads all packages. Each start of an application is noted in the file.
func MustUpload(tb testing.TB, a *live.API, starts string) {
	tb.Helper()
	app := map[string]string{"templates/web.yml": webTemplate}
	pair := map[string]string{"templates/web.yml": webTemplate, "templates/base.yml": baseTemplate}
	for _, p := range []struct {
		name, version, properties string
		templates                 map[string]string
	}{
		{"app", healthy, "", app},
		{"app", parent, "    payload.child: true\n", app},
		{"app", slow, "    payload.delay: 300\n", app},
		{"app", broken, "    payload.exit: 3\n", app},
		{"app", deaf, "    payload.delay: 3600000\n", app},
		{"pair", healthy, "", pair},
		{"pair", parent, "    payload.child: true\n", pair},
	} {
		texts := map[string]string{
			"package.yml": fmt.Sprintf(packageYAML, p.name, p.version),
			"values.yml":  fmt.Sprintf(valuesYAML, theBuilt.payload, p.version, starts, p.properties),
		}
		for name, text := range p.templates {
			texts[name] = text
		}
		zip, err := live.Zip(p.name+"-"+p.version, texts)
		if err != nil {
			tb.Fatal(err)
		}
		if err := a.Upload(context.Background(), live.Archive{Name: p.name, Version: p.version, Zip: zip}); err != nil {
			tb.Fatal(err)
		}
	}
}

// token gives values by which a version can be known again.
func token(t string) string { return "spec:\n  applicationProperties:\n    payload.token: " + t + "\n" }

// unacceptable gives values that the platform refuses when it is handed the application.
const unacceptable = "spec:\n  deploymentProperties:\n    spring.cloud.deployer.local.inherit-logging: perhaps\n"
