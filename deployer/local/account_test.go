package local_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/local"
)

func TestDecode(t *testing.T) {
	with := func(change func(*local.Account)) local.Account {
		a := local.DefaultAccount("default")
		change(&a)
		return a
	}
	for _, row := range []struct {
		rule     string
		settings map[string]any
		want     local.Account
	}{
		{"nothing: the defaults", nil, local.DefaultAccount("default")},
		{"names are relaxed", map[string]any{"shutdownTimeout": 60, "java_opts": "-Xmx512m", "DELETE-FILES-ON-EXIT": false}, with(func(a *local.Account) {
			a.ShutdownTimeout, a.JavaOpts, a.DeleteFilesOnExit = 60, "-Xmx512m", false
		})},
		{"texts, as the environment has them", map[string]any{"shutdown-timeout": "-1", "inherit-logging": "yes", "env-vars-to-inherit": "A, B.*"}, with(func(a *local.Account) {
			a.ShutdownTimeout, a.InheritLogging, a.EnvVarsToInherit = -1, true, []string{"A", "B.*"}
		})},
		{"nested", map[string]any{
			"port-range": map[string]any{"low": 30000, "high": "30100"}, "app-admin": map[string]any{"user": "u", "password": "p"},
			"javaHomePath": map[string]any{"3": "/opt/jdk17", "2": "/opt/jdk8"}, "health-probe": map[string]any{"path": "/health"},
		}, with(func(a *local.Account) {
			a.PortRangeLow, a.PortRangeHigh, a.AppAdminUser, a.AppAdminPassword = 30000, 30100, "u", "p"
			a.JavaHomePath, a.HealthProbePath = map[string]string{"3": "/opt/jdk17", "2": "/opt/jdk8"}, "/health"
		})},
		{"dotted", map[string]any{"port-range.low": 30000, "java-home-path.3": "/opt/jdk"}, with(func(a *local.Account) {
			a.PortRangeLow, a.JavaHomePath = 30000, map[string]string{"3": "/opt/jdk"}
		})},
		{"lists", map[string]any{"env-vars-to-inherit": []any{"PATH", "JAVA_.*"}, "java-opts": []any{"-Da=b", "-Dc=d"}}, with(func(a *local.Account) {
			a.EnvVarsToInherit, a.JavaOpts = []string{"PATH", "JAVA_.*"}, "-Da=b -Dc=d"
		})},
		{"unknown keys are passed over", map[string]any{"docker": map[string]any{"network": "host"}}, local.DefaultAccount("default")},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := local.Decode("default", row.settings)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, row := range []struct {
		rule     string
		settings map[string]any
		want     string
	}{
		{"a number that is none", map[string]any{"shutdownTimeout": "long"}, "shutdown-timeout is 'long', expected a whole number from -1 to 86400"},
		{"a number below the least", map[string]any{"shutdown-timeout": -2}, "shutdown-timeout is '-2', expected a whole number from -1"},
		{"a port beyond the last", map[string]any{"port-range": map[string]any{"low": 70000}}, "port-range.low is '70000', expected a whole number from 1 to 65535"},
		{"a range that is empty", map[string]any{"port-range.low": 5000, "port-range.high": 5000}, "port-range.low is 5000 and port-range.high is 5000"},
		{"a truth that is none", map[string]any{"deleteFilesOnExit": "perhaps"}, "delete-files-on-exit is 'perhaps', expected true or false"},
		{"an expression that is none", map[string]any{"env-vars-to-inherit": "A,("}, "env-vars-to-inherit is '(', expected regular expressions"},
		{"a map that is none", map[string]any{"java-home-path": "/opt/jdk"}, "java-home-path is '/opt/jdk', expected a map, as in java-home-path.3"},
		{"half of the credentials", map[string]any{"app-admin.user": "u"}, "app-admin.user and app-admin.password, expected both or neither"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := local.Decode("dev", row.settings)
			if purser.ErrorCode(err) != purser.CodeInvalid || !strings.HasPrefix(err.Error(), "account 'dev' of the local platform: "+row.want) {
				t.Errorf("%v, expected %s", err, row.want)
			}
		})
	}
}

