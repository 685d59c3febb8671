package config

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPrecedence puts a setting into ever more sources: the last one wins.
func TestPrecedence(t *testing.T) {
	files := map[string]string{}
	o := options("")
	for i, step := range []struct {
		rule   string
		add    func(value string)
		origin string
	}{
		{"default", func(string) {}, "default"},
		{"application.yml", func(v string) { files["application.yml"] = "server: {port: " + v + "}" }, "application.yml:1"},
		{"application.yaml", func(v string) { files["application.yaml"] = "server:\n  port: " + v }, "application.yaml:2"},
		{"application.properties", func(v string) { files["application.properties"] = "server.port=" + v }, "application.properties:1"},
		{"purser.yml", func(v string) { files["purser.yml"] = "server.port: " + v }, "purser.yml:1"},
		{"a later document", func(v string) { files["purser.yml"] += "\n---\nserver.port: " + v }, "purser.yml:3"},
		{"purser.yaml", func(v string) { files["purser.yaml"] = "server.port: " + v }, "purser.yaml:1"},
		{"purser.properties", func(v string) { files["purser.properties"] = "# text\nserver.port = " + v }, "purser.properties:2"},
		{"config/application.yml", func(v string) { files["config/application.yml"] = "server.port: " + v }, "application.yml:1"},
		{"environment", func(v string) { o.Environ = append(o.Environ, "SERVER_PORT="+v) }, "env SERVER_PORT"},
		{"SPRING_APPLICATION_JSON", func(v string) {
			o.Environ = append(o.Environ, `SPRING_APPLICATION_JSON={"server":{"port":`+v+`}}`)
		}, "SPRING_APPLICATION_JSON"},
		{"command line", func(v string) { o.Args = append(o.Args, "--server.port="+v) }, "command line"},
		{"the last argument", func(v string) { o.Args = append(o.Args, "--server.port="+v) }, "command line"},
	} {
		port := 7577
		if i > 0 {
			port = 9000 + i
		}
		step.add(fmt.Sprint(port))
		o.Dir = MustDir(t, files)
		c, _ := MustLoadWith(t, o)
		if c.Server.Port != port || !strings.HasSuffix(c.lines[0].origin.String(), step.origin) {
			t.Errorf("%s: port %d of %s, want %d", step.rule, c.Server.Port, c.lines[0].origin, port)
		}
	}
}

func TestNamedFiles(t *testing.T) {
	dir := MustDir(t, map[string]string{
		"purser.yml": "server.port: 1", "a.yml": "server.port: 2", "b.properties": "server.port=3", "add.yml": "server.address: x",
		"folder/application.yml": "server.port: 4",
	})
	for _, row := range []struct {
		rule    string
		args    string
		environ string
		port    int
		files   string
	}{
		{"without a name the usual files are read", "", "", 1, "purser.yml"},
		{"--config FILE", "--config a.yml", "", 2, "a.yml"},
		{"--config=FILE", "--config=a.yml", "", 2, "a.yml"},
		{"of several the last one wins", "--config a.yml --config=b.properties", "", 3, "a.yml b.properties"},
		{"spring.config.location", "--spring.config.location=file:./a.yml,optional:file:none.yml", "", 2, "a.yml"},
		{"a folder", "--spring.config.location=folder/", "", 4, "folder/application.yml"},
		{"SPRING_CONFIG_LOCATION", "", "SPRING_CONFIG_LOCATION=b.properties", 3, "b.properties"},
		{"an additional file", "--spring.config.additional-location=add.yml", "", 1, "purser.yml add.yml"},
		{"an additional file of the environment", "", "SPRING_CONFIG_ADDITIONAL_LOCATION=optional:none.yml,add.yml", 1, "purser.yml add.yml"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options(dir)
			o.Args, o.Environ = strings.Fields(row.args), []string{row.environ}
			c, report := MustLoadWith(t, o)
			var files []string
			for _, file := range report.Files {
				name, err := filepath.Rel(dir, file)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, name)
			}
			if got := strings.Join(files, " "); c.Server.Port != row.port || got != row.files {
				t.Errorf("port %d, files %s", c.Server.Port, got)
			}
		})
	}
}

func TestRelaxedNames(t *testing.T) {
	for _, row := range []struct{ rule, file, text string }{
		{"kebab case", "purser.yml", "purser.data-dir: x"},
		{"camel case", "purser.yml", "purser.dataDir: x"},
		{"snake case", "purser.yml", "purser.data_dir: x"},
		{"upper case", "purser.yml", "PURSER.DATADIR: x"},
		{"nested", "purser.yml", "purser:\n  dataDir: x"},
		{"a properties file", "purser.properties", "purser.data_dir = x"},
		{"with a colon", "purser.properties", "purser.dataDir: x"},
		{"an argument", "args", "--purser.dataDir=x"},
		{"a variable", "env", "PURSER_DATADIR=x"},
		{"a variable with the dash", "env", "PURSER_DATA_DIR=x"},
		{"a variable in small letters", "env", "purser_data_dir=x"},
		{"a variable in both", "env", "Purser_DataDir=x"},
		{"nested JSON", "env", `SPRING_APPLICATION_JSON={"purser":{"dataDir":"x"}}`},
		{"dotted JSON", "env", `SPRING_APPLICATION_JSON={"purser.data-dir":"x"}`},
		{"JSON in an argument", "args", `--spring.application.json={"purser.data-dir":"x"}`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options("")
			switch row.file {
			case "args":
				o.Args = []string{row.text}
			case "env":
				o.Environ = []string{row.text}
			default:
				o.Dir = MustDir(t, map[string]string{row.file: row.text})
			}
			if o.Dir == "" {
				o.Dir = t.TempDir()
			}
			c, report := MustLoadWith(t, o)
			if c.DataDir != "x" || len(report.Warnings) > 0 {
				t.Errorf("got %q, %v", c.DataDir, report.Warnings)
			}
		})
	}
}

