package purser

import "time"

// PackageMetadata describes one version of a package in one repository (spec/packages.md §1.3). A nil text was absent
// or is unknown; an empty one was given as empty.
type PackageMetadata struct {
	ID       int64
	Revision int64 // the ETag

	APIVersion     string
	Kind           string
	Name           string
	Version        string
	RepositoryID   int64  // 0: none (a nested package)
	RepositoryName string // "": none (a nested package)

	Origin           *string
	DisplayName      *string
	PackageSourceURL *string
	PackageHomeURL   *string
	Tags             *string
	Maintainer       *string
	Description      *string
	SHA256           *string
	IconURL          *string

	CreatedAt time.Time // when it came to this server; zero: nobody knows
}

// Package is a package as read from its archive.
type Package struct {
	Metadata     PackageMetadata
	Templates    []Template // by name
	Dependencies []Package  // by folder name
	Values       *string    // text of values.yml; nil without that file
	Files        []File     // the manifest files (spec/packages.md §1.2), by name
}

// Template is one template of a package.
type Template struct {
	Name string // file name without folder
	Text string
}

// File is any other file of a package that is kept.
type File struct {
	Name  string
	Bytes []byte
}

// PackageIdentifier names a package; an empty version asks for the latest, an empty repository for that of any.
type PackageIdentifier struct {
	Name       string
	Version    string
	Repository string // its name
}

// Repository is a place packages come from (spec/rest.md §6).
type Repository struct {
	ID          int64
	Revision    int64 // the ETag
	Name        string
	URL         string
	SourceURL   *string
	Local       bool // packages are uploaded to it and stored here
	Description *string
	Order       int // of several packages with one name and version the one with the highest order is taken
}
