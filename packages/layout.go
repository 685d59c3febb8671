package packages

import (
	"archive/zip"
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"purser"
)

// folder is one package of an archive, with the entries that count and nothing else (spec/packages.md §1.2).
type folder struct {
	path      string // in the archive, for messages
	metadata  *zip.File
	values    *zip.File
	readme    *zip.File // for people; nothing reads it but Details
	manifests []named
	templates []named
	packages  map[string]*folder // by the path of the folder
	found     *faults
}

// named is an entry with its name in its folder.
type named struct {
	name string
	file *zip.File
}

// layOut sorts the entries below the top folder into packages. Entries come in the order of their names, so that of
// several files for one purpose (values.yaml, values.yml) it is always the same one that counts: the last.
func layOut(entries []entry, top string, limits Limits, notes *faults) (*folder, error) {
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.path, b.path) })
	root, found := &folder{path: top, found: notes}, false
	for _, e := range entries {
		rest, below := strings.CutPrefix(e.path, top+"/")
		if below {
			if err := notes.add(root.place(strings.Split(rest, "/"), e, limits, 0)); err != nil {
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
			return tooLarge(e.file, "is too deep: packages may be nested %d levels deep", limits.Depth)
		}
		return d.placeNested(path, e, limits, depth+1)
	case !e.folder:
		d.pass(path, e.file)
	}
	return nil
}

// pass notes a file that is left out although somebody may think that it counts.
func (d *folder) pass(path []string, f *zip.File) {
	name := path[len(path)-1]
	switch ending := strings.ToLower(name); {
	case strings.HasPrefix(name, "."):
	case strings.EqualFold(path[0], "packages"):
		d.found.warn(f.Name, 0, "the file is not read: each package inside of a package has a folder")
	case strings.HasSuffix(ending, ".yml"), strings.HasSuffix(ending, ".yaml"):
		d.found.warn(f.Name, 0, "the file is not read: templates stand in the folder 'templates' itself and end in yml or yaml, in lower case")
	}
}

// IsMetadataFile tells whether a file of that name, in the folder of a package, has its metadata.
func IsMetadataFile(name string) bool {
	return strings.EqualFold(name, "package.yml") || strings.EqualFold(name, "package.yaml")
}

func (d *folder) placeFile(name string, f *zip.File) {
	switch {
	case IsMetadataFile(name):
		d.replaced(d.metadata, f)
		d.metadata = f
	case strings.EqualFold(name, "values.yml"), strings.EqualFold(name, "values.yaml"):
		d.replaced(d.values, f)
		d.values = f
	case strings.HasSuffix(name, "manifest.yml"), strings.HasSuffix(name, "manifest.yaml"):
		d.manifests = append(d.manifests, named{name: name, file: f})
	case isReadme(name) && (d.readme == nil || isMarkdown(name)):
		d.readme = f
	default:
		d.pass([]string{name}, f)
	}
}

// replaced notes a file that another one takes the place of.
func (d *folder) replaced(before, by *zip.File) {
	if before != nil {
		d.found.warn(before.Name, 0, "the file is not read: %s takes its place", path.Base(by.Name))
	}
}

func (d *folder) placeNested(path []string, e entry, limits Limits, depth int) error {
	where := d.path + "/" + path[0] + "/" + path[1]
	child, ok := d.packages[where]
	if !ok {
		child = &folder{path: where, found: d.found}
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
	lines  map[string]int // of the keys of package.yml
	file   string         // the name of package.yml in the archive
	bytes  int64          // of everything kept
}

// unpack reads a package and those within it.
func (u *unpacker) unpack(d *folder) (content, error) {
	before := u.left
	c := content{file: d.path + "/package.yml"}
	if err := u.found.add(u.unpackMetadata(d, &c)); err != nil {
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
		if child.fields != nil { // or else it is refused already
			if err := u.found.add(child.fields.require(child.file, "name")); err != nil { // values and manifests refer to it
				return content{}, err
			}
		}
		c.pkg.Dependencies = append(c.pkg.Dependencies, child.pkg)
	}
	c.bytes = before - u.left
	return c, nil
}

func (u *unpacker) unpackMetadata(d *folder, c *content) error {
	if d.metadata == nil {
		return placeFault(c.file, 0, "the file is missing", fmt.Sprintf("The package file has no %q", c.file))
	}
	c.file = d.metadata.Name
	data, err := u.read(d.metadata, min(u.limits.MetadataBytes, u.limits.EntryBytes))
	if err != nil {
		return err
	}
	c.fields, c.lines, err = parseMetadata(data, c.file, u.found)
	return err
}

func (u *unpacker) unpackFiles(d *folder, pkg *purser.Package) error {
	if d.values != nil {
		data, err := u.read(d.values, u.limits.EntryBytes)
		if err := u.found.add(err); err != nil {
			return err
		}
		text := decodeText(data)
		pkg.Values = &text
	}
	for _, f := range d.templates {
		data, err := u.read(f.file, u.limits.EntryBytes)
		if err := u.found.add(err); err != nil {
			return err
		}
		pkg.Templates = append(pkg.Templates, purser.Template{Name: f.name, Text: decodeText(data)})
	}
	for _, f := range d.manifests {
		data, err := u.read(f.file, u.limits.EntryBytes)
		if err := u.found.add(err); err != nil {
			return err
		}
		pkg.Files = append(pkg.Files, purser.File{Name: f.name, Bytes: data})
	}
	return nil
}

// decodeText reads UTF-8; what is none becomes replacement characters, as in the reference.
func decodeText(data []byte) string { return strings.ToValidUTF8(string(data), "\uFFFD") }
