package packages

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"purser"
)

// fields are the scalar texts of a package.yml or of one document of an index, as they are written
// (spec/packages.md §1.3): `version: 1.0` is "1.0", `null` is "null", an empty value is "", an absent key is absent.
type fields map[string]string

// columnLength is how many characters the shorter texts may have (spec/rest.md §8).
const columnLength = 255

// mandatory are the keys without which a package cannot be stored.
var mandatory = []string{"apiVersion", "kind", "name", "version"}

// parseMetadata reads a package.yml, and tells the line of each key. Any tag of the root is accepted: Data Flow's writer
// gives the class there.
func parseMetadata(data []byte, file string, found *faults) (fields, map[string]int, error) {
	root, err := onlyDocument(data, file)
	if err != nil {
		return nil, nil, err
	}
	out, lines := fields{}, map[string]int{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value, line := resolve(root.Content[i]), resolve(root.Content[i+1]), root.Content[i].Line
		if key.Kind != yaml.ScalarNode || value.Kind != yaml.ScalarNode {
			problem := fmt.Sprintf("the value of '%s' is not a text", key.Value)
			err := placeFault(file, line, problem, fmt.Sprintf("Unable to Parse yaml to PackageMetadata type: %s line %d: %s", file, line, problem))
			if err := found.add(err); err != nil {
				return nil, nil, err
			}
			continue
		}
		noteKey(found, file, line, key.Value, lines[key.Value])
		if isNull(value) && value.Value != "" && !isClass(root) {
			found.warn(file, line, "the value of '%s' is the text '%s'; leave the key out for no value", key.Value, value.Value)
		}
		out[key.Value], lines[key.Value] = value.Value, line
	}
	return out, lines, nil
}

// isClass tells whether a document has the tag of a Java class. Programs write such documents, with every field there is.
func isClass(root *yaml.Node) bool { return strings.Contains(root.Tag, ".") }

// noteKey notes a key that means nothing, and one that is there already.
func noteKey(found *faults, file string, line int, key string, before int) {
	switch {
	case before > 0:
		found.warn(file, line, "'%s' stands in line %d already; the last one counts", key, before)
	case !isMetadataKey(key) && !slices.Contains(storedKeys, key):
		found.warn(file, line, "the key '%s' means nothing here", key)
	}
}

// storedKeys are keys that the reference's own writer has besides the ones that count.
var storedKeys = []string{"id", "packageFile", "repositoryId", "repositoryName"}

// onlyDocument gives the map that a package.yml must be.
func onlyDocument(data []byte, file string) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	root, err := nextDocument(decoder)
	if errors.Is(err, io.EOF) {
		return nil, emptyYAML(file)
	}
	if err != nil {
		return nil, brokenYAML(file, err)
	}
	if _, err := nextDocument(decoder); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, brokenYAML(file, err)
		}
		return nil, placeFault(file, 0, "the file has more than one YAML document", file+" has more than one YAML document")
	}
	if isNull(root) {
		return nil, emptyYAML(file)
	}
	if root.Kind != yaml.MappingNode {
		const problem = "a map of keys and texts was expected"
		return nil, placeFault(file, root.Line, problem, fmt.Sprintf("%s line %d: %s", file, root.Line, problem))
	}
	return root, nil
}

// ReadMetadata reads the bytes of a package.yml. file is what messages call it. CodeInvalid, also without name or version.
func ReadMetadata(data []byte, file string) (purser.PackageMetadata, error) {
	f, _, err := parseMetadata(data, file, nil)
	if err != nil {
		return purser.PackageMetadata{}, err
	}
	return f.metadata(), f.require(file, "name", "version")
}

// nextDocument gives the root of the next YAML document; io.EOF after the last. A panic of the parser becomes an error:
// the bytes are foreign, and some callers run where nobody else would catch it.
func nextDocument(decoder *yaml.Decoder) (root *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			root, err = nil, fmt.Errorf("yaml: %v", p)
		}
	}()
	var doc yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}, nil
	}
	return resolve(doc.Content[0]), nil
}

// isNull tells whether a value is null or nothing, in plain text.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// resolve follows an alias to what it stands for.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func brokenYAML(file string, err error) *placed {
	problem, line := err.Error(), 0
	if _, scan := fmt.Sscanf(problem, "yaml: line %d:", &line); scan == nil {
		_, problem, _ = strings.Cut(strings.TrimPrefix(problem, "yaml: "), ": ")
	}
	return placeFault(file, line, "the file is no YAML: "+problem, fmt.Sprintf("%s is no YAML: %v", file, err))
}

func emptyYAML(file string) *placed {
	return placeFault(file, 0, "the file is empty", file+" is empty")
}

// metadata gives the fields in the vocabulary's type.
func (f fields) metadata() purser.PackageMetadata {
	id, err := strconv.ParseInt(f["repositoryId"], 10, 64)
	if err != nil {
		id = 0
	}
	return purser.PackageMetadata{
		APIVersion:       f["apiVersion"],
		Kind:             f["kind"],
		Name:             f["name"],
		Version:          f["version"],
		RepositoryID:     id,
		RepositoryName:   f["repositoryName"],
		Origin:           f.text("origin"),
		DisplayName:      f.text("displayName"),
		PackageSourceURL: f.text("packageSourceUrl"),
		PackageHomeURL:   f.text("packageHomeUrl"),
		Tags:             f.text("tags"),
		Maintainer:       f.text("maintainer"),
		Description:      f.text("description"),
		SHA256:           f.text("sha256"),
		IconURL:          f.text("iconUrl"),
	}
}

// text is nil for an absent key.
func (f fields) text(key string) *string {
	if v, ok := f[key]; ok {
		return &v
	}
	return nil
}

// require refuses a file without one of the keys; empty values pass (spec/rest.md §5.1).
func (f fields) require(file string, keys ...string) error {
	for _, k := range keys {
		if _, ok := f[k]; !ok {
			return placeFault(file, 0, fmt.Sprintf("the key '%s' is missing", k), fmt.Sprintf("%s has no '%s'", file, k))
		}
	}
	return nil
}

// checkLengths refuses texts that are longer than their column. where says what they belong to, for the message.
func checkLengths(m purser.PackageMetadata, where string) error {
	return checkColumns(m, where, nil, nil)
}

func checkColumns(m purser.PackageMetadata, where string, lines map[string]int, found *faults) error {
	for _, column := range []struct {
		name string
		text *string
	}{
		{"apiVersion", &m.APIVersion},
		{"origin", m.Origin},
		{"repositoryName", &m.RepositoryName},
		{"kind", &m.Kind},
		{"name", &m.Name},
		{"displayName", m.DisplayName},
		{"version", &m.Version},
		{"maintainer", m.Maintainer},
		{"sha256", m.SHA256},
	} {
		if length := utf8.RuneCountInString(text(column.text)); length > columnLength {
			what := fmt.Sprintf("has %d characters, the limit is %d", length, columnLength)
			err := placeFault(where, lines[column.name], fmt.Sprintf("'%s' %s", column.name, what), fmt.Sprintf("'%s' of %s %s", column.name, where, what))
			if err := found.add(err); err != nil {
				return err
			}
		}
	}
	return nil
}

// text gives a text, "" for none.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}
