package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxFile bounds a configuration file.
const maxFile = 8 << 20

// wantedFile is a file to read.
type wantedFile struct {
	path     string // as people write it, for messages
	optional bool
}

// defaultNames are looked for in the working directory and its folder config when nothing else is said, least first.
var defaultNames = []string{"application.yml", "application.yaml", "application.properties", "purser.yml", "purser.yaml", "purser.properties"}

// findFiles tells which files are read: those of --config and spring.config.location, else the default ones; then those
// of spring.config.additional-location.
func findFiles(dir string, named []string, a arguments, e environment) []wantedFile {
	var files []wantedFile
	for _, path := range named {
		files = append(files, wantedFile{path: path})
	}
	setting := func(name string) []wantedFile {
		value, ok := a.find(name)
		if !ok {
			value, _ = e.get(name)
		}
		return locations(value)
	}
	files = append(files, setting("spring.config.location")...)
	if len(files) == 0 {
		for _, folder := range []string{"", "config"} {
			for _, name := range defaultNames {
				if folder == "" || strings.HasPrefix(name, "application") {
					files = append(files, wantedFile{filepath.Join(folder, name), true})
				}
			}
		}
	}
	files = append(files, setting("spring.config.additional-location")...)
	for i, file := range files {
		if !filepath.IsAbs(file.path) && dir != "" {
			files[i].path = filepath.Join(dir, file.path)
		}
	}
	return files
}

// locations reads Spring's list of locations: files, or folders when they end with a slash, with file: and optional:
// before them.
func locations(text string) []wantedFile {
	var files []wantedFile
	for location := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		location, optional := strings.CutPrefix(strings.TrimSpace(location), "optional:")
		location = strings.TrimPrefix(location, "file:")
		if after, ok := strings.CutPrefix(location, "//"); ok {
			location = "/" + strings.TrimLeft(after, "/")
		}
		switch {
		case location == "", strings.HasPrefix(location, "classpath:"):
		case strings.HasSuffix(location, "/"):
			for _, name := range defaultNames[:3] {
				files = append(files, wantedFile{filepath.Join(location, name), true})
			}
		default:
			files = append(files, wantedFile{location, optional})
		}
	}
	return files
}

// addFile takes in a file. Each of its documents counts as a source of its own.
func (l *layers) addFile(f wantedFile, p profiles) error {
	text, err := readFile(f.path)
	if err != nil {
		if f.optional && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	l.report.Files = append(l.report.Files, f.path)
	if filepath.Ext(f.path) == ".properties" {
		documents, err := readProperties(f.path, text)
		if err != nil {
			return err
		}
		for _, document := range documents {
			l.next()
			if p.hasProperties(document) {
				for _, line := range document {
					l.addFlat(line.name, line.value)
				}
			}
		}
		return nil
	}
	documents, err := readYAML(f.path, text)
	if err != nil {
		return err
	}
	for _, document := range documents {
		l.next()
		if p.hasTree(document) {
			l.addTree(nil, document)
		}
	}
	return nil
}

// readFile reads a whole file. Its error names the file and nothing else of the machine.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	var text []byte
	switch {
	case err != nil:
	case !info.Mode().IsRegular() && info.IsDir():
		return nil, fmt.Errorf("%s: is a folder, expected a configuration file", path)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s: is larger than %d bytes", path, maxFile)
	default:
		text, err = os.ReadFile(path)
	}
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, fmt.Errorf("%s: cannot be read: %w", path, pathError.Err)
	}
	return text, err
}
