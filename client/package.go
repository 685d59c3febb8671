package client

import (
	"encoding/json"
	"strconv"
)

// PackageMetadata describes a version of a package. Texts that the server does not have are "".
type PackageMetadata struct {
	ID               int64  `json:"id,omitempty" yaml:"id,omitempty"` // 0 where the server does not tell, as inside a release
	APIVersion       string `json:"apiVersion" yaml:"apiVersion"`
	Origin           string `json:"origin" yaml:"origin"`
	RepositoryID     int64  `json:"repositoryId" yaml:"repositoryId"`
	RepositoryName   string `json:"repositoryName" yaml:"repositoryName"`
	Kind             string `json:"kind" yaml:"kind"`
	Name             string `json:"name" yaml:"name"`
	DisplayName      string `json:"displayName" yaml:"displayName"`
	Version          string `json:"version" yaml:"version"`
	PackageSourceURL string `json:"packageSourceUrl" yaml:"packageSourceUrl"`
	PackageHomeURL   string `json:"packageHomeUrl" yaml:"packageHomeUrl"`
	Tags             string `json:"tags" yaml:"tags"`
	Maintainer       string `json:"maintainer" yaml:"maintainer"`
	Description      string `json:"description" yaml:"description"`
	SHA256           string `json:"sha256" yaml:"sha256"`
	IconURL          string `json:"iconUrl" yaml:"iconUrl"`
}

// UnmarshalJSON reads metadata with or without links, which tell the id.
func (m *PackageMetadata) UnmarshalJSON(raw []byte) error {
	type plain PackageMetadata
	var wire struct {
		plain
		ID    anything `json:"id"` // a summary has it as text
		Links links    `json:"_links"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*m = PackageMetadata(wire.plain)
	if id, err := strconv.ParseInt(string(wire.ID), 10, 64); err == nil {
		m.ID = id
	} else {
		m.ID = wire.Links.id("self", "install")
	}
	return nil
}

// Package is a package as a release has it.
type Package struct {
	Metadata     PackageMetadata `json:"metadata" yaml:"metadata"`
	Templates    []Template      `json:"templates" yaml:"templates"`
	Dependencies []Package       `json:"dependencies" yaml:"dependencies"`
	ConfigValues ConfigValues    `json:"configValues" yaml:"configValues"`
	Files        []File          `json:"fileHolders" yaml:"fileHolders"`
}

// Template is one file of the folder templates.
type Template struct {
	Name string `json:"name" yaml:"name"`
	Data string `json:"data" yaml:"data"`
}

// File is a file that came with a package, such as a finished manifest.
type File struct {
	Name  string `json:"name" yaml:"name"`
	Bytes []byte `json:"bytes" yaml:"bytes"`
}

// PackageIdentifier names a package. Without a version the latest is meant, without a repository any.
type PackageIdentifier struct {
	RepositoryName string
	Name           string
	Version        string
}

// wireIdentifier is PackageIdentifier on the wire, where what is not given is null.
type wireIdentifier struct {
	RepositoryName *string `json:"repositoryName"`
	PackageName    *string `json:"packageName"`
	PackageVersion *string `json:"packageVersion"`
}

func (p PackageIdentifier) wire() wireIdentifier {
	return wireIdentifier{RepositoryName: textOrNull(p.RepositoryName), PackageName: textOrNull(p.Name), PackageVersion: textOrNull(p.Version)}
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
