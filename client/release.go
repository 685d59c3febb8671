package client

// StatusCode is how far a version of a release has come, in Skipper's words.
type StatusCode string

// The codes. A server that knows more may send others.
const (
	StatusUnknown  StatusCode = "UNKNOWN" // a change is under way
	StatusDeployed StatusCode = "DEPLOYED"
	StatusDeleted  StatusCode = "DELETED" // deleted, or replaced by another version
	StatusFailed   StatusCode = "FAILED"
)

// Release is one version of a release.
type Release struct {
	Name         string       `json:"name" yaml:"name"`
	Version      int          `json:"version" yaml:"version"`
	Info         Info         `json:"info" yaml:"info"`
	Package      Package      `json:"pkg" yaml:"pkg"`
	ConfigValues ConfigValues `json:"configValues" yaml:"configValues"` // what was given at install or upgrade
	Manifest     Manifest     `json:"manifest" yaml:"manifest"`
	PlatformName string       `json:"platformName" yaml:"platformName"`
}

// Info is how a version of a release stands.
type Info struct {
	Status        Status `json:"status" yaml:"status"`
	FirstDeployed Time   `json:"firstDeployed" yaml:"firstDeployed"`
	LastDeployed  Time   `json:"lastDeployed" yaml:"lastDeployed"`
	Deleted       Time   `json:"deleted" yaml:"deleted"` // zero: not deleted, or the server does not tell
	Description   string `json:"description" yaml:"description"`
}

// Manifest is the text that a release was rendered to: YAML documents.
type Manifest struct {
	Data string `json:"data" yaml:"data"`
}

// ConfigValues are values as YAML text, "" for none.
type ConfigValues struct {
	Raw string `json:"raw" yaml:"raw"`
}