func TestAliasIsOneSetting(t *testing.T) {
	c, report := MustLoad(t, map[string]string{
		"application.yml": "spring.cloud.skipper.server.synchonizeIndexOnContextRefresh: true",
		"purser.yml":      "spring.cloud.skipper.server.synchronize-index-on-context-refresh: false",
	})
	if c.ReadIndexes || len(report.Warnings) > 0 {
		t.Errorf("got %v, %v", c.ReadIndexes, report.Warnings)
	}
}

func TestListsAreReplacedAsAWhole(t *testing.T) {
	const key = "spring.cloud.skipper.server.deployer-properties.property-excludes"
	for _, row := range []struct {
		rule, properties, env string
		want                  []string
	}{
		{"a text with commas", key + "=a, b", "", []string{"a", "b"}},
		{"items", key + "[0]=a\n" + key + "[1]=b,c", "", []string{"a", "b,c"}},
		{"one item of a later source replaces all", key + "=a,b,c", "SPRING_CLOUD_SKIPPER_SERVER_DEPLOYERPROPERTIES_PROPERTYEXCLUDES_0=d", []string{"d"}},
		{"a text of a later source replaces items", key + "[0]=a", "SPRING_CLOUD_SKIPPER_SERVER_DEPLOYER_PROPERTIES_PROPERTY_EXCLUDES=d,e", []string{"d", "e"}},
		{"an empty text is an empty list", key + "=", "", []string{}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options(MustDir(t, map[string]string{"purser.properties": row.properties, "application.yml": "spring.cloud.skipper.server.deployer-properties: {property-excludes: [y, z]}"}))
			o.Environ = []string{row.env}
			c, report := MustLoadWith(t, o)
			if diff := cmp.Diff(row.want, c.Options.PropertyExcludes); diff != "" || len(report.Warnings) > 0 {
				t.Error(diff, report.Warnings)
			}
		})
	}
}

func TestBareArguments(t *testing.T) {
	o := options(t.TempDir())
	o.Args = []string{"--maven.offline", "--server.address", "--purser.data-dir=", "--server.port="}
	c, report := MustLoadWith(t, o)
	if !c.Maven.Offline || c.Server.Address != "" || c.DataDir != "./purser-data" || c.Server.Port != 7577 || len(report.Warnings) > 0 {
		t.Errorf("got %+v, %v", c.Server, report.Warnings)
	}
}

func TestPlatformDefaults(t *testing.T) {
	for _, row := range []struct {
		rule    string
		environ []string
		want    string
		probes  bool
	}{
		{"nowhere", nil, "none", false},
		{"Kubernetes", []string{"KUBERNETES_SERVICE_HOST=10.0.0.1"}, "native", true},
		{"Cloud Foundry", []string{"VCAP_APPLICATION={}"}, "native", false},
		{"Kubernetes, but said otherwise", []string{
			"KUBERNETES_SERVICE_HOST=10.0.0.1", "SERVER_FORWARD_HEADERS_STRATEGY=NONE", "MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED=false",
		}, "none", false},
		{"said so", []string{"SERVER_FORWARDHEADERSSTRATEGY=framework", "MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED=true"}, "framework", true},
	} {
		o := options(t.TempDir())
		o.Environ = row.environ
		c, _ := MustLoadWith(t, o)
		if c.Server.ForwardHeaders != row.want || c.Server.Probes != row.probes {
			t.Errorf("%s: forward headers count: %q, probes: %v", row.rule, c.Server.ForwardHeaders, c.Server.Probes)
		}
	}
}

func TestProfiles(t *testing.T) {
	const file = `
server.port: 1
---
spring.config.activate.on-profile: kubernetes
server.port: 2
---
spring: {profiles: "dev & local"}
server.port: 3
---
spring.config.activate.on-profile: "!local, prod"
server.address: other
`
	const properties = "server.shutdown-grace=1s\n#---\nspring.config.activate.on-profile=prod\nserver.shutdown-grace=2s\n"
	for _, row := range []struct {
		rule    string
		environ string
		port    int
		address string
		grace   string
	}{
		{"a plain machine has the profile local", "", 1, "", "1s"},
		{"Kubernetes is found out", "KUBERNETES_SERVICE_HOST=x", 2, "other", "1s"},
		{"both must be active", "SPRING_PROFILES_ACTIVE=dev", 3, "", "1s"},
		{"one of several", "SPRING_PROFILES_ACTIVE=x,prod", 1, "other", "2s"},
		{"kubernetes keeps local away", "SPRING_PROFILES_ACTIVE=dev,kubernetes", 2, "other", "1s"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options(MustDir(t, map[string]string{"application.yml": file, "application.properties": properties}))
			o.Environ = []string{row.environ}
			c, _ := MustLoadWith(t, o)
			if c.Server.Port != row.port || c.Server.Address != row.address || c.Server.ShutdownGrace.String() != row.grace {
				t.Errorf("got %+v", c.Server)
			}
		})
	}
}
