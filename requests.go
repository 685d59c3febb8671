package purser

import "time"

// The requests of the use cases stand here, not beside their verbs, because every dialect makes them and none may
// import the packages that perform them (docs/adr/0005-requests-in-the-root.md).

// UploadRequest brings a package archive into a local repository. What is nil was absent, which is refused in other
// words than what is empty (spec/rest.md §5.1).
type UploadRequest struct {
	Repository *string
	Name       *string
	Version    *string
	Extension  *string // "zip"
	Archive    []byte
}

// InstallRequest makes a release of a package.
type InstallRequest struct {
	Key         ReleaseKey
	Package     PackageIdentifier
	PackageID   int64 // when not 0 the package is named by id, and the checks of the other form are skipped (spec/rest.md §5.2)
	Platform    string
	Values      *string
	RequestedBy string
	KeepFailed  bool   // an install that fails leaves its version, failed, in place of nothing; so does one before it keep the name
	Facts       string // of the new version (Release.Facts)
}

// UpgradeRequest replaces the current version of a release.
type UpgradeRequest struct {
	Key         ReleaseKey
	Package     PackageIdentifier
	Values      *string        // nil, empty or blank: earlier overrides are dropped
	Timeout     *time.Duration // of the health check; nil: the server's default
	Force       bool
	Apps        []string // with Force: only these besides the changed ones; empty: all
	RequestedBy string
	Facts       string // of the new version (Release.Facts)
}

// RollbackRequest brings back the content of an earlier version as a new one.
type RollbackRequest struct {
	Key         ReleaseKey
	Version     int // 0: the one before the current
	Timeout     *time.Duration
	RequestedBy string
}

// DeleteRequest ends a release.
type DeleteRequest struct {
	Key         ReleaseKey
	WithPackage bool // delete the package as well, all its versions
	RequestedBy string
}

// ScaleReleaseRequest changes the number of instances of applications of a release. Unknown names are ignored.
type ScaleReleaseRequest struct {
	Key         ReleaseKey
	Apps        []AppScale
	RequestedBy string
}

// AppScale is the number of instances wanted of one application.
type AppScale struct {
	Name       string
	Count      int
	Properties map[string]string
}

// ActuatorRequest is passed on to a management endpoint of one instance (spec/rest.md §2.20).
type ActuatorRequest struct {
	Key           ReleaseKey
	DeploymentID  string
	InstanceGUID  string
	Method        string // GET or POST
	Endpoint      string // with or without the leading slash
	Body          []byte // JSON, nil for none
	Authorization string // the caller's header, "" for none
}

// ActuatorResponse is an application's answer.
type ActuatorResponse struct {
	Status      int
	ContentType string
	Body        []byte
}
