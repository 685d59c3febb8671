package live

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// placeholder stands in the example packages for the folder of the built applications.
const placeholder = "@APPS@"

// Archive is an example package, zipped.
type Archive struct {
	Name, Version string
	Zip           []byte
}

// Pack zips every package folder (<name>-<version>) below root, in name order, with the folder of the applications
// filled in.
func Pack(root, apps string) ([]Archive, error) { return PackWith(root, placeholder, apps) }

// PackWith is Pack for packages that have another placeholder.
func PackWith(root, mark, apps string) ([]Archive, error) {
	apps, err := filepath.Abs(apps)
	if err != nil {
		return nil, err
	}
	folders, err := os.ReadDir(root)
	if err != nil {
		return nil, fmt.Errorf("reading the example packages: %w", err)
	}
	var archives []Archive
	for _, folder := range folders {
		cut := strings.LastIndex(folder.Name(), "-")
		if !folder.IsDir() || cut < 0 {
			continue
		}
		data, err := zipFolder(filepath.Join(root, folder.Name()), folder.Name(), mark, apps)
		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", folder.Name(), err)
		}
		archives = append(archives, Archive{Name: folder.Name()[:cut], Version: folder.Name()[cut+1:], Zip: data})
	}
	if len(archives) == 0 {
		return nil, fmt.Errorf("no packages (<name>-<version>/) in %s", root)
	}
	return archives, nil
}

// zipFolder zips a folder under the name top, with apps in place of the mark.
func zipFolder(folder, top, mark, apps string) ([]byte, error) {
	texts := map[string]string{}
	files := os.DirFS(folder)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		texts[name] = strings.ReplaceAll(string(text), mark, apps)
		return err
	})
	if err != nil {
		return nil, err
	}
	return Zip(top, texts)
}

// Zip makes an archive of texts, by their paths below the top folder.
func Zip(top string, texts map[string]string) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		f, err := w.Create(path.Join(top, name))
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(texts[name])); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
