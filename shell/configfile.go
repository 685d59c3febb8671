package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"gopkg.in/yaml.v3"
)

// parseConfig reads YAML settings; maps and dotted names mean the same. A setting of the client that is not known is an
// error with its line, others are left alone: the file may be shared with other programs.
func parseConfig(text []byte) (map[string]string, error) {
	values := map[string]string{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		if len(document.Content) == 0 {
			continue
		}
		if err := flattenConfig(values, "", document.Content[0]); err != nil {
			return nil, err
		}
	}
}

func flattenConfig(values map[string]string, name string, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			inner := strings.TrimPrefix(name+"."+n.Content[i].Value, ".")
			if err := flattenConfig(values, inner, n.Content[i+1]); err != nil {
				return err
			}
		}
		return nil
	case yaml.SequenceNode:
		var pieces []string
		for _, c := range n.Content {
			pieces = append(pieces, c.Value)
		}
		values[canonical(name)] = strings.Join(pieces, ",")
		return nil
	case yaml.ScalarNode:
		if name == "" {
			if n.Tag == "!!null" {
				return nil
			}
			return fmt.Errorf("line %d: these are no settings", n.Line)
		}
		if strings.HasPrefix(canonical(name), canonical(clientPrefix)) && !known(name) {
			return fmt.Errorf("line %d: unknown setting '%s'; known are %s", n.Line, name, knownNames())
		}
		if n.Tag != "!!null" {
			values[canonical(name)] = n.Value
		}
		return nil
	}
	return fmt.Errorf("line %d: '%s' has no plain value", n.Line, name)
}

// saveConfig writes the target to a configuration file that only its owner may read, in place of what it said before; the
// other settings of the file stay.
func saveConfig(name string, t Target) error {
	if name == "" {
		return errors.New("there is no folder for settings: neither XDG_CONFIG_HOME nor HOME is set")
	}
	kept, err := otherSettings(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	client := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key, value, tag string) {
		if value != "" && value != "false" {
			client.Content = append(client.Content,
				&yaml.Node{Kind: yaml.ScalarNode, Value: clientPrefix + key}, &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value})
		}
	}
	add("server-uri", t.URI, "!!str")
	add("username", t.Username, "!!str")
	add("password", t.Password, "!!str")
	add("skip-ssl-validation", fmt.Sprint(t.SkipSSLValidation), "!!bool")
	add("credentials-provider-command", t.CredentialsProviderCommand, "!!str")
	client.Content = append(client.Content, kept...)
	text, err := yaml.Marshal(client)
	if err != nil {
		return err
	}
	return renameio.WriteFile(name, text, 0o600)
}

// otherSettings gives keys and values of a file, without those of the client.
func otherSettings(name string) ([]*yaml.Node, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, unreadable(name, err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(document.Content) == 0 || document.Content[0].Kind != yaml.MappingNode {
		return nil, nil
	}
	return withoutClient("", document.Content[0]).Content, nil
}

func withoutClient(name string, n *yaml.Node) *yaml.Node {
	kept := *n
	kept.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		inner := strings.TrimPrefix(name+"."+key.Value, ".")
		if strings.HasPrefix(canonical(inner), canonical(clientPrefix)) {
			continue
		}
		if value.Kind == yaml.MappingNode {
			if value = withoutClient(inner, value); len(value.Content) == 0 {
				continue
			}
		}
		kept.Content = append(kept.Content, key, value)
	}
	return &kept
}
