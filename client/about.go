package client

import (
	"context"
	"net/http"
)

// About says what a server is.
type About struct {
	VersionInfo VersionInfo `json:"versionInfo" yaml:"versionInfo"`
}

// VersionInfo has the versions of the server and of the shell that belongs to it.
type VersionInfo struct {
	Server Dependency `json:"server" yaml:"server"`
	Shell  Dependency `json:"shell" yaml:"shell"`
}

// Dependency is a program with its version. What the server does not tell is "".
type Dependency struct {
	Name           string `json:"name" yaml:"name"`
	Version        string `json:"version" yaml:"version"`
	ChecksumSHA1   string `json:"checksumSha1,omitempty" yaml:"checksumSha1,omitempty"`
	ChecksumSHA256 string `json:"checksumSha256,omitempty" yaml:"checksumSha256,omitempty"`
	URL            string `json:"url,omitempty" yaml:"url,omitempty"`
}

// About asks the server what it is.
func (c *Client) About(ctx context.Context) (About, error) {
	return fetch[About](ctx, c, call{method: http.MethodGet, place: placeAbout})
}
