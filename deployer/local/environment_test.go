package local

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// variables gives the environment of instance 1 of g.a-v1, as a map.
func variables(t *testing.T, settings map[string]any, environ []string, properties map[string]string) map[string]string {
	t.Helper()
	a, err := Decode("default", settings)
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.settingsFor(nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := readProperties(properties)
	if err != nil {
		t.Fatal(err)
	}
	env, err := s.environment(environ, record{ID: "g.a-v1", Group: "g"}, p, slot{Index: 1, Port: 20001})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(env) {
		t.Errorf("not in order: %v", env)
	}
	all := map[string]string{}
	for _, v := range env {
		name, text, _ := strings.Cut(v, "=")
		all[name] = text
	}
	return all
}

func TestEnvironmentInherits(t *testing.T) {
	environ := []string{"PATH=/bin", "LC_ALL=C", "XLC_ALL=C", "LANGUAGE=de", "HOME=/root", "TMP=/t"}
	got := variables(t, nil, environ, nil)
	delete(got, applicationJSON)
	if diff := cmp.Diff(map[string]string{"PATH": "/bin", "LC_ALL": "C", "LANGUAGE": "de", "TMP": "/t"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEnvironmentAsJSON(t *testing.T) {
	decode := func(t *testing.T, text string) map[string]any {
		t.Helper()
		var m map[string]any
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	t.Run("JSON of the properties is merged over them", func(t *testing.T) {
		got := decode(t, variables(t, nil, nil, map[string]string{"a": "1", "b": "1", applicationJSON: `{"b":{"c":[2]},"d":true}`})[applicationJSON])
		for name, want := range map[string]any{"a": "1", "b": map[string]any{"c": []any{2.0}}, "d": true, "server.port": "20001"} {
			if diff := cmp.Diff(want, got[name]); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
	t.Run("what the application says stays", func(t *testing.T) {
		got := decode(t, variables(t, nil, nil, map[string]string{"endpoints.shutdown.enabled": "false", "server.port": "9000"})[applicationJSON])
		if got["endpoints.shutdown.enabled"] != "false" || got["server.port"] != "9000" {
			t.Errorf("%v", got)
		}
	})
	t.Run("credentials of the account", func(t *testing.T) {
		got := decode(t, variables(t, map[string]any{"app-admin.user": "u", "app-admin.password": "p"}, nil, nil)[applicationJSON])
		if got["spring.cloud.streamapp.security.admin-user"] != "u" || got["spring.cloud.streamapp.security.admin-password"] != "p" {
			t.Errorf("%v", got)
		}
	})
}

func TestEnvironmentAsVariables(t *testing.T) {
	plain := map[string]any{"use-spring-application-json": false, "env-vars-to-inherit": "NONE"}
	t.Run("each property under its name", func(t *testing.T) {
		want := map[string]string{
			"a.b": "c", "server.port": "20001", "spring.jmx.default-domain": "g.a-v1", "endpoints.shutdown.enabled": "true",
			"endpoints.jmx.unique-names": "true", "spring.cloud.application.group": "g",
			"INSTANCE_INDEX": "1", "SPRING_APPLICATION_INDEX": "1", "SPRING_CLOUD_APPLICATION_GUID": "g.a-v1-1",
		}
		if diff := cmp.Diff(want, variables(t, plain, nil, map[string]string{"a.b": "c"})); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("JSON of the properties stays a variable", func(t *testing.T) {
		if got := variables(t, plain, nil, map[string]string{applicationJSON: `{"a":1}`}); got[applicationJSON] != `{"a":1}` {
			t.Errorf("%v", got)
		}
	})
	t.Run("an application may ask for JSON", func(t *testing.T) {
		got := variables(t, plain, nil, map[string]string{prefix + "useSpringApplicationJson": "true"})
		if len(got) != 1 || got[applicationJSON] == "" {
			t.Errorf("%v", got)
		}
	})
}

func TestPortOfTheDefinition(t *testing.T) {
	for _, row := range []struct {
		rule       string
		properties map[string]string
		port       int
		fixed      bool
	}{
		{"none", nil, 0, false},
		{"blank", map[string]string{"server.port": " "}, 0, false},
		{"given", map[string]string{"server.port": "9000"}, 9000, true},
		{"relaxed", map[string]string{"SERVER.PORT": "9000"}, 9000, true},
		{"zero: unknown", map[string]string{"server.port": "0"}, 0, true},
		{"negative: unknown", map[string]string{"server.port": "-1"}, 0, true},
		{"in the JSON", map[string]string{applicationJSON: `{"server.port":9001}`}, 9001, true},
		{"in the JSON, as text", map[string]string{"server.port": "1", applicationJSON: `{"server.port":"9001"}`}, 9001, true},
	} {
		t.Run(row.rule, func(t *testing.T) {
			p, err := readProperties(row.properties)
			if err != nil {
				t.Fatal(err)
			}
			if port, fixed, err := p.port(); port != row.port || fixed != row.fixed || err != nil {
				t.Errorf("%d, %v, %v", port, fixed, err)
			}
		})
	}
}

func FuzzReadProperties(f *testing.F) {
	for _, seed := range []string{`{}`, `{"server.port":1}`, `null`, `{"a":{"b":[1,"x"]}}`, `{"server.port":{}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := readProperties(map[string]string{applicationJSON: text})
		if err != nil {
			return
		}
		if port, _, err := p.port(); err == nil && (port < 0 || port > 65535) {
			t.Errorf("port %d", port)
		}
		if _, err := mergedJSON(p.plain, p.merged); err != nil {
			t.Error(err)
		}
	})
}
