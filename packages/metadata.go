package packages

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
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

// parseMetadata reads a package.yml. Any tag of the root is accepted: Data Flow's writer gives the class there.
func parseMetadata(data []byte, file string) (fields, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	root, err := nextDocument(decoder)
	if errors.Is(err, io.EOF) {
		return nil, purser.Errorf(purser.CodeInvalid, "%s is empty", file)
	}
	if err != nil {
		return nil, brokenYAML(file, err)
	}
	if _, err := nextDocument(decoder); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, brokenYAML(file, err)
		}
		return nil, purser.Errorf(purser.CodeInvalid, "%s has more than one YAML document", file)
	}
	if isNull(root) {
		return nil, purser.Errorf(purser.CodeInvalid, "%s is empty", file)
	}
	if root.Kind != yaml.MappingNode {
		return nil, purser.Errorf(purser.CodeInvalid, "%s line %d: a map of keys and texts was expected", file, root.Line)
	}
	out := fields{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := resolve(root.Content[i]), resolve(root.Content[i+1])
		if key.Kind != yaml.ScalarNode || value.Kind != yaml.ScalarNode {
			return nil, purser.Errorf(purser.CodeInvalid, "Unable to Parse yaml to PackageMetadata type: %s line %d: the value of '%s' is not a text",
				file, root.Content[i].Line, key.Value)
		}
		out[key.Value] = value.Value
	}
	return out, nil
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

func brokenYAML(file string, err error) *purser.Error {
	return purser.Errorf(purser.CodeInvalid, "%s is no YAML: %v", file, err)
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
			return purser.Errorf(purser.CodeInvalid, "%s has no '%s'", file, k)
		}
	}
	return nil
}

// checkLengths refuses texts that are longer than their column. where says what they belong to, for the message.
func checkLengths(m purser.PackageMetadata, where string) error {
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
			return purser.Errorf(purser.CodeInvalid, "'%s' of %s has %d characters, the limit is %d", column.name, where, length, columnLength)
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
