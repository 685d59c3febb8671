package main

import (
	"fmt"
	"strings"
	"testing"

	"purser/cmd/purser/live"
)

const (
	install  = "POST /api/package/install"
	upgrade  = "POST /api/release/upgrade"
	upload   = "POST /api/package/upload"
	rollback = "POST /api/release/rollback"
)

// object is a JSON object.
type object = map[string]any

func installOf(name, version, release, platform string, values any) object {
	return object{
		"packageIdentifier": object{"packageName": name, "packageVersion": version},
		"installProperties": object{"releaseName": release, "platformName": platform, "configValues": object{"raw": values}},
	}
}

func upgradeOf(release, name, version string, values any) object {
	return object{
		"packageIdentifier": object{"packageName": name, "packageVersion": version},
		"upgradeProperties": object{"releaseName": release, "configValues": object{"raw": values}},
	}
}

func jsonRefusals() []refused {
	return []refused{
		{what: "json: no body", do: install},
		{what: "json: empty body", do: install, body: "   "},
		{what: "json: null", do: install, body: "null"},
		{what: "json: cut off", do: install, body: `{"packageIdentifier": {`},
		{what: "json: a list", do: install, body: `[]`},
		{what: "json: a text", do: install, body: `"install"`},
		{what: "json: a number", do: upgrade, body: `5`},
		{what: "json: an object where text is wanted", do: install, body: `{"installProperties": {"releaseName": {"a": 1}}}`},
		{what: "json: text where an object is wanted", do: install, body: `{"installProperties": "x"}`},
		{what: "json: a version that is no number", do: rollback, body: `{"releaseName": "hello", "version": "x"}`},
		{what: "json: a time-out that is no number", do: upgrade, body: `{"upgradeProperties": {"releaseName": "hello"}, "timeout": "soon"}`},
		{what: "json: a force that is no boolean", do: upgrade, body: `{"upgradeProperties": {"releaseName": "hello"}, "force": "yes"}`},
		{what: "json: single quotes", do: upgrade, body: `{'a': 1}`},
		{what: "json: deep nesting", do: install, body: strings.Repeat("[", 100_000)},
		{what: "media: a body of plain text", do: install, body: `{}`, headers: map[string]string{"Content-Type": "text/plain"}},
		{what: "media: no content type", do: install, body: `{}`, headers: map[string]string{"Content-Type": ""}},
		{what: "media: a nonsense content type", do: install, body: `{}`, headers: map[string]string{"Content-Type": "nonsense"}},
		{what: "media: only XML accepted", do: "GET /api/about", headers: map[string]string{"Accept": "application/xml"}},
	}
}

func uploadOf(zip []byte, over object) object {
	body := object{"repoName": "local", "name": "p", "version": "1.0.0", "extension": "zip", "packageFileAsBytes": zip}
	for k, v := range over {
		body[k] = v
	}
	return body
}

func uploadRefusals(t *testing.T) []refused {
	good := mustZip(t, "p-1.0.0", map[string]string{"package.yml": metadataOf("p", "1.0.0")})
	var rows []refused
	for _, row := range []struct {
		what string
		over object
	}{
		{"no repository", object{"repoName": nil}},
		{"an unknown repository", object{"repoName": "nosuch"}},
		{"no name", object{"name": nil}},
		{"an empty name", object{"name": ""}},
		{"a blank name", object{"name": " "}},
		{"a name that climbs", object{"name": ".."}},
		{"a name with a slash", object{"name": "a/b"}},
		{"no version", object{"version": nil}},
		{"an empty version", object{"version": ""}},
		{"a version of two parts", object{"version": "1.0"}},
		{"a version with a v", object{"version": "v1.0.0"}},
		{"a version with a leading zero", object{"version": "01.2.3"}},
		{"a version with an empty suffix", object{"version": "1.0.0-"}},
		{"no extension", object{"extension": nil}},
		{"an extension in capitals", object{"extension": "ZIP"}},
		{"another extension", object{"extension": "tgz"}},
		{"no bytes", object{"packageFileAsBytes": nil}},
		{"empty bytes", object{"packageFileAsBytes": ""}},
		{"bytes that are no base64", object{"packageFileAsBytes": "§§§"}},
		{"a version that exists", object{"name": "hello", "version": "1.0.0"}},
		{"another name than inside", object{"name": "q"}},
		{"another version than inside", object{"version": "1.0.1"}},
	} {
		rows = append(rows, refused{what: "upload: " + row.what, do: upload, body: uploadOf(good, row.over)})
	}
	return rows
}

