package conformance_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"purser/cmd/purser/live"
)

// stream is a definition as Data Flow has it: applications by label, each with its type and its own properties.
type stream struct {
	name, dsl string
	apps      []streamApp
	platform  map[string]string // deployment properties of all applications, besides the usual ones
}

type streamApp struct {
	label, kind, version string
	properties           map[string]string
}

// template is the one that Data Flow puts into every package.
const template = `apiVersion: {{apiVersion}}
kind: {{kind}}
metadata:
  {{#metadata.entrySet}}
  "{{{key}}}": "{{{value}}}"
  {{/metadata.entrySet}}
spec:
  resource: "{{{spec.resource}}}"
  resourceMetadata: "{{{spec.resource}}}:jar:metadata:{{{spec.version}}}"
  version: "{{{spec.version}}}"
  applicationProperties:
    {{#spec.applicationProperties.entrySet}}
    "{{{key}}}": "{{{value}}}"
    {{/spec.applicationProperties.entrySet}}
  deploymentProperties:
    {{#spec.deploymentProperties.entrySet}}
    "{{{key}}}": "{{{value}}}"
    {{/spec.deploymentProperties.entrySet}}
`

// applicationProperties are what Data Flow tells an application of the stream.
func (s stream) applicationProperties(a streamApp) map[string]string {
	all := map[string]string{
		"spring.cloud.dataflow.stream.name":            s.name,
		"spring.cloud.dataflow.stream.app.label":       a.label,
		"spring.cloud.dataflow.stream.app.type":        a.kind,
		"management.metrics.tags.stream.name":          "${spring.cloud.dataflow.stream.name:unknown}",
		"management.metrics.tags.application.guid":     "${spring.cloud.application.guid:unknown}",
		"management.endpoints.web.exposure.include":    "health,info,bindings",
		"wavefront.application.name":                   "${spring.cloud.dataflow.stream.name:unknown}",
		"spring.cloud.stream.bindings.input.group":     s.name,
		"spring.cloud.stream.bindings.output.producer": "",
	}
	maps.Copy(all, a.properties)
	return all
}

// deploymentProperties are what Data Flow tells the platform.
func (s stream) deploymentProperties() map[string]string {
	all := map[string]string{"spring.cloud.deployer.group": s.name, "spring.cloud.deployer.bootVersion": "2"}
	maps.Copy(all, s.platform)
	return all
}

// mustPack makes the package that Data Flow generates of a definition.
func (s stream) mustPack(t *testing.T) []byte {
	t.Helper()
	files := map[string]string{"package.yml": packageYAML(s.name, strconv.Quote(s.dsl))}
	for _, a := range s.apps {
		folder := "packages/" + a.label + "/"
		files[folder+"package.yml"] = packageYAML(a.label, "null")
		files[folder+"templates/"+a.label+".yml"] = template
		files[folder+"values.yml"] = s.values(a)
	}
	zip, err := live.Zip(s.name+"-1.0.0", files)
	if err != nil {
		t.Fatal(err)
	}
	return zip
}

// packageYAML is a dump of a bean: the class as a tag, then every field.
func packageYAML(name, description string) string {
	return fmt.Sprintf(`!!org.springframework.cloud.skipper.domain.PackageMetadata
apiVersion: skipper.spring.io/v1
description: %s
displayName: null
iconUrl: null
kind: SpringCloudDeployerApplication
maintainer: dataflow
name: %s
origin: null
packageFile: null
packageHomeUrl: null
packageSourceUrl: null
repositoryId: null
repositoryName: null
sha256: null
tags: null
version: 1.0.0
`, description, name)
}

// values writes values.yml with each text in double quotes.
func (s stream) values(a streamApp) string {
	var out strings.Builder
	fmt.Fprintf(&out, "\"apiVersion\": \"skipper.spring.io/v1\"\n\"kind\": \"SpringCloudDeployerApplication\"\n")
	fmt.Fprintf(&out, "\"metadata\":\n  \"name\": %q\n\"spec\":\n", a.label)
	fmt.Fprintf(&out, "  \"resource\": %q\n  \"version\": %q\n", "file:"+theBuilt.payload+"/demo", a.version)
	writeMap(&out, "applicationProperties", s.applicationProperties(a))
	writeMap(&out, "deploymentProperties", s.deploymentProperties())
	return out.String()
}

func writeMap(out *strings.Builder, name string, texts map[string]string) {
	fmt.Fprintf(out, "  %q:\n", name)
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(out, "    %q: \"%s\"\n", key, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(texts[key]))
	}
}

// override is the YAML of an update: every application carries its type and bootVersion, whatever changes.
func (s stream) override(changes map[string]string) string {
	var out strings.Builder
	for _, a := range s.apps {
		fmt.Fprintf(&out, "%s:\n  spec:\n%s", a.label, changes["version of "+a.label])
		fmt.Fprintf(&out, "    applicationProperties:\n      spring.cloud.dataflow.stream.app.type: %s\n%s", a.kind, changes[a.label])
		fmt.Fprintf(&out, "    deploymentProperties:\n      spring.cloud.deployer.bootVersion: '2'\n")
	}
	return out.String()
}

// deployed is an application as Data Flow reads it out of a manifest to write the definition anew.
type deployed struct {
	Kind     string
	Metadata map[string]string
	Spec     struct {
		Resource, ResourceMetadata, Version         string
		ApplicationProperties, DeploymentProperties map[string]string
	}
}

// mustReadManifest reads a manifest: each document must have a kind that Data Flow knows and a label.
func mustReadManifest(t *testing.T, text string) map[string]deployed {
	t.Helper()
	byLabel := map[string]deployed{}
	for document := range strings.SplitSeq(text, "---\n") {
		var raw struct {
			Kind     string            `yaml:"kind"`
			Metadata map[string]string `yaml:"metadata"`
			Spec     struct {
				Resource              string            `yaml:"resource"`
				ResourceMetadata      string            `yaml:"resourceMetadata"`
				Version               string            `yaml:"version"`
				ApplicationProperties map[string]string `yaml:"applicationProperties"`
				DeploymentProperties  map[string]string `yaml:"deploymentProperties"`
			} `yaml:"spec"`
		}
		if err := yaml.Unmarshal([]byte(document), &raw); err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
		d := deployed{Kind: raw.Kind, Metadata: raw.Metadata}
		d.Spec.Resource, d.Spec.ResourceMetadata, d.Spec.Version = raw.Spec.Resource, raw.Spec.ResourceMetadata, raw.Spec.Version
		d.Spec.ApplicationProperties, d.Spec.DeploymentProperties = raw.Spec.ApplicationProperties, raw.Spec.DeploymentProperties
		label := d.Spec.ApplicationProperties["spring.cloud.dataflow.stream.app.label"]
		if d.Kind != "SpringCloudDeployerApplication" || label == "" || d.Spec.DeploymentProperties == nil {
			t.Fatalf("Data Flow cannot read\n%s", document)
		}
		byLabel[label] = d
	}
	return byLabel
}
