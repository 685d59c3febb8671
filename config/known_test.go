package config

import (
	"regexp"
	"strings"
	"testing"
)

// withoutEffect are accepted for Skipper's files.
var withoutEffect = []string{
	"spring.cloud.skipper.server.enabled", "maven.resolve-pom", "maven.enable-repository-listener", "maven.use-wagon",
	"server.error.include-message", "spring.cloud.skipper.server.strategies.healthcheck.sleep-in-millis",
}

func TestEverySettingIsRead(t *testing.T) {
	s := newSchema(nil)
	l := newLayers(s, &Report{})
	values := l.scalars(&resolver{layers: l})
	l.build(values, nil)
	for _, name := range withoutEffect {
		if values.asked[name] {
			t.Errorf("%s has an effect", name)
		}
		values.asked[name] = true
	}
	for _, key := range s.scalars {
		if !values.asked[key.Name] {
			t.Errorf("nobody reads %s", key.Name)
		}
	}
	for name := range values.asked {
		if s.scalars[canonical(name)] == nil {
			t.Errorf("%s is read but not known", name)
		}
	}
}

func TestTable(t *testing.T) {
	form := regexp.MustCompile(`^[a-z][a-z0-9-]*(\.([a-z][a-z0-9-]*|<name>))+$`)
	seen := map[string]string{}
	for _, key := range Known() {
		if !form.MatchString(key.Name) {
			t.Errorf("%s is no kebab case", key.Name)
		}
		for _, name := range []string{key.Name, key.Alias} {
			if name == "" {
				continue
			}
			if before, ok := seen[squeezed(name)]; ok {
				t.Errorf("%s and %s are one in the environment", name, before)
			}
			seen[squeezed(name)] = name
		}
		if key.Default != "" {
			if _, want := key.parse(key.Default); want != "" {
				t.Errorf("%s: the default %s is not %s", key.Name, key.Default, want)
			}
		}
		if isSecret(key.Name) != key.Secret && key.Kind != Anything {
			t.Errorf("%s: secret %v", key.Name, key.Secret)
		}
	}
	if strings.Count(Sample(), "\n") < len(seen) {
		t.Error("the sample is too short")
	}
}

func TestSecrets(t *testing.T) {
	for name, want := range map[string]bool{
		"password": true, "app-admin.password": true, "dbPassword": true, "clientSecret": true, "token": true, "oauthToken": true, "credentials": true,
		"akkeris.key": true, "private-key": true, "api_key": true, "apiKey": true, "tokens": true, "key-store": false, "keyHints": false, "user": false, "java-opts": false,
	} {
		if got := isSecret(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestMaskText(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                           "plain",
		"http://u:s3cret@h/x":             "http://***@h/x",
		"a http://s3cret@h b":             "a http://***@h b",
		"-Dx.password=s3cret -Xmx1g":      "-Dx.password=*** -Xmx1g",
		`--token "s3cret words"`:          `--token "s3cret words"`,
		`token="s3cret words" x`:          `token=*** x`,
		"a=1&api_key=s3cret&b":            "a=1&api_key=***&b",
		"PASSWORD: s3cret":                "PASSWORD: ***",
		"https://h/x?sig=s3cret&token=s3": "https://h/x?sig=***&token=***",
	} {
		if got := maskText(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
