package authoring

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"purser"
	"purser/packages"
)

// Source is a package on disk: a folder, or a zip file.
type Source struct {
	Name    string // as in its package.yml
	Version string
	path    string
	top     string // the folder inside of the archive
	files   []string
	folder  bool
}

// Open looks at the package at a path: a folder that has a package.yml, or a zip file as it is uploaded. Name and version
// are those of package.yml, whatever the folder or the file is called. CodeNotFound when nothing is there, CodeInvalid when
// it is no package.
func Open(path string) (*Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.IsDir() {
		return openZip(path)
	}
	s := &Source{path: path, folder: true}
	if err := s.identify(); err != nil {
		return nil, err
	}
	s.top = s.Name + "-" + s.Version
	var refused []string
	if s.files, refused, err = list(path, s.Name); err != nil {
		return nil, err
	}
	if len(refused) > 0 {
		return nil, purser.Errorf(purser.CodeInvalid, "%s: %s", filepath.Join(path, refused[0]), notPackable)
	}
	return s, nil
}

// identify reads package.yml of a folder.
func (s *Source) identify() error {
	file, err := metadataFile(s.path)
	if err != nil {
		return err
	}
	m, err := readMetadata(file)
	if err != nil {
		return err
	}
	s.Name, s.Version = m.Name, m.Version
	return nil
}

// metadataFile gives the path of package.yml in a folder.
func metadataFile(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", unreadable(dir, err)
	}
	name := ""
	for _, e := range entries {
		if !e.IsDir() && packages.IsMetadataFile(e.Name()) {
			name = e.Name() // of several the last counts, as in an archive
		}
	}
	if name == "" {
		return "", purser.Errorf(purser.CodeInvalid, "%s has no package.yml", dir)
	}
	return filepath.Join(dir, name), nil
}

// readMetadata gives what can be read of a package.yml, besides the error.
func readMetadata(file string) (purser.PackageMetadata, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return purser.PackageMetadata{}, unreadable(file, err)
	}
	return packages.ReadMetadata(data, file)
}

func openZip(path string) (*Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	m, _, err := packages.Identify(f, info.Size(), packages.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &Source{path: path, Name: m.Name, Version: m.Version}, nil
}

// FileName is what the archive is called: name-version.zip.
func (s *Source) FileName() string { return s.Name + "-" + s.Version + ".zip" }

// WriteTo implements io.WriterTo: it writes the zip file, a folder being packed on the way.
func (s *Source) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{to: w}
	if s.folder {
		err := pack(counted, s.path, s.top, s.files)
		return counted.bytes, err
	}
	return counted.bytes, copyFile(counted, s.path)
}

type counter struct {
	to    io.Writer
	bytes int64
}

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.bytes += int64(n)
	return n, err
}

// notPackable is what is wrong with files of which list tells that they cannot be packed.
const notPackable = "it is neither a file nor a folder; links cannot be packed"

// list gives the files of a folder that belong to its package, by their slash paths in order, and what cannot be packed.
// Names that begin with a dot are left out, and archives of the package itself that were built into its folder.
func list(dir, name string) (files, refused []string, err error) {
	err = filepath.WalkDir(dir, func(at string, e fs.DirEntry, err error) error {
		if err != nil {
			return unreadable(at, err)
		}
		rel, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		switch {
		case rel == ".":
		case strings.HasPrefix(e.Name(), ".") && e.IsDir():
			return filepath.SkipDir
		case strings.HasPrefix(e.Name(), "."), e.IsDir():
		case !e.Type().IsRegular():
			refused = append(refused, filepath.ToSlash(rel))
		case rel == e.Name() && strings.HasPrefix(rel, name+"-") && strings.HasSuffix(rel, ".zip"):
		default:
			files = append(files, filepath.ToSlash(rel))
		}
		return nil
	})
	slices.Sort(files)
	return files, refused, err
}

// packTime is the time of every entry: the first one that a zip file can hold.
var packTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// pack writes a zip whose bytes depend on names and content of the files alone.
func pack(w io.Writer, dir, top string, files []string) error {
	z := zip.NewWriter(w)
	for _, name := range files {
		head := &zip.FileHeader{Name: path.Join(top, name), Method: zip.Deflate, Modified: packTime}
		head.SetMode(0o644)
		entry, err := z.CreateHeader(head)
		if err != nil {
			return err
		}
		if err := copyFile(entry, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return z.Close()
}

func copyFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // only read
	_, err = io.Copy(w, f)
	return err
}

// unreadable says in plain words why a file cannot be read.
func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return purser.Errorf(purser.CodeNotFound, "%s does not exist", path)
	case errors.Is(err, fs.ErrPermission):
		return purser.Errorf(purser.CodeInvalid, "%s may not be read", path)
	}
	return purser.Errorf(purser.CodeInvalid, "%s cannot be read: %s", path, reason(err))
}

// reason is an error of the file system without the path, which messages name themselves.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
