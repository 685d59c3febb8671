package purser

import "strings"

// AppSpec is one application of a manifest (spec/packages.md §5.2). Texts that the manifest does not have are "".
type AppSpec struct {
	APIVersion           string
	Kind                 string
	Name                 string            // metadata.name
	Metadata             map[string]string // all of metadata, name included
	Resource             string
	Version              string
	Properties           map[string]string // for the application
	DeploymentProperties map[string]string // for the platform
}

// Kinds of applications that a manifest can hold (spec/packages.md §5.1).
const (
	KindSpringCloudDeployer = "SpringCloudDeployerApplication"
	KindSpringBootApp       = "SpringBootApp" // legacy name of the one above
	KindCloudFoundry        = "CloudFoundryApplication"
)

// Location gives the resource with its version, as a platform fetches it: maven and docker resources get the version
// behind a colon unless it is there already, others the form resource-version.jar, but those of Cloud Foundry stay as
// they are (spec/packages.md §5.3). CodeInvalid without a resource.
func (s AppSpec) Location() (string, error) {
	switch {
	case s.Resource == "":
		return "", Errorf(CodeInvalid, "Could not load Resource null. Message = Spec resource must not be empty")
	case s.Version == "":
		return s.Resource, nil
	case strings.HasPrefix(s.Resource, "maven"), strings.HasPrefix(s.Resource, "docker"):
		if strings.HasSuffix(s.Resource, ":"+s.Version) {
			return s.Resource, nil
		}
		return s.Resource + ":" + s.Version, nil
	case s.Kind == KindCloudFoundry:
		return s.Resource, nil
	default:
		return s.Resource + "-" + s.Version + ".jar", nil
	}
}

// Deployment is an application handed to a platform (spec/packages.md §5.4).
type Deployment struct {
	ID                   string // as given by Deployer.DeploymentID
	Group                string // spring.cloud.deployer.group
	Name                 string // <app>-v<release version>
	App                  string // the application's name without the version
	Resource             string // full location, e.g. maven://g:a:1.0 or file:/x/app-1.0.jar
	Properties           map[string]string
	DeploymentProperties map[string]string
}

// AppState is the state of an application or of one instance (spec/deployers.md §1.5).
type AppState string

// The states. Partial is never an instance's.
const (
	StateDeploying  AppState = "deploying"
	StateDeployed   AppState = "deployed"
	StateUndeployed AppState = "undeployed"
	StatePartial    AppState = "partial"
	StateFailed     AppState = "failed"
	StateError      AppState = "error"
	StateUnknown    AppState = "unknown"
)

// AppStatus is what a platform knows of one deployment.
type AppStatus struct {
	DeploymentID string
	State        AppState
	Instances    []Instance // by index
}

// Instance is one running (or ended) copy of an application.
type Instance struct {
	ID         string
	State      AppState
	Final      bool   // the state cannot change any more without a new deployment: the process has ended for good
	Reason     string // why the state is what it is, for people; "" when there is nothing to say
	Attributes map[string]string
}

// Aggregate gives the state of an application with these instances: the first fitting rule of spec/deployers.md §1.5.
func Aggregate(instances []Instance) AppState {
	if len(instances) == 0 {
		return StateUnknown
	}
	seen := map[AppState]bool{}
	for _, i := range instances {
		seen[i.State] = true
	}
	switch {
	case len(seen) == 1:
		return instances[0].State
	case seen[StateError]:
		return StateError
	case seen[StateDeploying]:
		return StateDeploying
	case seen[StateDeployed], seen[StatePartial]:
		return StatePartial
	case seen[StateFailed]:
		return StateFailed
	default:
		return StatePartial
	}
}

// FailedForGood tells whether every instance has ended for good, so that waiting for health is in vain.
func (s AppStatus) FailedForGood() bool {
	for _, i := range s.Instances {
		if !i.Final {
			return false
		}
	}
	return len(s.Instances) > 0
}