func TestInfo(t *testing.T) {
	g := MustGround(t, map[string]any{"java-opts": "-Xmx1g", "shutdown-timeout": 60, "working-directories-root": "/tmp", "env-vars-to-inherit": "TMP,LC_.*"})
	got := g.MustOpen().Info()
	const want = "JavaOpts = [-Xmx1g], ShutdownTimeout = [60], EnvVarsToInherit = [TMP,LC_.*], JavaCmd = [java], " +
		"WorkingDirectoriesRoot = [/tmp], DeleteFilesOnExit = [true]"
	if got.Name != "default" || got.Type != "local" || got.Description != want {
		t.Errorf("%s", got.Description)
	}
	var names []string
	for _, o := range got.Options {
		names = append(names, o.Name)
		if o.ID != "spring.cloud.deployer.local."+o.Name || o.Type == "" || o.Description == "" {
			t.Errorf("%+v", o)
		}
		if o.Name == "shutdown-timeout" && o.Default != 30 {
			t.Errorf("default %v", o.Default)
		}
		if o.Name == "app-admin.password" && o.Default != nil {
			t.Error("the password is shown")
		}
	}
	if !slices.IsSorted(names) || len(names) < 18 {
		t.Errorf("%v", names)
	}
	for _, key := range local.AccountKeys() {
		if !slices.Contains(names, strings.TrimSuffix(key, ".*")) {
			t.Errorf("key %s is no option", key)
		}
	}
}

func TestDeployRefuses(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	for _, row := range []struct {
		rule       string
		properties map[string]string // of the application
		deployment map[string]string
		want       string
	}{
		{"a memory that is no size", nil, map[string]string{"spring.cloud.deployer.memory": "lots"}, "Could not parse 'lots' as a byte size. Expected a number with optional 'm' or 'g' suffix"},
		{"more instances than ports", nil, map[string]string{"spring.cloud.deployer.count": "10001"}, "the number of instances is 10001, expected 0 to 10000"},
		{"an expression that is none", nil, map[string]string{"spring.cloud.deployer.local.envVarsToInherit": "["}, "property spring.cloud.deployer.local.env-vars-to-inherit is '[', expected regular expressions"},
		{"a port that is none", map[string]string{"server.port": "http"}, nil, "property server.port is 'http', expected a port"},
		{"a port beyond the last", map[string]string{"server.port": "65536"}, nil, "property server.port is '65536', expected a port"},
		{"JSON that is none", map[string]string{"SPRING_APPLICATION_JSON": "{"}, nil, "property SPRING_APPLICATION_JSON is no JSON object"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			a := app("a", "serve")
			a.Properties, a.DeploymentProperties = row.properties, row.deployment
			err := d.Deploy(t.Context(), a)
			if purser.ErrorCode(err) != purser.CodeInvalid || !strings.HasPrefix(err.Error(), row.want) {
				t.Errorf("%v, expected %s", err, row.want)
			}
			if got := g.deployments(); len(got) != 0 {
				t.Errorf("left: %v", got)
			}
		})
	}
	t.Run("no id", func(t *testing.T) {
		if err := d.Deploy(t.Context(), purser.Deployment{}); purser.ErrorCode(err) != purser.CodeInvalid {
			t.Error(err)
		}
	})
	t.Run("a root that cannot be written", func(t *testing.T) {
		a := app("a", "serve")
		a.DeploymentProperties["spring.cloud.deployer.local.working-directories-root"] = "/proc/nosuch"
		if err := d.Deploy(t.Context(), a); purser.ErrorCode(err) != purser.CodePlatform {
			t.Error(err)
		}
	})
}
