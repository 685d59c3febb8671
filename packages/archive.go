package packages

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"purser"
)

// ReadArchive reads the package of that name and version from the bytes of a zip file (spec/packages.md §1.1-1.3). The
// metadata is the text of its package.yml, with repository fields as they stand there. CodeInvalid and CodeTooLarge;
// the message names the entry, and the key or the limit.
func ReadArchive(archive []byte, name, version string, limits Limits) (purser.Package, error) {
	root, err := readArchive(archive, name, version, limits.withDefaults())
	if err != nil {
		return purser.Package{}, err
	}
	return root.pkg, nil
}

// readArchive is ReadArchive with the fields of package.yml as they were given.
func readArchive(archive []byte, name, version string, limits Limits) (content, error) {
	u, top, err := openPackage(archive, topFolder(name, version), limits, nil)
	if err != nil {
		return content{}, err
	}
	return u.unpack(top)
}

// openPackage sorts the entries of an archive and gives what unpacks them. With found it goes on after a fault wherever
// it can.
func openPackage(archive []byte, top string, limits Limits, found *faults) (*unpacker, *folder, error) {
	entries, err := openArchive(archive, limits, found)
	if err != nil {
		return nil, nil, err
	}
	d, err := layOut(entries, top, limits, found)
	return &unpacker{limits: limits, left: limits.TotalBytes, found: found}, d, err
}

// topFolder is the one folder of an archive that counts. Names that begin with a slash are the same as without it.
func topFolder(name, version string) string {
	return strings.TrimLeft(name, "/") + "-" + version
}

// entry is a file or folder of an archive under its cleaned name.
type entry struct {
	path   string // without a slash at the end
	folder bool
	file   *zip.File
}

