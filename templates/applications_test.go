package templates_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/templates"
)

func TestApplications(t *testing.T) {
	for _, row := range []struct {
		rule, manifest string
		want           []purser.AppSpec
	}{
		{
			"an application",
			"apiVersion: v1\nkind: SpringCloudDeployerApplication\nmetadata: {name: a, type: web, x: 1}\n" +
				"spec:\n  resource: maven://g:a\n  resourceMetadata: r\n  version: '1.0'\n  other: [x]\n" +
				"  applicationProperties: {server.port: 0, none: ~, day: 2020-01-01, bell: \"\\a\"}\n  deploymentProperties: {memory: 1g}\nmore: x\n",
			[]purser.AppSpec{{
				APIVersion: "v1", Kind: "SpringCloudDeployerApplication", Name: "a",
				Metadata: map[string]string{"name": "a", "type": "web", "x": "1"},
				Resource: "maven://g:a", Version: "1.0",
				Properties:           map[string]string{"server.port": "0", "day": "2020-01-01T00:00:00Z", "bell": "\a"},
				DeploymentProperties: map[string]string{"memory": "1g"},
			}},
		},
		{
			"the old name, nothing but what must be",
			"kind: SpringBootApp\nmetadata: {name: ''}\nspec: {resource: r, applicationProperties: , deploymentProperties: {}}\n",
			[]purser.AppSpec{{
				Kind: "SpringBootApp", Metadata: map[string]string{"name": ""}, Resource: "r",
				Properties: map[string]string{}, DeploymentProperties: map[string]string{},
			}},
		},
		{
			"both names beside each other",
			"kind: SpringBootApp\nmetadata: {name: a}\nspec: {resource: r}\n---\nkind: SpringCloudDeployerApplication\nmetadata: {name: b}\nspec: {resource: s}\n",
			[]purser.AppSpec{
				{
					Kind: "SpringBootApp", Name: "a", Metadata: map[string]string{"name": "a"}, Resource: "r",
					Properties: map[string]string{}, DeploymentProperties: map[string]string{},
				},
				{
					Kind: "SpringCloudDeployerApplication", Name: "b", Metadata: map[string]string{"name": "b"}, Resource: "s",
					Properties: map[string]string{}, DeploymentProperties: map[string]string{},
				},
			},
		},
		{
			"Cloud Foundry",
			"apiVersion: v1\nkind: CloudFoundryApplication\nspec:\n  resource: maven://g:a\n  version: 1.0.0\n  manifest:\n" +
				"    memory: 1024\n    disk-quota: 2G\n    Timeout: 180\n    instances: 1\n    no-route: true\n    health-check-type: process\n" +
				"    services: [rabbit, db]\n    buildpack: b\n    env: {A: 1, B: ~}\n    unknown: {x: y}\n    stack:\n",
			[]purser.AppSpec{{
				APIVersion: "v1", Kind: "CloudFoundryApplication", Metadata: map[string]string{}, Resource: "maven://g:a", Version: "1.0.0",
				Properties: map[string]string{"A": "1"},
				DeploymentProperties: map[string]string{
					"memory": "1024", "disk-quota": "2G", "timeout": "180", "instances": "1", "no-route": "true",
					"health-check-type": "process", "services": "rabbit,db", "buildpack": "b",
				},
			}},
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := templates.New().Applications(row.manifest)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestApplicationsRefusals(t *testing.T) {
	const head = "kind: SpringCloudDeployerApplication\nmetadata: {name: a}\n"
	const foundry = "kind: CloudFoundryApplication\nspec:\n  resource: r\n  manifest:\n    "
	shape := func(manifest string) string {
		return "JsonMappingException - Can't parse Package's manifest YAML = " + manifest
	}
	for _, row := range []struct{ rule, manifest, want string }{
		{"nothing", "", "No release manager available for 'null'"},
		{"no YAML", "a: [\n", "the manifest, line 1, column 4: a value must stand here"},
		{"no kind", "a: b\n", "No release manager available for 'null'"},
		{"a null kind", "kind:\n", "No release manager available for 'null'"},
		{"an unknown kind", "kind: Other\n", "No release manager available for 'Other'"},
		{"a kind that is a list", "kind: [a, b]\n", "No release manager available for '[a, b]'"},
		{"a document that is a list", head + "spec: {resource: r}\n---\n- x: 1\n", "Can't parse manifest, it is not a map.  Manifest = [{x=1}]"},
		{"an empty document", head + "spec: {resource: r}\n---\n", "Can't parse manifest, it is empty"},
		{
			"kinds of two families", head + "spec: {resource: r}\n---\nkind: CloudFoundryApplication\nspec: {resource: r}\n",
			"Document 2 of the manifest is of the kind 'CloudFoundryApplication', which cannot stand beside the others",
		},
		{
			"a document without a kind", "a: b\n---\n" + head + "spec: {resource: r}\n",
			"Document 1 of the manifest has no kind; every document must be an application",
		},
		{"no metadata", "kind: SpringBootApp\nspec: {resource: r}\n", "SpringCloudDeployerApplication must define 'metadata'"},
		{"no spec", head, "SpringCloudDeployerApplication must define 'spec'"},
		{
			"no name", "kind: SpringBootApp\nmetadata: {name: }\nspec: {resource: r}\n",
			"SpringCloudDeployerApplicationManifest must define a 'name' property in the metadata",
		},
		{"no resource", head + "spec: {}\n", "Could not load Resource null. Message = Spec resource must not be empty"},
		{"an empty resource", head + "spec: {resource: ''}\n", "Could not load Resource . Message = Spec resource must not be empty"},
		{"spec is text", head + "spec: text\n", shape(head + "spec: text\n")},
		{"metadata is text", "kind: SpringBootApp\nmetadata: text\nspec: {}\n", shape("kind: SpringBootApp\nmetadata: text\nspec: {}\n")},
		{"a resource that is a list", head + "spec: {resource: [r]}\n", shape(head + "spec: {resource: [r]}\n")},
		{"a version that is a map", head + "spec: {version: {}}\n", shape(head + "spec: {version: {}}\n")},
		{"apiVersion is a list", "apiVersion: []\n" + head + "spec: {}\n", shape("apiVersion: []\n" + head + "spec: {}\n")},
		{"a property that is a map", head + "spec: {deploymentProperties: {a: {}}}\n", shape(head + "spec: {deploymentProperties: {a: {}}}\n")},
		{"a key that is a list", head + "spec: {applicationProperties: {[a]: b}}\n", shape(head + "spec: {applicationProperties: {[a]: b}}\n")},
		{"Cloud Foundry without spec", "kind: CloudFoundryApplication\n", "CloudFoundryApplication must define 'spec'"},
		{
			"its memory", foundry + "memory: much\n",
			"CloudFoundryApplication: 'memory' in spec.manifest must be a number with M, MB, G or GB behind it or nothing (MB), not 'much'",
		},
		{"its instances", foundry + "instances: x\n", "CloudFoundryApplication: 'instances' in spec.manifest must be a number, not 'x'"},
		{"its routes", foundry + "no-route: maybe\n", "CloudFoundryApplication: 'no-route' in spec.manifest must be true or false, not 'maybe'"},
		{
			"its health check", foundry + "health-check-type: x\n",
			"CloudFoundryApplication: 'health-check-type' in spec.manifest must be port, process or http, not 'x'",
		},
		{"its services", foundry + "services: x\n", shape(foundry + "services: x\n")},
		{"its environment", foundry + "env: [x]\n", shape(foundry + "env: [x]\n")},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := templates.New().Applications(row.manifest)
			if purser.ErrorCode(err) != purser.CodeInvalid || purser.ErrorMessage(err) != row.want {
				t.Errorf("got %v, %q\nwant %q", got, purser.ErrorMessage(err), row.want)
			}
		})
	}
}
