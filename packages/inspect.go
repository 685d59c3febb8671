package packages

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"purser"
)

// metadataKind is what the kind of a package.yml is called. The reference, and so the server, accepts any other.
const metadataKind = "SkipperPackageMetadata"

// Inspect reads an archive as ReadArchive does, but does not stop at the first fault: it gives the package as far as it
// can be read, and everything for which an upload under that name and version would be refused, and warnings. Faults
// stand in the order in which they are met: entries, then package by package.
func Inspect(archive []byte, name, version string, limits Limits) (purser.Package, []Fault) {
	found := faults{}
	c, err := readArchive(archive, name, version, limits.withDefaults(), &found)
	_ = found.add(err) // collected; nothing is left to stop for
	if c.fields != nil {
		inspectMetadata(c, name, version, &found)
	}
	return c.pkg, found
}

// inspectMetadata applies the rules of an upload to what package.yml says.
func inspectMetadata(c content, name, version string, found *faults) {
	for _, key := range mandatory {
		_ = found.add(c.fields.require(c.file, key))
	}
	_ = checkColumns(c.pkg.Metadata, c.file, c.lines, found)
	m := c.pkg.Metadata
	for _, row := range []struct {
		key     string
		broken  bool
		problem string
	}{
		{"name", m.Name != name, fmt.Sprintf("the name is '%s', but the archive is one of '%s'", m.Name, name)},
		{"name", !isPackageName(m.Name), fmt.Sprintf("'%s' cannot be the name of a package", m.Name)},
		{"version", m.Version != version, fmt.Sprintf("the version is '%s', but the archive is one of '%s'", m.Version, version)},
		{"version", !isVersion(trim(m.Version)), fmt.Sprintf("'%s' is no semantic version, which has three numbers: 1.0.0, 1.0.0-RC1", m.Version)},
	} {
		if _, there := c.fields[row.key]; there && row.broken {
			*found = append(*found, Fault{File: c.file, Line: c.lines[row.key], Problem: row.problem})
		}
	}
	if kind, there := c.fields["kind"]; there && kind != metadataKind {
		found.warn(c.file, c.lines["kind"], "the kind is '%s', which should be %s", kind, metadataKind)
	}
	if v, there := c.fields["apiVersion"]; there && v == "" {
		found.warn(c.file, c.lines["apiVersion"], "apiVersion is empty; it should be skipper.spring.io/v1")
	}
}

// isPackageName tells whether packages of that name can be uploaded.
func isPackageName(name string) bool { return !leavesFolder(name) && !namesFolder(name) }

// Identify finds out which package an archive holds: it reads the metadata of the folder at the top that has a
// package.yml. Where several have one, it is the one that is called name-version. CodeInvalid.
func Identify(r io.ReaderAt, size int64, limits Limits) (purser.PackageMetadata, error) {
	limits = limits.withDefaults()
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return purser.PackageMetadata{}, &purser.Error{Code: purser.CodeInvalid, Message: "The package file is not a readable zip archive", Err: err}
	}
	var found []purser.PackageMetadata
	for _, f := range z.File {
		top, name := path.Split(f.Name)
		if !IsMetadataFile(name) || strings.Count(top, "/") != 1 || f.Mode().IsDir() {
			continue
		}
		u := unpacker{limits: limits, left: limits.TotalBytes}
		data, err := u.read(f, min(limits.MetadataBytes, limits.EntryBytes))
		if err != nil {
			return purser.PackageMetadata{}, err
		}
		m, err := ReadMetadata(data, f.Name)
		if err != nil {
			return purser.PackageMetadata{}, err
		}
		if top == topFolder(m.Name, m.Version)+"/" {
			return m, nil
		}
		found = append(found, m)
	}
	switch len(found) {
	case 0:
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeInvalid, "The package file has no folder with a package.yml")
	case 1:
		return found[0], nil
	default:
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeInvalid, "The package file has several folders with a package.yml, none of which is called <name>-<version>")
	}
}
