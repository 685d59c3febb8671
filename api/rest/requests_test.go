package rest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
)

// What reaches the engine and the packages, for requests in all the forms that are taken (spec/rest.md §3.1).
func TestRequests(t *testing.T) {
	demo := purser.PackageIdentifier{Name: "demo", Version: "1.0.0"}
	hello := purser.ReleaseKey{Name: "hello"}
	const upload, install, upgrade = "POST /api/package/upload", "POST /api/package/install", "POST /api/release/upgrade"
	const rollback, cancel, scale = "POST /api/release/rollback", "POST /api/release/cancel", "POST /api/release/scale/hello"
	const actuator = "/api/release/actuator/hello/hello.demo-v1/hello.demo-v1-0"
	for _, row := range []struct {
		rule string
		do   string
		body string
		want any
	}{
		{
			"upload", upload, `{"repoName":"local","name":"demo","version":"1.0.0","extension":"zip","packageFileAsBytes":"UEsFBg=="}`,
			purser.UploadRequest{
				Repository: pointer("local"), Name: pointer("demo"), Version: pointer("1.0.0"), Extension: pointer("zip"),
				Archive: []byte("PK\x05\x06"),
			},
		},
		{"upload: what is absent stays absent", upload, `{"name":null}`, purser.UploadRequest{}},
		{
			"upload: what is empty stays empty", upload, `{"name":"","packageFileAsBytes":""}`,
			purser.UploadRequest{Name: pointer(""), Archive: []byte{}},
		},
		{
			"upload: bytes as numbers", upload, `{"packageFileAsBytes":[80, 75, -1, 255, null, "7"]}`,
			purser.UploadRequest{Archive: []byte{80, 75, 255, 255, 0, 7}},
		},
		{
			"upload: white space inside base64", upload, `{"packageFileAsBytes":"UEsF\nBg ==\r\n"}`,
			purser.UploadRequest{Archive: []byte("PK\x05\x06")},
		},
		{"upload: a slash of base64 may be escaped", upload, `{"packageFileAsBytes":"\/\/8="}`, purser.UploadRequest{Archive: []byte{255, 255}}},
		{
			"install", install, `{"packageIdentifier":{"repositoryName":"ignored","packageName":"demo","packageVersion":"1.0.0"},
			"installProperties":{"releaseName":"hello","platformName":"default","configValues":{"raw":"a: b\n"}}}`,
			purser.InstallRequest{Key: hello, Package: demo, Platform: "default", Values: pointer("a: b\n")},
		},
		{
			"install: no values", install, `{"packageIdentifier":{"packageName":"demo"},"installProperties":{"releaseName":"hello","platformName":"default","configValues":null}}`,
			purser.InstallRequest{Key: hello, Package: purser.PackageIdentifier{Name: "demo"}, Platform: "default"},
		},
		{"install: values without text", install, `{"installProperties":{"configValues":{"raw":null}}}`, purser.InstallRequest{}},
		{"install: empty values are kept", install, `{"installProperties":{"configValues":{"raw":""}}}`, purser.InstallRequest{Values: pointer("")}},
		{
			"install by id", "POST /api/package/install/%2042", `{"releaseName":"hello","platformName":"default","configValues":{"raw":"x"}}`,
			purser.InstallRequest{Key: hello, PackageID: 42, Platform: "default", Values: pointer("x")},
		},
		{"install by a hexadecimal id", "POST /api/package/install/0x2A", `{}`, purser.InstallRequest{PackageID: 42}},
		{
			"upgrade", upgrade, `{"packageIdentifier":{"packageName":"demo","packageVersion":"1.0.0"},"timeout":1500,"force":true,"appNames":["a",1,null],
			"upgradeProperties":{"releaseName":"hello","configValues":{"raw":"a: b"}}}`,
			purser.UpgradeRequest{
				Key: hello, Package: demo, Values: pointer("a: b"), Timeout: pointer(1500 * time.Millisecond), Force: true, Apps: []string{"a", "1", ""},
			},
		},
		{"upgrade: defaults", upgrade, `{"upgradeProperties":{"releaseName":"hello"}}`, purser.UpgradeRequest{Key: hello}},
		{"upgrade: nulls", upgrade, `{"timeout":null,"force":null,"appNames":null,"upgradeProperties":{"releaseName":"hello"}}`, purser.UpgradeRequest{Key: hello}},
		{
			"upgrade: texts for the rest", upgrade, `{"timeout":" 10 ","force":" true ","upgradeProperties":{"releaseName":5}}`,
			purser.UpgradeRequest{Key: purser.ReleaseKey{Name: "5"}, Timeout: pointer(10 * time.Millisecond), Force: true},
		},
		{
			"upgrade: numbers for booleans, booleans for texts", upgrade, `{"force":1,"upgradeProperties":{"releaseName":true}}`,
			purser.UpgradeRequest{Key: purser.ReleaseKey{Name: "true"}, Force: true},
		},
		{
			"upgrade: zero is false, fractions are cut", upgrade, `{"force":0,"timeout":10.9,"upgradeProperties":{"releaseName":"hello"}}`,
			purser.UpgradeRequest{Key: hello, Timeout: pointer(10 * time.Millisecond)},
		},
		{"upgrade: empty texts", upgrade, `{"force":"","timeout":"","upgradeProperties":{"releaseName":"hello"}}`, purser.UpgradeRequest{Key: hello}},
		{"upgrade: TRUE", upgrade, `{"force":"TRUE","upgradeProperties":{"releaseName":"hello"}}`, purser.UpgradeRequest{Key: hello, Force: true}},
		{
			"upgrade: a timeout past the clock", upgrade, `{"timeout":9223372036854775807,"upgradeProperties":{"releaseName":"hello"}}`,
			purser.UpgradeRequest{Key: hello, Timeout: pointer(9223372036854 * time.Millisecond)},
		},
		{
			"upgrade: the last of repeated members counts", upgrade, `{"upgradeProperties":{"releaseName":"other"},"upgradeProperties":{"releaseName":"x","releaseName":"hello"}}`,
			purser.UpgradeRequest{Key: hello},
		},
		{"upgrade: names are exact in case", upgrade, `{"Force":true,"upgradeProperties":{"releaseName":"hello","ReleaseName":"x"}}`, purser.UpgradeRequest{Key: hello}},
		{
			"upgrade: escaped names", upgrade, `{"upgradeProperties":{"releas\u0065Name":"h\u00e9llo \ud83d\udea2 \ud83d"}}`,
			purser.UpgradeRequest{Key: purser.ReleaseKey{Name: "héllo 🚢 \ufffd"}},
		},
		{
			"upgrade: byte order mark, text after the end, unknown members", upgrade, "\xef\xbb\xbf {\"x\":[{}],\"upgradeProperties\":{\"releaseName\":\"hello\",\"y\":1}} and more",
			purser.UpgradeRequest{Key: hello},
		},
		{
			"rollback", rollback, `{"releaseName":"hello","version":3,"timeout":1}`,
			purser.RollbackRequest{Key: hello, Version: 3, Timeout: pointer(time.Millisecond)},
		},
		{"rollback: below zero is for the engine to refuse", rollback, `{"releaseName":"hello","version":"-1"}`, purser.RollbackRequest{Key: hello, Version: -1}},
		{"rollback by path", "POST /api/release/rollback/hello/2", ``, purser.RollbackRequest{Key: hello, Version: 2}},
		{"delete", "DELETE /api/release/hello", ``, purser.DeleteRequest{Key: hello}},
		{"delete: a body does not count", "DELETE /api/release/hello", `{bad`, purser.DeleteRequest{Key: hello}},
		{"delete with the package", "DELETE /api/release/hello/package", ``, purser.DeleteRequest{Key: hello, WithPackage: true}},
		{"delete of a release with the name of a fixed path", "DELETE /api/release/list", ``, purser.DeleteRequest{Key: purser.ReleaseKey{Name: "list"}}},
		{"cancel", cancel, `{"releaseName":""}`, asked{}},
		{
			"scale", scale, `{"scale":[{"name":"a","count":2,"properties":{"x":1,"y":null}},{"name":"b","count":"0"}]}`,
			purser.ScaleReleaseRequest{Key: hello, Apps: []purser.AppScale{
				{Name: "a", Count: 2, Properties: map[string]string{"x": "1"}}, {Name: "b", Count: 0},
			}},
		},
		{"scale: nothing", scale, `{}`, purser.ScaleReleaseRequest{Key: hello}},
		{"status", "GET /api/release/status/hello", ``, asked{Key: hello}},
		{"status of a version", "GET /api/release/status/hello/%201", ``, asked{Key: hello, Version: 1}},
		{"status: names are decoded once", "GET /api/release/status/a%2520b%26c%3Fd%23e+f", ``, asked{Key: purser.ReleaseKey{Name: "a%20b&c?d#e+f"}}},
		{"statuses: one value is cut at commas", "GET /api/release/statuses?names=a,%20b,", ``, asked{Names: []string{"a", "b", ""}}},
		{"statuses: several values are not", "GET /api/release/statuses?names=a,b&names=c", ``, asked{Names: []string{"a,b", "c"}}},
		{"statuses: an empty value is no name", "GET /api/release/statuses?names=", ``, asked{Names: []string{}}},
		{"states", "GET /api/release/states?names=a%2520b", ``, asked{Names: []string{"a%20b"}}},
		{"logs", "GET /api/release/logs/hello", ``, asked{Key: hello}},
		{"logs of a deployment", "GET /api/release/logs/hello/hello.demo-v1", ``, asked{Key: hello, App: "hello.demo-v1"}},
		{"actuator", "GET " + actuator + "?endpoint=health", ``, purser.ActuatorRequest{
			Key: hello, DeploymentID: "hello.demo-v1", InstanceGUID: "hello.demo-v1-0", Method: "GET", Endpoint: "health", Authorization: "Bearer x",
		}},
		{"actuator, posted", "POST " + actuator, `{"endpoint":"/echo","body":{"a": "1", "b": [2]}}`, purser.ActuatorRequest{
			Key: hello, DeploymentID: "hello.demo-v1", InstanceGUID: "hello.demo-v1-0", Method: "POST", Endpoint: "/echo",
			Body: []byte(`{"a":"1","b":[2]}`), Authorization: "Bearer x",
		}},
		{"actuator, posted without a body of its own", "POST " + actuator, `{"endpoint":"/echo","body":null}`, purser.ActuatorRequest{
			Key: hello, DeploymentID: "hello.demo-v1", InstanceGUID: "hello.demo-v1-0", Method: "POST", Endpoint: "/echo", Authorization: "Bearer x",
		}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t)
			f.engine.answer = purser.ActuatorResponse{Status: 200}
			method, target, _ := strings.Cut(row.do, " ")
			header := []string{"Authorization", "Bearer x"}
			if row.body != "" {
				header = append(header, "Content-Type", "application/json")
			}
			w := call(f, method, target, row.body, header...)
			if w.Code >= 300 {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			got := f.engine.got
			if got == nil {
				got = f.packages.got
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBodiesInOtherCharsets(t *testing.T) {
	for _, row := range []struct{ rule, label, body string }{
		{"UTF-8", "application/json;charset=UTF-8", `{"releaseName":"grün"}`},
		{"a vendor's type", "application/vnd.example+json", `{"releaseName":"grün"}`},
		{"Latin-1", "application/json; charset=ISO-8859-1", "{\"releaseName\":\"gr\xfcn\"}"},
		{"UTF-16, recognised by its zeros", "application/json", "{\x00\"\x00r\x00e\x00l\x00e\x00a\x00s\x00e\x00N\x00a\x00m\x00e\x00\"\x00:\x00\"\x00g\x00r\x00\xfc\x00n\x00\"\x00}\x00"},
		{"UTF-16 with a mark", "application/json;charset=utf-16", "\xfe\xff\x00{\x00\"\x00r\x00e\x00l\x00e\x00a\x00s\x00e\x00N\x00a\x00m\x00e\x00\"\x00:\x00\"\x00g\x00r\x00\xfc\x00n\x00\"\x00}"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t)
			w := call(f, "POST", "/api/release/cancel", row.body, "Content-Type", row.label)
			if diff := cmp.Diff(asked{Key: purser.ReleaseKey{Name: "grün"}}, f.engine.got); w.Code != 200 || diff != "" {
				t.Errorf("%d %s %s", w.Code, w.Body, diff)
			}
		})
	}
}
