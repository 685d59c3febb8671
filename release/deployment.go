package release

import (
	"context"
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

// unused refuses a plan whose new deployments exist already: a Deploy would change nothing and share them with whoever
// made them. That is another release whose names add up to the same id, or a server whose store is lost.
func (e *Engine) unused(ctx context.Context, key purser.ReleaseKey, p plan) error {
	version, err := e.Store.NextVersion(ctx, key)
	if err != nil {
		return err
	}
	ids := []string{}
	for _, app := range p.apps {
		if p.kept[app.Name] == "" {
			ids = append(ids, deploymentID(p.platform, key, version, app))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	statuses, err := p.platform.Status(ctx, ids...)
	if err != nil {
		return err
	}
	for _, s := range statuses {
		if s.State != purser.StateUnknown || len(s.Instances) > 0 {
			if e.overtaken(ctx, key, version) {
				return nil
			}
			return purser.Errorf(purser.CodeConflict, "The platform '%s' has a deployment [%s] already, which this release did not make. "+
				"Remove it there, or choose another release name.", p.platformName, s.DeploymentID)
		}
	}
	return nil
}

// overtaken tells whether another change of the key came first: then the deployment is its, and the acceptance of this one
// finds the right words.
func (e *Engine) overtaken(ctx context.Context, key purser.ReleaseKey, version int) bool {
	if _, err := e.Store.FindOperation(ctx, key); err == nil {
		return true
	}
	next, err := e.Store.NextVersion(ctx, key)
	return err == nil && next != version
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
