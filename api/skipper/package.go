package skipper

import (
	"purser"
	"purser/api/hal"
)

// PackageMetadata is package metadata on the wire (spec/rest.md §4.3).
type PackageMetadata purser.PackageMetadata

// AppendFields implements hal.Fields.
func (m PackageMetadata) AppendFields(w *hal.Writer) {
	w.Key("apiVersion")
	w.String(m.APIVersion)
	w.Key("origin")
	w.Text(m.Origin)
	w.Key("repositoryId")
	if m.RepositoryID == 0 {
		w.Null()
	} else {
		w.Int(m.RepositoryID)
	}
	w.Key("repositoryName")
	if m.RepositoryName == "" {
		w.Null()
	} else {
		w.String(m.RepositoryName)
	}
	w.Key("kind")
	w.String(m.Kind)
	w.Key("name")
	w.String(m.Name)
	w.Key("displayName")
	w.Text(m.DisplayName)
	w.Key("version")
	w.String(m.Version)
	w.Key("packageSourceUrl")
	w.Text(m.PackageSourceURL)
	w.Key("packageHomeUrl")
	w.Text(m.PackageHomeURL)
	w.Key("tags")
	w.Text(m.Tags)
	w.Key("maintainer")
	w.Text(m.Maintainer)
	w.Key("description")
	w.Text(m.Description)
	w.Key("sha256")
	w.Text(m.SHA256)
	w.Key("iconUrl")
	w.Text(m.IconURL)
}

// Package is a package on the wire (spec/rest.md §4.3).
type Package purser.Package

// AppendFields implements hal.Fields.
func (p Package) AppendFields(w *hal.Writer) {
	w.Key("metadata")
	w.BeginObject()
	PackageMetadata(p.Metadata).AppendFields(w)
	w.EndObject()
	w.Key("templates")
	w.BeginArray()
	for _, t := range p.Templates {
		w.BeginObject()
		w.Key("name")
		w.String(t.Name)
		w.Key("data")
		w.String(t.Text)
		w.EndObject()
	}
	w.EndArray()
	w.Key("dependencies")
	w.BeginArray()
	for _, d := range p.Dependencies {
		w.BeginObject()
		Package(d).AppendFields(w)
		w.EndObject()
	}
	w.EndArray()
	w.Key("configValues")
	if p.Values == nil {
		w.Null()
	} else {
		raw(w, p.Values)
	}
	w.Key("fileHolders")
	w.BeginArray()
	for _, f := range p.Files {
		w.BeginObject()
		w.Key("bytes")
		w.Base64(f.Bytes)
		w.Key("name")
		w.String(f.Name)
		w.EndObject()
	}
	w.EndArray()
}

// raw writes the object that values are wrapped in.
func raw(w *hal.Writer, values *string) {
	w.BeginObject()
	w.Key("raw")
	w.Text(values)
	w.EndObject()
}

var (
	_ hal.Fields = PackageMetadata{}
	_ hal.Fields = Package{}
)
