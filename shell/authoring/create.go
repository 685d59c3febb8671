package authoring

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"purser"
)

// scaffold is a new package: NAME, in names and in text, becomes its name.
//
//go:embed all:scaffold
var scaffold embed.FS

// packageName is what new packages may be called: what is a name for files, values, URLs and deployments alike.
var packageName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// Create writes a new package NAME, version 1.0.0, into the folder dir/NAME, and gives the paths of its files. CodeInvalid
// for a name that makes trouble somewhere; CodeConflict when the folder is there already and not empty: nothing is ever
// overwritten.
func Create(dir, name string) ([]string, error) {
	if !packageName.MatchString(name) {
		return nil, purser.Errorf(purser.CodeInvalid, "'%s' cannot be the name of a new package: it takes small letters, digits and hyphens between them", name)
	}
	root := filepath.Join(dir, name)
	switch entries, err := os.ReadDir(root); {
	case err == nil && len(entries) > 0:
		return nil, purser.Errorf(purser.CodeConflict, "%s is there already and not empty; nothing was written", root)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		if _, staterr := os.Stat(root); staterr == nil {
			return nil, purser.Errorf(purser.CodeConflict, "%s is there already and no folder; nothing was written", root)
		}
		return nil, unreadable(root, err)
	}
	var written []string
	err := fs.WalkDir(scaffold, "scaffold", func(at string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(root, filepath.FromSlash(rename(strings.TrimPrefix(at, "scaffold"), name)))
		if e.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := scaffold.ReadFile(at)
		if err != nil {
			return err
		}
		if err := writeNew(target, rename(string(text), name)); err != nil {
			return err
		}
		written = append(written, target)
		return nil
	})
	if err != nil {
		return written, unwritable(root, err)
	}
	return written, nil
}

func rename(text, name string) string { return strings.ReplaceAll(text, "NAME", name) }

// writeNew writes a file that must not be there yet.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func unwritable(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return purser.Errorf(purser.CodeInvalid, "%s may not be written", path)
	}
	return purser.Errorf(purser.CodeInvalid, "%s cannot be written: %s", path, reason(err))
}
