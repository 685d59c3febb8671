package shell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"purser/client"
)

// Archive is a package on disk that can be written as a zip file.
type Archive struct {
	Name    string
	Version string
	Write   func(w io.Writer) error
}

func uploadCommand() *Command {
	return &Command{
		Name: "package upload", Group: groupPackage, Summary: "Upload a package.",
		Details: "Name and version are those of the file's name, name-version.zip. A folder with a package.yml is packed first. " +
			"Several packages are uploaded one after the other; the first refusal ends it.",
		Options: []Option{
			{Name: "path", Help: "the package to be uploaded", Required: true, Many: true, Values: Files},
			{Name: "repoName", Help: "the local repository name to upload to", Named: true, Values: Repositories},
		},
		Rest:     true,
		Examples: []string{"package upload log-1.0.0.zip", "package upload --path log-1.0.0.zip --repoName local", "package upload log/ time/"},
		Run:      uploadPackages,
	}
}

func uploadPackages(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	paths, repository := c.Words("path"), cmp.Or(c.Text("repoName"), "local")
	if last := len(paths) - 1; last == 1 && !c.Given("repoName") && isRepository(paths[last]) {
		paths, repository = paths[:last], paths[last]
	}
	var texts, names []string
	data := []client.PackageMetadata{}
	for _, path := range paths {
		m, err := c.upload(ctx, server, path, repository)
		if err != nil {
			if shown := c.Show(Result{Text: strings.Join(texts, "\n"), Names: names, Data: data}); shown != nil {
				return shown
			}
			return err
		}
		texts = append(texts, fmt.Sprintf("Package uploaded successfully:[%s:%s]", m.Name, m.Version))
		names = append(names, m.Name+":"+m.Version)
		data = append(data, m)
	}
	if len(data) == 1 {
		return c.Show(Result{Text: texts[0], Names: names, Data: data[0]})
	}
	return c.Show(Result{Text: strings.Join(texts, "\n"), Names: names, Data: data})
}

// isRepository tells whether the second word of an upload is a repository, which may stand there as well as a further
// package: it is no archive, and nothing on disk.
func isRepository(word string) bool {
	if filepath.Ext(word) != "" || strings.ContainsRune(word, filepath.Separator) {
		return false
	}
	_, err := os.Stat(word)
	return err != nil
}

func (c *Call) upload(ctx context.Context, server *client.Client, path, repository string) (client.PackageMetadata, error) {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "file:"), "//")
	info, err := os.Stat(path)
	if err != nil {
		return client.PackageMetadata{}, missingPackage(path, err)
	}
	u := client.Upload{Repository: repository}
	if info.IsDir() {
		folder, err := c.pack(path)
		if err != nil {
			return client.PackageMetadata{}, err
		}
		defer os.Remove(folder.file) //nolint:errcheck // a temporary file
		u.Name, u.Version, u.Extension, path = folder.name, folder.version, "zip", folder.file
	} else if u.Name, u.Version, u.Extension, err = c.identity(path); err != nil {
		return client.PackageMetadata{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return client.PackageMetadata{}, missingPackage(path, err)
	}
	defer file.Close()
	if info, err = file.Stat(); err != nil {
		return client.PackageMetadata{}, err
	}
	bar := c.newBar(u.Name+":"+u.Version, info.Size())
	defer bar.end()
	u.Archive, u.Size = io.TeeReader(file, bar), info.Size()
	return server.Upload(ctx, u)
}

// missingPackage is the reference's text for a file that is not there: its path.
func missingPackage(path string, err error) error {
	if os.IsNotExist(err) {
		return errors.New(path)
	}
	return unreadable(path, err)
}

// identity takes name, version and extension from a file's name (spec/clients.md §1.2): the name ends at the last hyphen.
// Where that cannot be, or the version has a hyphen itself, what the package says of itself decides.
func (c *Call) identity(path string) (name, version, extension string, err error) {
	base := filepath.Base(path)
	extension = strings.TrimPrefix(filepath.Ext(base), ".")
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	hyphens := strings.Count(stem, "-")
	if hyphens != 1 && c.Shell.openArchive != nil {
		a, err := c.Shell.openArchive(path)
		if err == nil && (hyphens == 0 || a.Name+"-"+a.Version == stem) {
			return a.Name, a.Version, extension, nil
		}
	}
	at := strings.LastIndexByte(stem, '-')
	if at < 0 {
		return "", "", "", fmt.Errorf("%s: the name of a package file is name-version.zip", base)
	}
	return stem[:at], stem[at+1:], extension, nil
}

type packed struct{ file, name, version string }

// pack writes the archive of a folder to a temporary file.
func (c *Call) pack(folder string) (packed, error) {
	if c.Shell.openArchive == nil {
		return packed{}, fmt.Errorf("%s is a folder, not a zip file", folder)
	}
	a, err := c.Shell.openArchive(folder)
	if err != nil {
		return packed{}, err
	}
	file, err := os.CreateTemp("", "purser-*.zip")
	if err != nil {
		return packed{}, err
	}
	err = a.Write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return packed{}, errors.Join(err, os.Remove(file.Name()))
	}
	return packed{file: file.Name(), name: a.Name, version: a.Version}, nil
}

// barAfter is how long an upload must take before it has a bar.
const barAfter = time.Second

// bar shows on a terminal how much of a file was sent.
type bar struct {
	line  *progress
	what  string
	size  int64
	sent  int64
	begun time.Time
}

func (c *Call) newBar(what string, size int64) *bar {
	return &bar{line: c.newProgress(), what: what, size: size, begun: time.Now()}
}

// Write counts bytes that are being sent.
func (b *bar) Write(p []byte) (int, error) {
	b.sent += int64(len(p))
	if !b.line.call.Streams.ErrTerminal || b.size == 0 || time.Since(b.begun) < barAfter {
		return len(p), nil
	}
	const width = 30
	full := min(width, int(width*b.sent/b.size))
	b.line.show(fmt.Sprintf("%s [%s%s] %3d%% of %s", b.what, strings.Repeat("=", full), strings.Repeat(" ", width-full),
		min(100, 100*b.sent/b.size), sizeText(b.size)))
	return len(p), nil
}

func (b *bar) end() { b.line.end() }

func sizeText(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	case bytes >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", bytes)
}
