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

func readDeployer(doc *value) (purser.AppSpec, error) {
	s, spec, err := readHead(doc)
	if err != nil {
		return s, err
	}
	if _, _, err = textOfField(spec, "resourceMetadata"); err != nil {
		return s, err
	}
	if s.Properties, err = textMap(spec, "applicationProperties"); err != nil {
		return s, err
	}
	if s.DeploymentProperties, err = textMap(spec, "deploymentProperties"); err != nil {
		return s, err
	}
	var there bool
	if s.Name, there = s.Metadata["name"]; !there {
		return s, purser.Errorf(purser.CodeInvalid, "SpringCloudDeployerApplicationManifest must define a 'name' property in the metadata")
	}
	s.Resource, err = resourceOf(spec)
	return s, err
}

// resourceOf gives the resource, which must not be empty.
func resourceOf(spec *value) (string, error) {
	resource, there, err := textOfField(spec, "resource")
	switch {
	case err != nil:
		return "", err
	case !there:
		return "", purser.Errorf(purser.CodeInvalid, "Could not load Resource null. Message = Spec resource must not be empty")
	case resource == "":
		return "", purser.Errorf(purser.CodeInvalid, "Could not load Resource . Message = Spec resource must not be empty")
	default:
		return resource, nil
	}
}
