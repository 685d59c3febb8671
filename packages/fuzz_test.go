package packages_test

import (
	"errors"
	"strings"
	"testing"

	"purser"
	"purser/packages"
)

// size is how much text and how many bytes a package holds, with all that is nested in it.
func size(p purser.Package) (bytes int64) {
	if p.Values != nil {
		bytes += int64(len(*p.Values))
	}
	for _, t := range p.Templates {
		bytes += int64(len(t.Text))
	}
	for _, f := range p.Files {
		bytes += int64(len(f.Bytes))
	}
	for _, d := range p.Dependencies {
		bytes += size(d)
	}
	return bytes
}

// checkRefusal wants every refusal to be for the client, with a text that can be shown.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*purser.Error](err)
	if !ok || (e.Code != purser.CodeInvalid && e.Code != purser.CodeTooLarge) || e.Message == "" {
		t.Errorf("not a refusal: %#v", err)
	}
}

func FuzzReadArchive(f *testing.F) {
	whole := MustZipFiles(f, "p-1.0.0", map[string]string{
		"package.yml": metadata("p", "1.0.0"), "values.yml": "a: 1\n", "templates/a.yml": "A", "manifest.yml": "M",
		"packages/q/package.yml": metadata("q", "1.0.0"), "packages/readme": "R",
	})
	f.Add(whole)
	f.Add(whole[:len(whole)-7])
	f.Add(append([]byte("#!/bin/sh\n"), whole...))
	f.Add(MustZip(f))
	f.Add(MustZip(f, entry{name: "../x"}, entry{name: "/x"}, entry{name: `a\b`}))
	f.Add(MustZip(f, entry{name: "p-1.0.0/"}, entry{name: "p-1.0.0/package.yml", text: metadata("p", "1.0.0"), stored: true}))
	f.Add(MustZip(f, entry{name: "p-1.0.0/package.yml", text: "a: &a [*a]\n", stored: true}))
	f.Add(MustZip(f, entry{name: "p-1.0.0/values.yml", text: strings.Repeat("a", 5000)}))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := small()
		p, err := packages.ReadArchive(data, "p", "1.0.0", limits)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		// replacing what is no UTF-8 makes up to three bytes of one
		if n := size(p); n > 3*limits.TotalBytes {
			t.Errorf("%d bytes were read, the limit is %d", n, limits.TotalBytes)
		}
	})
}

func FuzzMetadata(f *testing.F) {
	for _, text := range []string{
		metadata("p", "1.0.0"), "", "~", "a: [b", "a: b\n---\nc: d\n", "- a\n", "? a\n: b\n", "a: &x 1\nb: *x\n", "<<: {a: b}\n",
		"!!org.springframework.cloud.skipper.domain.PackageMetadata\nname: p\n", "\ufeffname: p\r\n", "%YAML 1.1\n---\nname: p\n...\n",
		"name: |\n  a\n  b\n", "name: !!binary aGk=\n", "*a: b\n", "&a a: *a\n", "{a: {b: [c]}}", "\x00", "a:\tb", "# only a comment\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data := MustZip(t, entry{name: "p-1.0.0/package.yml", text: text, stored: true})
		if _, err := packages.ReadArchive(data, "p", "1.0.0", packages.Limits{}); err != nil {
			checkRefusal(t, err)
		}
	})
}