func installRefusals() []refused {
	return []refused{
		{what: "install: no properties", do: install, body: object{"packageIdentifier": object{"packageName": "hello"}}},
		{what: "install: no identifier", do: install, body: object{"installProperties": object{"releaseName": "a", "platformName": "default"}}},
		{what: "install: an empty package name", do: install, body: installOf("", "", "a", "default", nil)},
		{what: "install: an unknown package", do: install, body: installOf("nosuch", "", "a", "default", nil)},
		{what: "install: an unknown version", do: install, body: installOf("hello", "9.9.9", "a", "default", nil)},
		{what: "install: an unknown platform", do: install, body: installOf("hello", "1.0.0", "a", "mars", nil)},
		{what: "install: an empty platform", do: install, body: installOf("hello", "1.0.0", "a", " ", nil)},
		{what: "install: no release name", do: install, body: object{
			"packageIdentifier": object{"packageName": "hello"}, "installProperties": object{"platformName": "default"},
		}},
		{what: "install: a blank release name", do: install, body: installOf("hello", "1.0.0", "  ", "default", nil)},
		{what: "install: a release that exists", do: install, body: installOf("hello", "1.0.0", "hello", "default", nil)},
		{what: "install: an unknown id", do: install + "/4711", body: object{"releaseName": "a", "platformName": "default"}},
		{what: "install: an id that is no number", do: install + "/abc", body: object{"releaseName": "a", "platformName": "default"}},
		{what: "install: by id without a name", do: install + "/1", body: object{"platformName": "default"}},
	}
}

func valuesRefusals() []refused {
	var rows []refused
	for _, row := range []struct{ what, raw string }{
		{"no YAML", "a: [1, 2"},
		{"a list", "- a\n- b\n"},
		{"a scalar", "foo"},
		{"a tab as indentation", "a:\n\tb: 1\n"},
		{"two documents", "a: 1\n---\nb: 2\n"},
		{"an unknown alias", "a: *b\n"},
		{"a number as key", "1: a\n"},
		{"an unknown tag", "a: !!nosuch 1\n"},
		{"an alias bomb", aliasBomb()},
		{"an unknown escape", "a: \"\\q\"\n"},
	} {
		rows = append(rows, refused{what: "values: " + row.what, do: install, body: installOf("hello", "1.0.0", "a", "default", row.raw)})
	}
	return append(rows, refused{
		what: "values: a list in an upgrade", do: upgrade, body: upgradeOf("hello", "hello", "1.0.1", "- a\n"),
	})
}

func aliasBomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return b.String()
}

