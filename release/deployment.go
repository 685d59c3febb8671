package release

import (
	"fmt"
	"maps"
	"strings"

	"purser"
)

// Properties that every deployment carries (spec/packages.md §5.4).
const (
	propertyGroup = "spring.cloud.deployer.group"
	propertyApp   = "spring.cloud.deployer.appName"
	propertyCount = "spring.cloud.deployer.count"
)

// deployment makes of an application what is handed to the platform. CodeInvalid without a resource.
func deployment(d purser.Deployer, key purser.ReleaseKey, version int, app purser.AppSpec) (purser.Deployment, error) {
	resource, err := app.Location()
	if err != nil {
		return purser.Deployment{}, err
	}
	group, name := groupOf(key, app), versioned(app.Name, version)
	properties := maps.Clone(app.DeploymentProperties)
	if properties == nil {
		properties = map[string]string{}
	}
	properties[propertyGroup], properties[propertyApp] = group, app.Name
	return purser.Deployment{
		ID: d.DeploymentID(group, name), Group: group, Name: name, App: app.Name,
		Resource: resource, Properties: app.Properties, DeploymentProperties: properties,
	}, nil
}

// deploymentID is the id that an application will have, known before the platform is touched.
func deploymentID(d purser.Deployer, key purser.ReleaseKey, version int, app purser.AppSpec) string {
	return d.DeploymentID(groupOf(key, app), versioned(app.Name, version))
}

func versioned(app string, version int) string { return fmt.Sprintf("%s-v%d", app, version) }

// groupOf is the group the manifest sets, or the release's name; outside of Skipper's space the space goes before it, so
// that tenants do not share deployments.
func groupOf(key purser.ReleaseKey, app purser.AppSpec) string {
	if group, ok := app.DeploymentProperties[propertyGroup]; ok {
		return group
	}
	if key.Space == "" {
		return key.Name
	}
	return strings.ReplaceAll(key.Space, "/", "-") + "-" + key.Name
}
