package apps

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"purser"
)

// endpoint is an entry of an app, made of an application that has a port.
type endpoint struct {
	Name string `json:"name"`
	Path string `json:"path"`
	Port int    `json:"port"`
}

// augmentation is a part of an app, made of an application.
type augmentation struct {
	Name     string  `json:"name"`
	Kind     string  `json:"kind"`
	Resource *string `json:"resource"`
	Version  *string `json:"version"`
}

// snapshot is what a release keeps of its app besides what all releases have (purser.Release.Facts).
type snapshot struct {
	Endpoints     []endpoint     `json:"endpoints"`
	Augmentations []augmentation `json:"augmentations"`
	Described     bool           `json:"described,omitempty"` // a description was given, and it is empty
}

const (
	propertyPort = "server.port"
	defaultPath  = "/"
	highestPort  = 65535
)

// take makes the snapshot of the applications of a manifest (spec/setup.md). A port that is no number, such as one that
// the application is to find out itself, makes no endpoint.
func take(apps []purser.AppSpec, manifest string) snapshot {
	s := snapshot{Endpoints: []endpoint{}, Augmentations: []augmentation{}}
	paths := pathsOf(manifest)
	for _, app := range apps {
		s.Augmentations = append(s.Augmentations, augmentation{app.Name, app.Kind, orNull(app.Resource), orNull(app.Version)})
		port, err := strconv.Atoi(strings.TrimSpace(app.Properties[propertyPort]))
		if err != nil || port < 0 || port > highestPort {
			continue
		}
		path := paths[app.Name]
		if path == "" {
			path = defaultPath
		}
		s.Endpoints = append(s.Endpoints, endpoint{app.Name, path, port})
	}
	return s
}

// pathsOf gives spec.path of the applications that have one.
func pathsOf(manifest string) map[string]string {
	paths := map[string]string{}
	d := yaml.NewDecoder(strings.NewReader(manifest))
	for {
		var document struct {
			Metadata struct{ Name yaml.Node }
			Spec     struct{ Path yaml.Node }
		}
		err := d.Decode(&document)
		if errors.Is(err, io.EOF) {
			return paths
		}
		if _, odd := errors.AsType[*yaml.TypeError](err); err != nil && !odd {
			return paths // the renderer has read it, so that this does not happen
		}
		if path := document.Spec.Path; path.Kind == yaml.ScalarNode && path.Tag != "!!null" {
			paths[document.Metadata.Name.Value] = path.Value
		}
	}
}

// text gives the snapshot as it is kept.
func (s snapshot) text() (string, error) {
	text, err := json.Marshal(s)
	return string(text), err
}

// snapshotOf reads what was kept.
func snapshotOf(r purser.Release) (s snapshot, err error) {
	s = snapshot{Endpoints: []endpoint{}, Augmentations: []augmentation{}}
	if r.Facts == "" {
		return s, nil
	}
	if err := json.Unmarshal([]byte(r.Facts), &s); err != nil {
		return s, purser.Errorf(purser.CodeInternal, "the facts of %s cannot be read: %w", r.Label(), err)
	}
	return s, nil
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
