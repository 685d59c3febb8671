package templates

import "purser"

// deployerKind is SpringCloudDeployerApplication, and SpringBootApp, its name of old (spec/packages.md §5.2).
var deployerKind = applicationKind{family: "deployer", check: checkDeployer, read: readDeployer}

func checkDeployer(doc *value) error {
	for _, part := range []string{"metadata", "spec"} {
		if v := doc.entries.get(part); v == nil || v.kind == kindNull {
			return purser.Errorf(purser.CodeInvalid, "SpringCloudDeployerApplication must define '%s'", part)
		}
	}
	return nil
}

func readDeployer(r *reader) purser.AppSpec {
	s, spec := r.head()
	if spec == nil {
		return s
	}
	r.text(spec, "spec.", "resourceMetadata")
	s.Properties = r.textMap(spec, "spec.", "applicationProperties")
	s.DeploymentProperties = r.textMap(spec, "spec.", "deploymentProperties")
	var there bool
	if s.Name, there = s.Metadata["name"]; !there {
		r.fail(purser.Errorf(purser.CodeInvalid, "SpringCloudDeployerApplicationManifest must define a 'name' property in the metadata"))
	}
	s.Resource = r.resource(spec)
	return s
}

// resource gives the resource, which must not be empty.
func (r *reader) resource(spec *value) string {
	v := spec.entries.get("resource")
	resource, there := r.text(spec, "spec.", "resource")
	switch {
	case !there && (v == nil || v.kind == kindNull):
		r.fail(purser.Errorf(purser.CodeInvalid, "Could not load Resource null. Message = Spec resource must not be empty"))
	case there && resource == "":
		r.fail(purser.Errorf(purser.CodeInvalid, "Could not load Resource . Message = Spec resource must not be empty"))
	}
	return resource
}
