package conformance

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
)

var folderName = regexp.MustCompile(`^(.+?)-(\d.*)$`)

// upload gives the body of an upload: the archive, and what the step says instead or besides.
func (r *Run) upload(what, body json.RawMessage) ([]byte, error) {
	var a Archive
	var folder string
	err := json.Unmarshal(what, &folder)
	if err == nil {
		a, err = r.folder(folder)
	} else {
		err = json.Unmarshal(what, &a)
	}
	if err != nil {
		return nil, fmt.Errorf("the archive: %w", err)
	}
	if a.Zip == nil {
		if a.Zip, err = r.pack(a); err != nil {
			return nil, err
		}
	}
	sent := map[string]any{
		"repoName": "local", "name": a.Name, "version": a.Version, "extension": "zip", "packageFileAsBytes": a.Zip,
	}
	if body != nil {
		if err := json.Unmarshal(body, &sent); err != nil {
			return nil, err
		}
	}
	return json.Marshal(sent)
}

// folder reads a package folder.
func (r *Run) folder(name string) (Archive, error) {
	parts := folderName.FindStringSubmatch(name)
	if parts == nil {
		return Archive{}, fmt.Errorf("%s is not <name>-<version>", name)
	}
	a := Archive{Name: parts[1], Version: parts[2], Files: map[string]string{}}
	below, err := fs.Sub(r.Packages, name)
	if err != nil {
		return a, err
	}
	return a, fs.WalkDir(below, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(below, file)
		a.Files[file] = string(text)
		return err
	})
}

// pack zips texts under names that are exactly the ones given, odd ones too.
func (r *Run) pack(a Archive) ([]byte, error) {
	top := a.Name + "-" + a.Version
	if a.Top != nil {
		top = *a.Top
	}
	if top != "" {
		top += "/"
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(a.Files)) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: top + name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(r.fill(a.Files[name]))); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
