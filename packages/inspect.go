package packages

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"purser"
)

// metadataKind is what the kind of a package.yml is called. The reference, and so the server, accepts any other.
const metadataKind = "SkipperPackageMetadata"

// Inspection is what an archive holds and what is wrong with it.
type Inspection struct {
	Package purser.Package // as far as it can be read
	Faults  []Fault
	// Files leads from the path of a file by the names of packages (packages/<name>/values.yml) to the entry that it was
	// read from.
	Files map[string]string
}

// Inspect reads the package in the given top folder of an archive as ReadArchive does, but does not stop at the first
// fault: it gives everything for which an upload would be refused, and warnings, in the order in which they are met. That
// the folder must be called name-version is left to the caller.
func Inspect(archive []byte, top string, limits Limits) Inspection {
	found := faults{}
	u, d, err := openPackage(archive, top, limits.withDefaults(), &found)
	if err != nil {
		_ = found.add(err) // collected, as below
		return Inspection{Faults: found}
	}
	c, err := u.unpack(d)
	_ = found.add(err)
	if c.fields != nil {
		inspectMetadata(c, &found)
	}
	return Inspection{Package: c.pkg, Faults: found, Files: d.files(c.pkg)}
}

// files gives the entries of a package by the names of packages.
func (d *folder) files(p purser.Package) map[string]string {
	out := map[string]string{}
	if d.values != nil {
		out["values.yml"] = d.values.Name
	}
	for _, t := range d.templates {
		out["templates/"+t.name] = t.file.Name
	}
	for i, where := range slices.Sorted(maps.Keys(d.packages)) {
		if i == len(p.Dependencies) {
			break // unpacking ended before
		}
		for name, entry := range d.packages[where].files(p.Dependencies[i]) {
			out["packages/"+p.Dependencies[i].Metadata.Name+"/"+name] = entry
		}
	}
	return out
}

// inspectMetadata applies the rules of an upload to what package.yml says.
func inspectMetadata(c content, found *faults) {
	for _, key := range mandatory {
		_ = found.add(c.fields.require(c.file, key))
	}
	m := c.pkg.Metadata
	_ = checkColumns(m, c.file, c.lines, found)
	for _, row := range []struct {
		key     string
		broken  bool
		warning bool
		problem string
	}{
		{"name", !isPackageName(m.Name), false, fmt.Sprintf("'%s' cannot be the name of a package", m.Name)},
		{"version", !isVersion(trim(m.Version)), false, fmt.Sprintf("'%s' is no semantic version, which has three numbers: 1.0.0, 1.0.0-RC1", m.Version)},
		{"kind", m.Kind != metadataKind, true, fmt.Sprintf("the kind is '%s'; it should be %s", m.Kind, metadataKind)},
		{"apiVersion", m.APIVersion == "", true, "apiVersion is empty; it should be skipper.spring.io/v1"},
	} {
		if _, there := c.fields[row.key]; there && row.broken {
			*found = append(*found, Fault{File: c.file, Line: c.lines[row.key], Problem: row.problem, Warning: row.warning})
		}
	}
}

// isPackageName tells whether packages of that name can be uploaded.
func isPackageName(name string) bool { return !leavesFolder(name) && !namesFolder(name) }

// Identify finds out which package an archive holds: it reads the metadata of the folder at the top that has a
// package.yml. Where several have one, it is the one that is called name-version. The folder is given as well, also when
// its package.yml cannot be read, which is CodeInvalid; "" when there is no such folder, or no way to tell which.
func Identify(r io.ReaderAt, size int64, limits Limits) (m purser.PackageMetadata, top string, err error) {
	limits = limits.withDefaults()
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return m, "", &purser.Error{Code: purser.CodeInvalid, Message: "The package file is not a readable zip archive", Err: err}
	}
	candidates := 0
	for _, f := range z.File {
		folder, name := path.Split(f.Name)
		if !IsMetadataFile(name) || strings.Count(folder, "/") != 1 || f.Mode().IsDir() {
			continue
		}
		candidates++
		top = strings.TrimSuffix(folder, "/")
		u := unpacker{limits: limits, left: limits.TotalBytes}
		var data []byte
		if data, err = u.read(f, min(limits.MetadataBytes, limits.EntryBytes)); err == nil {
			m, err = ReadMetadata(data, f.Name)
		}
		if err == nil && top == topFolder(m.Name, m.Version) {
			return m, top, nil
		}
	}
	switch candidates {
	case 0:
		return m, "", purser.Errorf(purser.CodeInvalid, "The package file has no folder with a package.yml")
	case 1:
		return m, top, err
	default:
		return m, "", purser.Errorf(purser.CodeInvalid, "The package file has several folders with a package.yml, none of which is called <name>-<version>")
	}
}
