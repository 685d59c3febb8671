package connect

import (
	"errors"
	"strings"
	"testing"

	rpc "connectrpc.com/connect"
	"google.golang.org/protobuf/proto"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"purser"
	v1 "purser/api/connect/applicationv1"
)

// mustRefuse checks that an error is one that clients get, with one of the codes.
func mustRefuse(t *testing.T, err error, codes ...rpc.Code) {
	t.Helper()
	e, ok := errors.AsType[*rpc.Error](err)
	if !ok {
		t.Fatalf("%v", err)
	}
	for _, code := range codes {
		if e.Code() == code && len(e.Message()) < 2000 {
			return
		}
	}
	t.Errorf("%v", e)
}

// What is read as a reference leads to a name, and leads there again when it is told back.
func FuzzChart(f *testing.F) {
	for _, text := range []string{"log", "log:1.0.0", "local/log:1.0.0", "https://a.example/x/my-log-1.0.0-rc.1.tgz", "http://a/log-1.zip?x#y", "a/b/c", ":", "", "oci://a/b:1", "://", "-1.0.0.tgz"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := readChart(text)
		if err != nil {
			mustRefuse(t, err, rpc.CodeNotFound, rpc.CodeInvalidArgument)
			return
		}
		if c.identifier.Name == "" || c.archive && c.identifier.Version == "" {
			t.Fatalf("%q is %+v", text, c)
		}
		if c.identifier.Version == "" {
			c.identifier.Version = "1.0.0"
		}
		again, err := readChart(c.resolved())
		if err != nil || again.identifier != c.identifier {
			t.Errorf("%q is %+v, told back %+v, %v", text, c, again, err)
		}
	})
}

// A key that is made has a name and a namespace by the rules, and no other scope's or namespace's space.
func FuzzKey(f *testing.F) {
	for _, name := range []string{"web", "Bad_Name", "a.b-c", strings.Repeat("a", 54), "", "a\n", "../x"} {
		f.Add(name, "dev")
		f.Add("web", name)
	}
	h := &Handler{Options: Options{Platforms: purser.Platforms{"default": nil, "a/b": nil}, DefaultScope: "default"}}
	f.Fuzz(func(t *testing.T, name, namespace string) {
		r := &v1.CreateReleaseRequest{Name: proto.String(name), Namespace: proto.String(namespace)}
		key, platform, err := h.optionalKey(r)
		if err != nil {
			mustRefuse(t, err, rpc.CodeInvalidArgument)
			return
		}
		rest, ok := strings.CutPrefix(key.Space, "scope/default/")
		if !ok || platform != "default" || rest != namespaceOf(key) || strings.ContainsAny(rest, "/. \n") || len(key.Name) > 53 ||
			strings.Trim(key.Name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			t.Errorf("%q in %q is %+v", name, namespace, key)
		}
	})
}

// A name that is invented is one that could have been given, whatever the chart is called.
func TestInventedNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &Handler{Options: Options{NewID: func() string { return rapid.String().Draw(t, "id") }}}
		name := h.invented(rapid.String().Draw(t, "chart"))
		if len(name) > longestName || !validName.MatchString(name) {
			t.Errorf("%q", name)
		}
	})
}

// Values are a map, or refused with the field that is wrong.
func FuzzValues(f *testing.F) {
	for _, path := range []string{"a.b", `d\.e`, "l[1]", "a[", "", "a=b"} {
		f.Add("a: {b: 1}", path, "{x,1}")
		f.Add("", path, "[str]01")
	}
	f.Fuzz(func(t *testing.T, text, path, value string) {
		if strings.Count(path, "[") > 3 {
			return // gaps are allowed to be large, but not here
		}
		values, err := valuesOf(text, map[string]string{path: value})
		if err != nil {
			mustRefuse(t, err, rpc.CodeInvalidArgument)
			return
		}
		var node yaml.Node
		if err := yaml.Unmarshal([]byte(*values), &node); err != nil || node.Content[0].Kind != yaml.MappingNode {
			t.Errorf("%q with %q=%q: %v, %q", text, path, value, err, *values)
		}
	})
}

// A message that was read comes back as it was written, and complaints name nothing of the program.
func FuzzMessage(f *testing.F) {
	for _, text := range []string{`{"name":"web","chartRef":"log"}`, `{"chart_ref":"a","chartRef":"b"}`, `{"valuesMap":{"a":"1"},"dryRun":true,"foo":[1]}`, `null`, `{`, `{"name":null}`} {
		f.Add([]byte(text))
	}
	codec := jsonCodec{"json"}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r, again v1.CreateReleaseRequest
		if err := codec.Unmarshal(text, &r); err != nil {
			if strings.Contains(err.Error(), "applicationv1") || strings.Contains(err.Error(), "\u00a0") && !strings.Contains(string(text), "\u00a0") {
				t.Errorf("%v", err)
			}
			return
		}
		written, err := codec.Marshal(&r)
		if err == nil {
			err = codec.Unmarshal(written, &again)
		}
		if err != nil || !proto.Equal(&r, &again) {
			t.Errorf("%s: %v, %s", text, err, written)
		}
	})
}