func releaseRefusals() []refused {
	return []refused{
		{what: "upgrade: an unknown release", do: upgrade, body: upgradeOf("nosuch", "hello", "1.0.1", nil)},
		{what: "upgrade: no properties", do: upgrade, body: object{"packageIdentifier": object{"packageName": "hello"}}},
		{what: "upgrade: an unknown version", do: upgrade, body: upgradeOf("hello", "hello", "9.9.9", nil)},
		{what: "upgrade: no difference", do: upgrade, body: upgradeOf("hello", "hello", "1.0.0", nil)},
		{what: "rollback: an unknown release", do: rollback, body: object{"releaseName": "nosuch", "version": 1}},
		{what: "rollback: an unknown version", do: rollback, body: object{"releaseName": "hello", "version": 7}},
		{what: "rollback: a negative version", do: rollback, body: object{"releaseName": "hello", "version": -1}},
		{what: "rollback: nothing before", do: rollback, body: object{"releaseName": "hello", "version": 0}},
		{what: "rollback: no name", do: rollback, body: object{"version": 1}},
		{what: "delete: an unknown release", do: "DELETE /api/release/nosuch"},
		{what: "delete: an unknown package", do: "DELETE /api/package/nosuch"},
		{what: "delete: a package in use", do: "DELETE /api/package/hello"},
		{what: "scale: an unknown release", do: "POST /api/release/scale/nosuch", body: object{"scale": []object{{"name": "a", "count": 2}}}},
		{what: "scale: a negative count", do: "POST /api/release/scale/hello", body: object{"scale": []object{{"name": "hello", "count": -1}}}},
		{what: "status: an unknown release", do: "GET /api/release/status/nosuch"},
		{what: "status: an unknown version", do: "GET /api/release/status/hello/99"},
		{what: "status: a version that is no number", do: "GET /api/release/status/hello/x"},
		{what: "manifest: an unknown release", do: "GET /api/release/manifest/nosuch"},
		{what: "logs: an unknown release", do: "GET /api/release/logs/nosuch"},
		{what: "statuses: no names", do: "GET /api/release/statuses"},
		{what: "actuator: no endpoint", do: "GET /api/release/actuator/hello/hello.hello-v1/hello.hello-v1-0"},
		{what: "actuator: an unknown release", do: "GET /api/release/actuator/nosuch/a/b?endpoint=/info"},
		{what: "actuator: an unknown application", do: "GET /api/release/actuator/hello/a/b?endpoint=/info"},
	}
}

func pathRefusals() []refused {
	return []refused{
		{what: "path: unknown", do: "GET /api/nosuch"},
		{what: "path: another case", do: "GET /API/about"},
		{what: "path: a double slash", do: "GET /api//about"},
		{what: "path: dots", do: "GET /api/../etc/passwd"},
		{what: "path: an escaped slash", do: "GET /api/release/status/a%2Fb"},
		{what: "path: a broken escape", do: "GET /api/release/status/%zz"},
		{what: "method: GET of an upgrade", do: "GET /api/release/upgrade"},
		{what: "method: PUT of a list", do: "PUT /api/release/list"},
		{what: "item: an id that is no number", do: "GET /api/releases/abc"},
		{what: "metadata: a body that is no JSON", do: "POST /api/packageMetadata", body: "{"},
		{what: "metadata: mandatory fields missing", do: "POST /api/packageMetadata", body: object{"name": "x"}},
	}
}

// templateRefusals uploads packages that cannot be rendered, which is allowed, and installs them, which is not.
func templateRefusals(t *testing.T, a *live.API) []refused {
	t.Helper()
	const head = "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\n"
	var rows []refused
	for i, row := range []struct{ what, template string }{
		{"a missing variable", head + "metadata:\n  name: {{nosuch}}\n"},
		{"a section that is not closed", head + "{{#metadata}}\n"},
		{"a partial", head + "metadata:\n  name: {{>/etc/hostname}}\n"},
		{"no YAML", head + "metadata: [\n"},
		{"nothing at all", ""},
		{"no kind", "metadata:\n  name: a\n"},
		{"an unknown kind", "kind: Pod\nmetadata:\n  name: a\n"},
		{"no metadata", head + "spec:\n  resource: file:/a\n"},
		{"no name", head + "metadata:\n  type: x\nspec:\n  resource: file:/a\n"},
		{"no spec", head + "metadata:\n  name: a\n"},
		{"a list as properties", head + "metadata:\n  name: a\nspec:\n  resource: file:/a\n  applicationProperties: [a]\n"},
		{"no resource", head + "metadata:\n  name: a\nspec:\n  version: 1.0.0\n"},
	} {
		name := fmt.Sprintf("broken%d", i)
		zip := mustZip(t, name+"-1.0.0", map[string]string{"package.yml": metadataOf(name, "1.0.0"), "templates/app.yml": row.template})
		if err := a.Upload(t.Context(), live.Archive{Name: name, Version: "1.0.0", Zip: zip}); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, refused{what: "template: " + row.what, do: install, body: installOf(name, "1.0.0", "a", "default", nil)})
	}
	return rows
}
