package rest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"purser"
)

// FuzzBodies: whatever is posted, the answer is no fault of the server, and what it says is JSON.
func FuzzBodies(f *testing.F) {
	targets := []string{
		"/api/package/upload", "/api/package/install", "/api/package/install/1", "/api/release/upgrade", "/api/release/rollback",
		"/api/release/cancel", "/api/release/scale/hello", "/api/release/actuator/a/b/c",
	}
	for i, seed := range []string{
		`{"repoName":"local","name":"demo","version":"1.0.0","extension":"zip","packageFileAsBytes":"UEsFBg=="}`,
		`{"packageIdentifier":{"packageName":"demo"},"installProperties":{"releaseName":"hello","platformName":"default","configValues":{"raw":"a: b"}}}`,
		`{"releaseName":"hello","platformName":"default"}`,
		`{"packageIdentifier":{"packageName":"demo"},"upgradeProperties":{"releaseName":"hello"},"timeout":1,"force":true,"appNames":["a"]}`,
		`{"releaseName":"hello","version":1.5}`,
		`{"releaseName":5}`,
		`{"scale":[{"name":"a","count":"2","properties":{"x":null}}]}`,
		`{"endpoint":"/x","body":{"a":1}}`,
	} {
		f.Add(byte(i), "application/json", []byte(seed))
	}
	f.Add(byte(0), "application/json;charset=utf-16", []byte("\xff\xfe{\x00}\x00"))
	f.Add(byte(1), `text/x;a="b`, []byte("{}"))
	f.Fuzz(func(t *testing.T, target byte, label string, content []byte) {
		s := mustServe(t)
		s.engine.release = sampleRelease("hello", 1)
		s.engine.answer = purser.ActuatorResponse{Status: 200, Body: []byte("{}")}
		if strings.ContainsAny(label, "\r\n\x00") {
			return
		}
		w := call(s, "POST", targets[int(target)%len(targets)], string(content), "Content-Type", label)
		if w.Code >= 500 || w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %q %q: %d %s", targets[int(target)%len(targets)], label, content, w.Code, w.Body)
		}
	})
}
