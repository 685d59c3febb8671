package deployer

import (
	"context"
	"encoding/xml"
	"net/url"
	"os"
	"strings"

	"purser"
)

// The limits of the small files of a repository.
const (
	maxMetadata = 1 << 20
	maxChecksum = 4 << 10
)

// snapshotMetadata is what maven-metadata.xml says of a snapshot.
type snapshotMetadata struct {
	Timestamp   string           `xml:"versioning>snapshot>timestamp"`
	BuildNumber string           `xml:"versioning>snapshot>buildNumber"`
	Files       []snapshotedFile `xml:"versioning>snapshotVersions>snapshotVersion"`
}

type snapshotedFile struct {
	Classifier string `xml:"classifier"`
	Extension  string `xml:"extension"`
	Version    string `xml:"value"`
}

// resolveSnapshot gives the version that the newest file of a snapshot carries in its name. CodeNotFound when the
// remote has no metadata of it.
func (r *Resources) resolveSnapshot(ctx context.Context, remote Remote, c Coordinates) (string, error) {
	location, err := url.JoinPath(remote.URL, c.folder(), "maven-metadata.xml")
	if err != nil {
		return "", purser.Errorf(purser.CodeInvalid, "Maven repository '%s' has no valid URL", remote.Name)
	}
	text, err := r.fetchMetadata(ctx, remote, location)
	if err != nil {
		return "", err
	}
	version, ok := parseMetadata(text, c)
	if !ok {
		return "", purser.Errorf(purser.CodePlatform, "%s is no Maven metadata of a snapshot", Redact(location))
	}
	return version, nil
}

// parseMetadata gives the version that metadata say. It becomes part of a file's name, so it is as plain as coordinates.
func parseMetadata(text []byte, c Coordinates) (string, bool) {
	var metadata snapshotMetadata
	if err := xml.Unmarshal(text, &metadata); err != nil {
		return "", false
	}
	version := metadata.version(c)
	return version, plainPart(version)
}

// version picks the version of the artifact's file.
func (m snapshotMetadata) version(c Coordinates) string {
	for _, file := range m.Files {
		if file.Extension == c.Extension && file.Classifier == c.Classifier && file.Version != "" {
			return file.Version
		}
	}
	if m.Timestamp != "" && m.BuildNumber != "" {
		return strings.TrimSuffix(c.Version, snapshotSuffix) + "-" + m.Timestamp + "-" + m.BuildNumber
	}
	return c.Version
}

// fetchMetadata gives the metadata of a snapshot, as old as the remote's policy allows.
func (r *Resources) fetchMetadata(ctx context.Context, remote Remote, location string) ([]byte, error) {
	known, path, ok := r.cache.find(location)
	if !ok || (!r.options.Offline && !r.fresh(known, remote.Snapshots)) {
		if r.options.Offline {
			return nil, purser.Errorf(purser.CodeNotFound, "%s is not in the cache", Redact(location))
		}
		q := r.mavenRequest(remote, location)
		q.maxBytes, q.dated = maxMetadata, true
		var err error
		if path, err = r.download(ctx, q); err != nil {
			return nil, err
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, cacheError(err)
	}
	return text, nil
}

// fetchChecksum gives the checksum that a remote has of a file, length digits in lower-case hex. The file is the bare
// checksum, or one with a file name as checksum tools write it.
func (r *Resources) fetchChecksum(ctx context.Context, remote Remote, location string, length int) (string, error) {
	text, err := r.readSmall(ctx, r.mavenRequest(remote, location), maxChecksum)
	if err != nil {
		return "", err
	}
	sum, ok := parseChecksum(text, length)
	if !ok {
		return "", purser.Errorf(purser.CodePlatform, "%s holds no checksum", Redact(location))
	}
	return sum, nil
}

// parseChecksum finds the first word of so many hex digits.
func parseChecksum(text string, length int) (string, bool) {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if len(word) == length && strings.Trim(word, "0123456789abcdef") == "" {
			return word, true
		}
	}
	return "", false
}
