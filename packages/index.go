package packages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/sync/errgroup"
	"gopkg.in/yaml.v3"

	"purser"
)

const (
	indexFile    = "index.yml"
	indexReaders = 4   // repositories asked at the same moment
	indexBatch   = 500 // packages stored in one transaction, so that other writers need not wait for all of an index
)

// SyncIndexes reads the index of each remote repository and stores the packages that are new (spec/packages.md §6.2). A
// repository that fails is logged and left out. It returns an error when the store fails or ctx ends.
func (s *Service) SyncIndexes(ctx context.Context) error {
	repositories, _, err := s.store.FindRepositories(ctx, purser.RepositoryFilter{})
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(indexReaders)
	for _, r := range repositories {
		if r.Local {
			continue
		}
		g.Go(func() error {
			if err := s.syncIndex(ctx, r); err != nil {
				s.log.WarnContext(ctx, "index of package repository not read", "repository", r.Name, "error", err)
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}

// syncIndex reads the index of one repository, unless it is what it was.
func (s *Service) syncIndex(ctx context.Context, r purser.Repository) error {
	s.mu.Lock()
	known := s.indexes[r.ID]
	s.mu.Unlock()
	data, now, err := s.source.read(ctx, r, s.limits.IndexBytes, known, indexFile)
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return failure(err, fmt.Sprintf("Could not read %s of package repository %s", indexFile, r.Name))
	}
	listed, ignored := parseIndex(data, s.limits)
	if len(ignored) > 0 {
		s.log.WarnContext(ctx, "entries of index ignored", "repository", r.Name, "count", len(ignored), "first", ignored[0])
	}
	added, err := s.storeIndex(ctx, r, listed)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.indexes[r.ID] = now
	s.mu.Unlock()
	s.log.InfoContext(ctx, "index of package repository read", "repository", r.Name, "packages", len(listed), "new", added)
	return nil
}

// parseIndex reads an index, and tells of each entry that is left out why.
func parseIndex(data []byte, limits Limits) (listed []purser.PackageMetadata, ignored []error) {
	line := 1
	for document := range documents(data) {
		if len(listed)+len(ignored) >= limits.IndexEntries {
			return listed, append(ignored, purser.Errorf(purser.CodeTooLarge, "%s line %d: more than %d documents", indexFile, line, limits.IndexEntries))
		}
		where := fmt.Sprintf("%s, document in line %d", indexFile, line)
		m, err := indexedPackage(document, where, limits)
		switch {
		case err != nil:
			ignored = append(ignored, err)
		case m != nil:
			listed = append(listed, *m)
		}
		line += bytes.Count(document, []byte("\n"))
	}
	return listed, ignored
}

// documents cuts a YAML stream before each line that starts a document: nothing else can begin with "---" in the first
// column. One by one they need little memory, and a broken one does not take the others with it.
func documents(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		start := 0
		for at := 0; at < len(data); {
			if at > start && isDocumentStart(data[at:]) {
				if !yield(data[start:at]) {
					return
				}
				start = at
			}
			next := bytes.IndexByte(data[at:], '\n')
			if next < 0 {
				break
			}
			at += next + 1
		}
		yield(data[start:])
	}
}

func isDocumentStart(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("---"))
	return ok && (len(rest) == 0 || strings.IndexByte(" \t\r\n", rest[0]) >= 0)
}

// indexedPackage reads one document of an index, nil for an empty one. Other than in a package.yml, null is no text here
// and values of unknown keys may be anything.
func indexedPackage(document []byte, where string, limits Limits) (*purser.PackageMetadata, error) {
	if int64(len(document)) > limits.MetadataBytes {
		return nil, purser.Errorf(purser.CodeTooLarge, "%s: more than %d bytes", where, limits.MetadataBytes)
	}
	if bytes.HasPrefix(document, []byte("%")) { // directives, before the first document
		return nil, nil
	}
	root, err := nextDocument(yaml.NewDecoder(bytes.NewReader(document)))
	switch {
	case errors.Is(err, io.EOF), err == nil && isNull(root):
		return nil, nil
	case err != nil:
		return nil, brokenYAML(where, err)
	case root.Kind != yaml.MappingNode:
		return nil, purser.Errorf(purser.CodeInvalid, "%s: a map of keys and texts was expected", where)
	}
	f := fields{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := resolve(root.Content[i]), resolve(root.Content[i+1])
		switch {
		case value.Kind != yaml.ScalarNode && isMetadataKey(key.Value):
			return nil, purser.Errorf(purser.CodeInvalid, "%s: the value of '%s' is not a text", where, key.Value)
		case value.Kind == yaml.ScalarNode && !isNull(value):
			f[key.Value] = value.Value
		}
	}
	if err := f.require(where, mandatory...); err != nil {
		return nil, err
	}
	m := f.metadata()
	m.RepositoryID, m.RepositoryName = 0, ""
	if !isFileName(m.Name) || !isFileName(m.Version) {
		return nil, purser.Errorf(purser.CodeInvalid, "%s: package %q, version %q has a name or version that is no file name", where, m.Name, m.Version)
	}
	if err := checkLengths(m, where); err != nil {
		return nil, err
	}
	return &m, nil
}

// isMetadataKey tells whether a key means something in an index.
func isMetadataKey(key string) bool {
	switch key {
	case "apiVersion", "origin", "kind", "name", "displayName", "version", "packageSourceUrl", "packageHomeUrl", "tags",
		"maintainer", "description", "sha256", "iconUrl":
		return true
	}
	return false
}

// edition tells versions of packages apart within a repository.
type edition struct{ name, version string }

// storeIndex stores what the repository has not been known to have, and tells how much that was.
func (s *Service) storeIndex(ctx context.Context, r purser.Repository, listed []purser.PackageMetadata) (int, error) {
	stored, _, err := s.store.FindPackages(ctx, purser.PackageFilter{RepositoryID: r.ID})
	if err != nil {
		return 0, err
	}
	known := make(map[edition]bool, len(stored))
	for _, m := range stored {
		known[edition{m.Name, m.Version}] = true
	}
	var fresh []purser.PackageMetadata
	for _, m := range listed {
		if k := (edition{m.Name, m.Version}); !known[k] {
			known[k] = true
			m.RepositoryID, m.RepositoryName = r.ID, r.Name
			fresh = append(fresh, m)
		}
	}
	for start := 0; start < len(fresh); start += indexBatch {
		batch := fresh[start:min(start+indexBatch, len(fresh))]
		for i, now := 0, s.clock.Now(); i < len(batch); i++ {
			batch[i].CreatedAt = now
		}
		if err := s.store.Update(ctx, func(tx purser.Tx) error { return createAll(ctx, tx, batch) }); err != nil {
			return start, err
		}
	}
	return len(fresh), nil
}

// createAll stores metadata without archives.
func createAll(ctx context.Context, tx purser.Tx, batch []purser.PackageMetadata) error {
	for i := range batch {
		if err := tx.CreatePackage(ctx, &batch[i], nil); err != nil {
			return err
		}
	}
	return nil
}
