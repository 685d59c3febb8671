package authoring

import (
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"purser"
)

// Build packs the folder at a path into a zip file and gives its path: output, or name-version.zip in the working
// directory when output is "", or that in output when output is a folder. The same files always give the same bytes.
// CodeInvalid for a path that is no folder of a package, CodeConflict when output is the package itself.
func Build(path, output string) (string, error) {
	s, err := Open(path)
	if err != nil {
		return "", err
	}
	if !s.folder {
		return "", purser.Errorf(purser.CodeInvalid, "%s is no folder; it is built already", path)
	}
	if output == "" {
		output = "."
	}
	if info, err := os.Stat(output); err == nil && info.IsDir() {
		output = filepath.Join(output, s.FileName())
	}
	for _, file := range s.files {
		if same(output, filepath.Join(path, filepath.FromSlash(file))) {
			return "", purser.Errorf(purser.CodeConflict, "%s is a file of the package; nothing was written", output)
		}
	}
	f, err := renameio.NewPendingFile(output, renameio.WithPermissions(0o644))
	if err != nil {
		return "", unwritable(output, err)
	}
	defer func() { _ = f.Cleanup() }() // does nothing once the file is in its place
	if _, err := s.WriteTo(f); err != nil {
		return "", err
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return "", unwritable(output, err)
	}
	return output, nil
}

// same tells whether two paths name one file.
func same(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}
