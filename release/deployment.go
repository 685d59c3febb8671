package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"

	"purser"
)

// Properties that every deployment carries (spec/packages.md §5.4).
const (
	propertyGroup = "spring.cloud.deployer.group"
	propertyApp   = "spring.cloud.deployer.appName"
	propertyCount = "spring.cloud.deployer.count"
)

// turn is a version of a release in one of the times that it is deployed, which is what a deployment belongs to.
type turn struct {
	key     purser.ReleaseKey
	version int
	times   int // counts from 1
}

func turnOf(r purser.Release) turn { return turn{r.Key, r.Version, r.Activations} }

// deployment makes of an application what is handed to the platform. CodeInvalid without a resource.
func deployment(d purser.Deployer, t turn, app purser.AppSpec) (purser.Deployment, error) {
	resource, err := app.Location()
	if err != nil {
		return purser.Deployment{}, err
	}
	group, name := groupOf(t.key, app), t.named(app.Name)
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
func deploymentID(d purser.Deployer, t turn, app purser.AppSpec) string {
	return d.DeploymentID(groupOf(t.key, app), t.named(app.Name))
}

// unused refuses a plan for a new version whose deployments exist already.
func (e *Engine) unused(ctx context.Context, key purser.ReleaseKey, p plan) error {
	version, err := e.Store.NextVersion(ctx, key)
	if err != nil {
		return err
	}
	err = unusedBy(ctx, turn{key, version, 1}, p)
	if purser.ErrorCode(err) == purser.CodeConflict && e.overtaken(ctx, key, version) {
		return nil
	}
	return err
}

// unusedBy refuses a plan whose new deployments exist already: a Deploy would change nothing and share them with whoever
// made them. That is another release whose names add up to the same id, or a server whose store is lost.
func unusedBy(ctx context.Context, t turn, p plan) error {
	ids := []string{}
	for _, app := range p.apps {
		if p.kept[app.Name] == "" {
			ids = append(ids, deploymentID(p.platform, t, app))
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

// named is the name of an application's deployment: <app>-v<version>, and when the version was deployed before a number
// behind it, so that what is new is never taken for what is still going.
func (t turn) named(app string) string {
	if t.times > 1 {
		return fmt.Sprintf("%s-v%d-%d", app, t.version, t.times)
	}
	return fmt.Sprintf("%s-v%d", app, t.version)
}

// groupOf is the group the manifest sets, or the release's name. Outside of Skipper's space it has a prefix that comes of
// the space, so that tenants never share deployments, whatever they call their releases and write into their manifests.
func groupOf(key purser.ReleaseKey, app purser.AppSpec) string {
	group, ok := app.DeploymentProperties[propertyGroup]
	if !ok {
		group = key.Name
	}
	if key.Space == "" {
		return group
	}
	sum := sha256.Sum256([]byte(key.Space))
	return "s" + hex.EncodeToString(sum[:6]) + "-" + group
}
