package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"purser/cmd/purser/live"
)

func metadataOf(name, version string) string {
	return fmt.Sprintf("apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: %s\nversion: %s\n", name, version)
}

func mustZip(tb testing.TB, top string, files map[string]string) []byte {
	tb.Helper()
	data, err := live.Zip(top, files)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// entry is one entry of an archive as no well-behaved tool writes it.
type entry struct {
	name string
	text string
	mode fs.FileMode
}

func mustZipEntries(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		head := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			head.SetMode(e.mode)
		}
		f, err := w.CreateHeader(head)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := f.Write([]byte(e.text)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func archiveRefusals(t *testing.T) []refused {
	good := entry{name: "p-1.0.0/package.yml", text: metadataOf("p", "1.0.0")}
	whole := mustZipEntries(t, good)
	many := []entry{good}
	for i := range 20_000 {
		many = append(many, entry{name: fmt.Sprintf("p-1.0.0/templates/%d.yml", i)})
	}
	of := func(text string) []byte { return mustZip(t, "p-1.0.0", map[string]string{"package.yml": text}) }

	var rows []refused
	for _, row := range []struct {
		what string
		zip  []byte
	}{
		{"no zip", []byte("this is no zip")},
		{"cut off", whole[:len(whole)/2]},
		{"no entries", mustZipEntries(t)},
		{"another top folder", mustZip(t, "q-1.0.0", map[string]string{"package.yml": metadataOf("p", "1.0.0")})},
		{"an entry that climbs", mustZipEntries(t, good, entry{name: "p-1.0.0/../../evil.sh", text: "x"})},
		{"an absolute entry", mustZipEntries(t, good, entry{name: "/etc/passwd", text: "x"})},
		{"a backslash", mustZipEntries(t, good, entry{name: `p-1.0.0\..\evil`, text: "x"})},
		{"a link", mustZipEntries(t, good, entry{name: "p-1.0.0/templates/a.yml", text: "/etc/passwd", mode: fs.ModeSymlink | 0o777})},
		{"a name twice", mustZipEntries(t, good, good)},
		{"a bomb", mustZipEntries(t, good, entry{name: "p-1.0.0/values.yml", text: strings.Repeat("a", 40<<20)})},
		{"too many entries", mustZipEntries(t, many...)},
		{"no package.yml", mustZipEntries(t, entry{name: "p-1.0.0/values.yml", text: "a: 1"})},
		{"an empty package.yml", of("")},
		{"a package.yml that is a list", of("- a\n")},
		{"a package.yml that is no YAML", of("name: [\n")},
		{"a package.yml of two documents", of(metadataOf("p", "1.0.0") + "---\n" + metadataOf("p", "1.0.0"))},
		{"a list in package.yml", of(metadataOf("p", "1.0.0") + "tags: [a, b]\n")},
		{"no name inside", of(strings.Replace(metadataOf("p", "1.0.0"), "name: p\n", "", 1))},
		{"no version inside", of(strings.Replace(metadataOf("p", "1.0.0"), "version: 1.0.0\n", "", 1))},
		{"no kind inside", of(strings.Replace(metadataOf("p", "1.0.0"), "kind: SkipperPackageMetadata\n", "", 1))},
		{"no apiVersion inside", of(strings.Replace(metadataOf("p", "1.0.0"), "apiVersion: skipper.spring.io/v1\n", "", 1))},
		{"a text that is too long", of(metadataOf("p", "1.0.0") + "displayName: " + strings.Repeat("x", 300) + "\n")},
	} {
		rows = append(rows, refused{what: "archive: " + row.what, do: upload, body: uploadOf(row.zip, nil)})
	}
	return rows
}
