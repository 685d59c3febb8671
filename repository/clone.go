package repository

import (
	"bytes"
	"maps"
	"slices"

	"purser"
)

// The copies below share nothing with their originals that anybody could change, and keep nil apart from empty.

// CloneRelease copies a release version.
func CloneRelease(r purser.Release) purser.Release {
	r.Package = ClonePackage(r.Package)
	r.Values = clonePointer(r.Values)
	r.Applications = slices.Clone(r.Applications)
	r.Statuses = CloneStatuses(r.Statuses)
	r.ChangeLog = clonePointer(r.ChangeLog)
	return r
}

// CloneStatuses copies statuses.
func CloneStatuses(list []purser.AppStatus) []purser.AppStatus {
	return cloneEach(list, func(s purser.AppStatus) purser.AppStatus {
		s.Instances = cloneEach(s.Instances, func(i purser.Instance) purser.Instance {
			i.Attributes = maps.Clone(i.Attributes)
			return i
		})
		return s
	})
}

// ClonePackage copies a package with all that it depends on.
func ClonePackage(p purser.Package) purser.Package {
	p.Metadata = CloneMetadata(p.Metadata)
	p.Templates = slices.Clone(p.Templates)
	p.Dependencies = cloneEach(p.Dependencies, ClonePackage)
	p.Values = clonePointer(p.Values)
	p.Files = cloneEach(p.Files, func(f purser.File) purser.File {
		f.Bytes = bytes.Clone(f.Bytes)
		return f
	})
	return p
}

// CloneMetadata copies package metadata.
func CloneMetadata(m purser.PackageMetadata) purser.PackageMetadata {
	pointers := [...]**string{
		&m.Origin, &m.DisplayName, &m.PackageSourceURL, &m.PackageHomeURL, &m.Tags, &m.Maintainer, &m.Description, &m.SHA256, &m.IconURL,
	}
	var copies *[len(pointers)]string // all in one piece: lists have many of them
	for i, p := range pointers {
		if *p == nil {
			continue
		}
		if copies == nil {
			copies = new([len(pointers)]string)
		}
		copies[i], *p = **p, &copies[i]
	}
	return m
}

// CloneRepository copies a repository.
func CloneRepository(r purser.Repository) purser.Repository {
	r.SourceURL = clonePointer(r.SourceURL)
	r.Description = clonePointer(r.Description)
	return r
}

// CloneOperation copies an operation.
func CloneOperation(o purser.Operation) purser.Operation {
	o.Deploy = slices.Clone(o.Deploy)
	o.Remove = slices.Clone(o.Remove)
	o.Scale = cloneEach(o.Scale, func(s purser.ScaleRequest) purser.ScaleRequest {
		s.Properties = maps.Clone(s.Properties)
		return s
	})
	o.Activation = clonePointer(o.Activation)
	return o
}

// CloneDelivery copies a delivery.
func CloneDelivery(d purser.Delivery) purser.Delivery {
	d.Body = bytes.Clone(d.Body)
	return d
}

func cloneEach[T any](list []T, clone func(T) T) []T {
	if list == nil {
		return nil
	}
	out := make([]T, len(list))
	for i, v := range list {
		out[i] = clone(v)
	}
	return out
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