// openArchive lists the entries and refuses every archive with one that must not be there, also outside of the top
// folder: who unpacks the stored archive elsewhere must not be hurt either.
func openArchive(archive []byte, limits Limits, found *faults) ([]entry, error) {
	if int64(len(archive)) > limits.ArchiveBytes {
		return nil, purser.Errorf(purser.CodeTooLarge, "The package file has %d bytes, the limit is %d", len(archive), limits.ArchiveBytes)
	}
	if bytes.Count(archive, []byte("PK\x01\x02")) > max(signatures, limits.Entries) {
		return nil, tooManyEntries(limits)
	}
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // insecure names are refused below, by name
		return nil, &purser.Error{Code: purser.CodeInvalid, Message: "The package file is not a readable zip archive", Err: err}
	}
	if len(r.File) > limits.Entries {
		return nil, tooManyEntries(limits)
	}
	entries := make([]entry, 0, len(r.File))
	folders := make(map[string]bool, len(r.File)) // cleaned name -> it is a folder
	var total uint64
	for _, f := range r.File {
		e, err := checkEntry(f, limits)
		if folder, known := folders[e.path]; err == nil && known && !(folder && e.folder) {
			err = refuse(f, "is there twice")
		}
		if err != nil {
			if err := found.add(err); err != nil {
				return nil, err
			}
			continue
		}
		folders[e.path] = e.folder
		if total += f.UncompressedSize64; total > uint64(limits.TotalBytes) {
			return nil, tooMuch(limits)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// checkEntry tells whether an entry may be in a package at all. Sizes are those that the archive claims; unpacker checks
// the true ones.
func checkEntry(f *zip.File, limits Limits) (entry, error) {
	switch {
	case len(f.Name) > limits.PathBytes:
		short := fmt.Sprintf("%.40q...", f.Name)
		return entry{}, refuseAs(purser.CodeTooLarge, short, short, fmt.Sprintf("has a name of %d bytes, the limit is %d", len(f.Name), limits.PathBytes))
	case !utf8.ValidString(f.Name):
		return entry{}, refuse(f, "has a name that is not UTF-8")
	case strings.ContainsFunc(f.Name, unicode.IsControl):
		return entry{}, refuse(f, "has a control character in its name")
	case strings.Contains(f.Name, `\`):
		return entry{}, refuse(f, "has a backslash in its name; folders are separated by '/'")
	case isAbsolute(f.Name):
		return entry{}, refuse(f, "has an absolute name")
	case f.Flags&0x1 != 0:
		return entry{}, refuse(f, "is encrypted")
	case f.Mode()&fs.ModeSymlink != 0:
		return entry{}, refuse(f, "is a link")
	case f.Mode()&(fs.ModeType&^fs.ModeDir) != 0:
		return entry{}, refuse(f, "is neither a file nor a folder")
	}
	path, ok := cleanPath(f.Name)
	if !ok {
		return entry{}, refuse(f, "is trying to leave the folder of the package")
	}
	folder := strings.HasSuffix(f.Name, "/") || f.Mode().IsDir()
	if err := checkSize(f, f.UncompressedSize64, limits); err != nil {
		return entry{}, err
	}
	return entry{path: path, folder: folder, file: f}, nil
}

// checkSize applies the limits of one entry to its unpacked size.
func checkSize(f *zip.File, size uint64, limits Limits) error {
	if size > uint64(limits.EntryBytes) {
		return tooLarge(f, "has more than %d bytes", limits.EntryBytes)
	}
	if size > uint64(limits.RatioFrom) && size/uint64(limits.Ratio) > f.CompressedSize64 {
		return tooLarge(f, "is compressed by more than %d to 1", limits.Ratio)
	}
	return nil
}

// isAbsolute knows Unix roots and Windows drives.
func isAbsolute(name string) bool {
	if strings.HasPrefix(name, "/") {
		return true
	}
	return len(name) > 1 && name[1] == ':' && unicode.IsLetter(rune(name[0]))
}

// cleanPath drops empty and "." segments; false for names with "..".
func cleanPath(name string) (string, bool) {
	segments := strings.Split(name, "/")
	kept := segments[:0]
	for _, s := range segments {
		switch s {
		case "..":
			return "", false
		case "", ".":
		default:
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, "/"), true
}

// unpacker reads entries into memory and counts what they really hold.
type unpacker struct {
	limits Limits
	left   int64 // bytes that may still be unpacked
	found  *faults
}

// read unpacks one entry of at most limit bytes.
func (u *unpacker) read(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			return nil, refuse(f, "is compressed by a method other than deflate")
		}
		return nil, unreadable(f, err)
	}
	defer func() { _ = r.Close() }() // an archive in memory: nothing can be lost by it
	data, err := io.ReadAll(io.LimitReader(r, min(limit, u.left)+1))
	switch size := int64(len(data)); {
	case size > limit:
		return nil, tooLarge(f, "has more than %d bytes", limit)
	case size > u.left:
		return nil, tooMuch(u.limits)
	}
	if err != nil {
		return nil, unreadable(f, err)
	}
	u.left -= int64(len(data))
	return data, checkSize(f, uint64(len(data)), u.limits)
}

// unreadable is the refusal for an entry whose bytes are damaged.
func unreadable(f *zip.File, err error) error {
	what := "cannot be unpacked"
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, zip.ErrChecksum):
		what = "is damaged: its checksum differs"
	case errors.As(err, &corrupt), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, zip.ErrFormat):
		what = "is damaged"
	}
	e := refuse(f, what)
	e.refusal.Err = err
	return e
}

// refuse is the refusal for what is wrong with one entry.
func refuse(f *zip.File, what string) *placed {
	return refuseAs(purser.CodeInvalid, f.Name, strconv.Quote(f.Name), what)
}

func tooLarge(f *zip.File, format string, args ...any) *placed {
	return refuseAs(purser.CodeTooLarge, f.Name, strconv.Quote(f.Name), fmt.Sprintf(format, args...))
}

func refuseAs(code purser.Code, name, quoted, what string) *placed {
	return &placed{
		refusal: purser.Errorf(code, "The entry %s of the package file %s", quoted, what),
		fault:   Fault{File: name, Problem: "the entry " + what},
	}
}

func tooManyEntries(limits Limits) *purser.Error {
	return purser.Errorf(purser.CodeTooLarge, "The package file has more than %d entries", limits.Entries)
}

func tooMuch(limits Limits) *purser.Error {
	return purser.Errorf(purser.CodeTooLarge, "The entries of the package file have more than %d bytes together", limits.TotalBytes)
}
