package packages

import (
	"archive/zip"
	"cmp"
	"maps"
	"slices"
	"strings"

	"purser"
)

// folder is one package of an archive, with the entries that count and nothing else (spec/packages.md §1.2).
type folder struct {
	path      string // in the archive, for messages
	metadata  *zip.File
	values    *zip.File
	manifests []named
	templates []named
	packages  map[string]*folder // by the path of the folder
}

// named is an entry with its name in its folder.
type named struct {
	name string
	file *zip.File
}

// layOut sorts the entries below the top folder into packages. Entries come in the order of their names, so that of
// several files for one purpose (values.yaml, values.yml) it is always the same one that counts: the last.
func layOut(entries []entry, top string, limits Limits) (*folder, error) {
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.path, b.path) })
	root, found := &folder{path: top}, false
	for _, e := range entries {
		rest, below := strings.CutPrefix(e.path, top+"/")
		if below {
			if err := root.place(strings.Split(rest, "/"), e, limits, 0); err != nil {
				return nil, err
			}
		}
		found = found || below || (e.folder && e.path == top)
	}
	if !found {
		return nil, purser.Errorf(purser.CodeInvalid, "Package is expected to be unpacked, but it doesn't exist: the package file has no folder %q", top)
	}
	return root, nil
}

// place puts an entry where it counts, or leaves it out. depth is how many packages are around this one.
func (d *folder) place(path []string, e entry, limits Limits, depth int) error {
	name := path[0]
	switch {
	case len(path) == 1 && !e.folder:
		d.placeFile(name, e.file)
	case len(path) == 2 && !e.folder && name == "templates" && isTemplate(path[1]):
		d.templates = append(d.templates, named{name: path[1], file: e.file})
	case len(path) > 1 && strings.EqualFold(name, "packages") && (len(path) > 2 || e.folder):
		if depth == limits.Depth {
			return purser.Errorf(purser.CodeTooLarge, "The entry %q of the package file is too deep: packages may be nested %d levels deep", e.file.Name, limits.Depth)
		}
		return d.placeNested(path, e, limits, depth+1)
	}
	return nil
}

func (d *folder) placeFile(name string, f *zip.File) {
	switch {
	case strings.EqualFold(name, "package.yml"), strings.EqualFold(name, "package.yaml"):
		d.metadata = f
	case strings.EqualFold(name, "values.yml"), strings.EqualFold(name, "values.yaml"):
		d.values = f
	case strings.HasSuffix(name, "manifest.yml"), strings.HasSuffix(name, "manifest.yaml"):
		d.manifests = append(d.manifests, named{name: name, file: f})
	}
}

func (d *folder) placeNested(path []string, e entry, limits Limits, depth int) error {
	where := d.path + "/" + path[0] + "/" + path[1]
	child, ok := d.packages[where]
	if !ok {
		child = &folder{path: where}
		if d.packages == nil {
			d.packages = map[string]*folder{}
		}
		d.packages[where] = child
	}
	if len(path) == 2 {
		return nil
	}
	return child.place(path[2:], e, limits, depth)
}

// isTemplate tells whether a file of the folder "templates" is one; the ending needs no dot.
func isTemplate(name string) bool {
	return !strings.HasPrefix(name, ".") && (strings.HasSuffix(name, "yml") || strings.HasSuffix(name, "yaml"))
}

// content is a package as it was read, with the keys that its package.yml really has.
type content struct {
	pkg    purser.Package
	fields fields
	file   string // the name of package.yml in the archive
	bytes  int64  // of everything kept
}

// unpack reads a package and those within it.
func (u *unpacker) unpack(d *folder) (content, error) {
	if d.metadata == nil {
		return content{}, purser.Errorf(purser.CodeInvalid, "The package file has no %q", d.path+"/package.yml")
	}
	before := u.left
	c := content{file: d.metadata.Name}
	data, err := u.read(d.metadata, min(u.limits.MetadataBytes, u.limits.EntryBytes))
	if err != nil {
		return content{}, err
	}
	if c.fields, err = parseMetadata(data, c.file); err != nil {
		return content{}, err
	}
	c.pkg.Metadata = c.fields.metadata()
	if err := u.unpackFiles(d, &c.pkg); err != nil {
		return content{}, err
	}
	for _, where := range slices.Sorted(maps.Keys(d.packages)) {
		child, err := u.unpack(d.packages[where])
		if err != nil {
			return content{}, err
		}
		if err := child.fields.require(child.file, "name"); err != nil { // values and manifests refer to it
			return content{}, err
		}
		c.pkg.Dependencies = append(c.pkg.Dependencies, child.pkg)
	}
	c.bytes = before - u.left
	return c, nil
}

func (u *unpacker) unpackFiles(d *folder, pkg *purser.Package) error {
	if d.values != nil {
		data, err := u.read(d.values, u.limits.EntryBytes)
		if err != nil {
			return err
		}
		text := decodeText(data)
		pkg.Values = &text
	}
	for _, f := range d.templates {
		data, err := u.read(f.file, u.limits.EntryBytes)
		if err != nil {
			return err
		}
		pkg.Templates = append(pkg.Templates, purser.Template{Name: f.name, Text: decodeText(data)})
	}
	for _, f := range d.manifests {
		data, err := u.read(f.file, u.limits.EntryBytes)
		if err != nil {
			return err
		}
		pkg.Files = append(pkg.Files, purser.File{Name: f.name, Bytes: data})
	}
	return nil
}

// decodeText reads UTF-8; what is none becomes replacement characters, as in the reference.
func decodeText(data []byte) string { return strings.ToValidUTF8(string(data), "\uFFFD") }
