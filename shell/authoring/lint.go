package authoring

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"purser"
	"purser/packages"
	"purser/templates"
)

// LintOptions are the values that a package is checked with besides its own.
type LintOptions struct {
	Values     *string // override values as YAML; nil for none
	ValuesFile string  // where they come from, for findings
}

// Lint checks the package at a path, a folder or a zip file: its structure, its metadata, its values, its templates and
// what they render to. It finds everything that is wrong, by file and line, as far as one fault does not hide another;
// no finding means that a server with the default limits takes and installs the package. An error is returned only when
// there is nothing to read.
func Lint(path string, o LintOptions) ([]Finding, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	l := linter{path: path, options: o}
	if info.IsDir() {
		err = l.folder()
	} else {
		err = l.zip()
	}
	return order(l.found), err
}

// linter collects what is wrong with one package.
type linter struct {
	path    string
	options LintOptions
	top     string // the folder inside of the archive
	found   []Finding
}

func (l *linter) add(severity Severity, file string, line, column int, message string) {
	if file == "" {
		file = l.path
	} else {
		file = filepath.Clean(l.path) + string(filepath.Separator) + filepath.FromSlash(strings.TrimPrefix(file, l.top+"/"))
	}
	l.found = append(l.found, Finding{File: file, Line: line, Column: column, Severity: severity, Message: message})
}

func severity(warning bool) Severity {
	if warning {
		return SeverityWarning
	}
	return SeverityError
}

// folderTop is what the folder is called inside of the archive that is only made to be checked.
const folderTop = "package"

func (l *linter) folder() error {
	name := ""
	if file, err := metadataFile(l.path); err == nil {
		m, _ := readMetadata(file) // what is wrong with it is found below
		name = m.Name
	}
	files, refused, err := list(l.path, name)
	if err != nil {
		return err
	}
	for _, file := range refused {
		l.add(SeverityError, file, 0, 0, notPackable)
	}
	var archive bytes.Buffer
	if err := pack(&archive, l.path, folderTop, files); err != nil {
		return err
	}
	l.top = folderTop
	l.archive(archive.Bytes())
	return nil
}

// maxArchive is how much of a zip file is read: more than that a server refuses, unless it is told otherwise.
const maxArchive = 1 << 30

func (l *linter) zip() error {
	f, err := os.Open(l.path)
	if err != nil {
		return unreadable(l.path, err)
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxArchive))
	if err != nil {
		return unreadable(l.path, err)
	}
	m, top, err := packages.Identify(bytes.NewReader(data), int64(len(data)), packages.Limits{})
	if top == "" {
		l.add(SeverityError, "", 0, 0, purser.ErrorMessage(err))
		return nil
	}
	l.top = top
	if expected := m.Name + "-" + m.Version; err == nil && top != expected {
		l.add(SeverityError, "", 0, 0, "the folder in the archive is called '"+top+"', but it must be '"+expected+"', as its package.yml says")
	} else if base := filepath.Base(l.path); err == nil && base != expected+".zip" {
		l.add(SeverityWarning, "", 0, 0, "the file should be called "+expected+".zip: other programs read name and version from it")
	}
	l.archive(data)
	return nil
}

// archive checks the bytes of a zip file.
func (l *linter) archive(data []byte) {
	i := packages.Inspect(data, l.top, packages.Limits{})
	for _, f := range i.Faults {
		l.add(severity(f.Warning), f.File, f.Line, 0, f.Problem)
	}
	if unreadablePackage(i) {
		return
	}
	for _, f := range templates.New().Check(i.Package, l.options.Values) {
		if f.Override {
			l.override(f)
			continue
		}
		file := f.File
		if entry, ok := i.Files[file]; ok {
			file = entry
		}
		l.add(severity(f.Warning), file, f.Line, f.Column, f.Problem)
	}
}

// unreadablePackage tells whether nothing could be read, so that all further faults would be consequences.
func unreadablePackage(i packages.Inspection) bool {
	p := i.Package
	return p.Values == nil && len(p.Templates)+len(p.Dependencies)+len(i.Files) == 0 && p.Metadata.Name == ""
}

// override adds a fault of the override values, which are no part of the package.
func (l *linter) override(f templates.Fault) {
	file, message := l.options.ValuesFile, f.Problem
	if file == "" {
		file, message = l.path, "override values: "+message
		f.Line, f.Column = 0, 0
	}
	l.found = append(l.found, Finding{File: file, Line: f.Line, Column: f.Column, Severity: severity(f.Warning), Message: message})
}
