package deployer

import (
	"path"
	"regexp"
	"strings"

	"purser"
)

// Coordinates name an artifact of a Maven repository.
type Coordinates struct {
	Group      string
	Artifact   string
	Extension  string // "jar" when not given
	Classifier string // "" for none
	Version    string
}

// coordinateParts is the form of coordinates; the letters of each part are checked by plainPart.
var coordinateParts = regexp.MustCompile(`^([^: ]+):([^: ]+)(?::([^: ]*)(?::([^: ]+))?)?:([^: ]+)$`)

// ParseCoordinates reads <groupId>:<artifactId>[:<extension>[:<classifier>]]:<version> (spec/deployers.md §2.10).
// Parts become folders and file names, so one that could lead elsewhere is refused. CodeInvalid.
func ParseCoordinates(text string) (Coordinates, error) {
	parts := coordinateParts.FindStringSubmatch(text)
	if parts == nil {
		return Coordinates{}, badCoordinates(text)
	}
	c := Coordinates{Group: parts[1], Artifact: parts[2], Extension: parts[3], Classifier: parts[4], Version: parts[5]}
	if c.Extension == "" {
		c.Extension = "jar"
	}
	for folder := range strings.SplitSeq(c.Group, ".") {
		if !plainPart(folder) {
			return Coordinates{}, badCoordinates(text)
		}
	}
	for _, part := range []string{c.Artifact, c.Extension, c.Version} {
		if !plainPart(part) {
			return Coordinates{}, badCoordinates(text)
		}
	}
	if c.Classifier != "" && !plainPart(c.Classifier) {
		return Coordinates{}, badCoordinates(text)
	}
	return c, nil
}

func badCoordinates(text string) error {
	return purser.Errorf(purser.CodeInvalid,
		"Bad artifact coordinates %s, expected format is <groupId>:<artifactId>[:<extension>[:<classifier>]]:<version>", text)
}

// plainPart tells whether a text is a harmless name: letters, digits and _ . + ~ -, and more than dots.
func plainPart(part string) bool {
	if strings.Trim(part, ".") == "" {
		return false
	}
	for _, c := range []byte(part) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case strings.IndexByte("_.+~-", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// String gives the coordinates in full.
func (c Coordinates) String() string {
	parts := []string{c.Group, c.Artifact, c.Extension}
	if c.Classifier != "" {
		parts = append(parts, c.Classifier)
	}
	return strings.Join(append(parts, c.Version), ":")
}

// Snapshot tells whether the version moves.
func (c Coordinates) Snapshot() bool { return strings.HasSuffix(c.Version, snapshotSuffix) }

const snapshotSuffix = "-SNAPSHOT"

// folder gives the artifact's folder in a repository, with slashes.
func (c Coordinates) folder() string {
	return path.Join(strings.ReplaceAll(c.Group, ".", "/"), c.Artifact, c.Version)
}

// file gives the name of the artifact's file, for a snapshot with the version that its metadata resolve to.
func (c Coordinates) file(version string) string {
	name := c.Artifact + "-" + version
	if c.Classifier != "" {
		name += "-" + c.Classifier
	}
	return name + "." + c.Extension
}
