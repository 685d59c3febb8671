package packages_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"purser"
	"purser/packages"
)

// small are limits that tests reach with little.
func small() packages.Limits {
	return packages.Limits{
		ArchiveBytes: 64 << 10, Entries: 20, EntryBytes: 8 << 10, TotalBytes: 16 << 10, Ratio: 10, RatioFrom: 1 << 10,
		PathBytes: 100, Depth: 2, MetadataBytes: 4 << 10,
	}
}

// liar is a deflated entry whose header claims another unpacked size.
func liar(tb testing.TB, name, text string, claimed uint64) entry {
	tb.Helper()
	honest, err := zip.NewReader(bytes.NewReader(MustZip(tb, entry{name: name, text: text})), int64(len(MustZip(tb, entry{name: name, text: text}))))
	if err != nil {
		tb.Fatal(err)
	}
	head := honest.File[0].FileHeader
	r, err := honest.File[0].OpenRaw()
	if err != nil {
		tb.Fatal(err)
	}
	var packed bytes.Buffer
	if _, err := packed.ReadFrom(r); err != nil {
		tb.Fatal(err)
	}
	head.UncompressedSize64 = claimed
	head.Flags &^= 0x8
	return entry{name: name, text: packed.String(), raw: &head}
}

func TestReadArchiveRefusals(t *testing.T) {
	const invalid, tooLarge = purser.CodeInvalid, purser.CodeTooLarge
	good := entry{name: "p-1.0.0/package.yml", text: metadata("p", "1.0.0")}
	with := func(more ...entry) []byte { return MustZip(t, append([]entry{good}, more...)...) }
	says := func(name, what string) string { return fmt.Sprintf("The entry %q of the package file %s", name, what) }
	long := func(n int) string { return strings.Repeat("a", n) } // to be stored: it compresses too well
	var many []entry
	for i := range 20 {
		many = append(many, entry{name: fmt.Sprintf("p-1.0.0/templates/%d.yml", i)})
	}
	whole := with()
	damaged := bytes.Replace(with(entry{name: "p-1.0.0/values.yml", text: "a: certain text", stored: true}), []byte("certain"), []byte("another"), 1)
	deep := entry{name: "p-1.0.0" + strings.Repeat("/packages/q", 3) + "/package.yml", text: metadata("q", "1")}
	method := with(entry{name: "p-1.0.0/values.yml", raw: &zip.FileHeader{Method: 99, CompressedSize64: 1, UncompressedSize64: 1}, text: "x"})

	for _, row := range []struct {
		rule    string
		archive []byte
		code    purser.Code
		message string
	}{
		{"nothing at all", nil, invalid, "The package file is not a readable zip archive"},
		{"cut off", whole[:len(whole)/2], invalid, "The package file is not a readable zip archive"},
		{"too large an archive", make([]byte, 64<<10+1), tooLarge, "The package file has 65537 bytes, the limit is 65536"},
		{"too many entries", with(many...), tooLarge, "The package file has more than 20 entries"},
		{"a directory of far too many entries", bytes.Repeat([]byte("PK\x01\x02"), 1<<10), invalid, "The package file is not a readable zip archive"},
		{
			"too long a name", with(entry{name: "p-1.0.0/" + strings.Repeat("x", 100)}), tooLarge,
			`The entry "p-1.0.0/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"... of the package file has a name of 108 bytes, the limit is 100`,
		},
		{
			"an entry too large", with(entry{name: "p-1.0.0/values.yml", text: long(9 << 10), stored: true}), tooLarge,
			says("p-1.0.0/values.yml", "has more than 8192 bytes"),
		},
		{
			"an entry too large that nobody reads", with(entry{name: "readme.txt", text: long(9 << 10), stored: true}), tooLarge,
			says("readme.txt", "has more than 8192 bytes"),
		},
		{
			"an entry that hides its size", with(liar(t, "p-1.0.0/values.yml", strings.Repeat("a", 1<<20), 5)), invalid,
			says("p-1.0.0/values.yml", "is damaged"),
		},
		{
			"an entry that claims too much", with(liar(t, "p-1.0.0/values.yml", "a: b", 8000)), tooLarge,
			says("p-1.0.0/values.yml", "is compressed by more than 10 to 1"),
		},
		{
			"an entry that claims a little too much", with(liar(t, "p-1.0.0/values.yml", "a: b", 60)), invalid,
			says("p-1.0.0/values.yml", "is damaged"),
		},
		{"all together too large", with(
			entry{name: "p-1.0.0/values.yml", text: long(8 << 10), stored: true}, entry{name: "p-1.0.0/templates/a.yml", text: long(8 << 10), stored: true},
		), tooLarge, "The entries of the package file have more than 16384 bytes together"},
		{
			"compressed too well", with(entry{name: "p-1.0.0/templates/a.yml", text: long(7 << 10)}), tooLarge,
			says("p-1.0.0/templates/a.yml", "is compressed by more than 10 to 1"),
		},
		{
			"compressed too well where nobody reads", with(entry{name: "bomb", text: long(7 << 10)}), tooLarge,
			says("bomb", "is compressed by more than 10 to 1"),
		},
		{
			"too large a package.yml", with(entry{name: "p-1.0.0/packages/q/package.yml", text: metadata("q", "1", "x: "+long(5<<10)), stored: true}), tooLarge,
			says("p-1.0.0/packages/q/package.yml", "has more than 4096 bytes"),
		},
		{
			"nested too deep", with(deep), tooLarge,
			says(deep.name, "is too deep: packages may be nested 2 levels deep"),
		},
		{
			"a name with ..", with(entry{name: "p-1.0.0/templates/../../../a.yml"}), invalid,
			says("p-1.0.0/templates/../../../a.yml", "is trying to leave the folder of the package"),
		},
		{
			"a name with .. that stays inside", with(entry{name: "p-1.0.0/templates/../a.yml"}), invalid,
			says("p-1.0.0/templates/../a.yml", "is trying to leave the folder of the package"),
		},
		{"a folder ..", with(entry{name: "../"}), invalid, says("../", "is trying to leave the folder of the package")},
		{"an absolute name", with(entry{name: "/etc/passwd"}), invalid, says("/etc/passwd", "has an absolute name")},
		{"a drive", with(entry{name: "C:/x"}), invalid, says("C:/x", "has an absolute name")},
		{"a backslash", with(entry{name: `p-1.0.0\..\x`}), invalid, says(`p-1.0.0\..\x`, "has a backslash in its name; folders are separated by '/'")},
		{"a control character", with(entry{name: "p-1.0.0/a\nb"}), invalid, says("p-1.0.0/a\nb", "has a control character in its name")},
		{"a null character", with(entry{name: "p-1.0.0/a\x00b"}), invalid, says("p-1.0.0/a\x00b", "has a control character in its name")},
		{"a name that is no UTF-8", with(entry{name: "p-1.0.0/\xff.yml"}), invalid, says("p-1.0.0/\xff.yml", "has a name that is not UTF-8")},
		{
			"a link", with(entry{name: "p-1.0.0/templates/a.yml", text: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), invalid,
			says("p-1.0.0/templates/a.yml", "is a link"),
		},
		{"a link that nobody reads", with(entry{name: "link", text: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), invalid, says("link", "is a link")},
		{"a pipe", with(entry{name: "pipe", mode: fs.ModeNamedPipe | 0o600}), invalid, says("pipe", "is neither a file nor a folder")},
		{"a device", with(entry{name: "dev", mode: fs.ModeDevice | 0o600}), invalid, says("dev", "is neither a file nor a folder")},
		{"an encrypted entry", with(entry{name: "p-1.0.0/values.yml", flags: 0x1, text: "x"}), invalid, says("p-1.0.0/values.yml", "is encrypted")},
		{"a name twice", with(good), invalid, says("p-1.0.0/package.yml", "is there twice")},
		{"a name twice in other spelling", with(entry{name: "p-1.0.0//./package.yml"}), invalid, says("p-1.0.0//./package.yml", "is there twice")},
		{
			"a name as file and folder", with(entry{name: "p-1.0.0/values.yml"}, entry{name: "p-1.0.0/values.yml/"}), invalid,
			says("p-1.0.0/values.yml/", "is there twice"),
		},
		{"a method nobody knows", method, invalid, says("p-1.0.0/values.yml", "is compressed by a method other than deflate")},
		{"a damaged entry", damaged, invalid, says("p-1.0.0/values.yml", "is damaged: its checksum differs")},
		{
			"a file in place of the top folder", MustZip(t, entry{name: "p-1.0.0", text: "x"}), invalid,
			`Package is expected to be unpacked, but it doesn't exist: the package file has no folder "p-1.0.0"`,
		},
		{"an empty top folder", MustZip(t, entry{name: "p-1.0.0/"}), invalid, `The package file has no "p-1.0.0/package.yml"`},
		{"a package.yml that is a folder", MustZip(t, entry{name: "p-1.0.0/package.yml/"}), invalid, `The package file has no "p-1.0.0/package.yml"`},
		{
			"a nested package without package.yml", with(entry{name: "p-1.0.0/packages/q/values.yml", text: "a: b"}), invalid,
			`The package file has no "p-1.0.0/packages/q/package.yml"`,
		},
		{
			"a nested package without a name", with(entry{name: "p-1.0.0/packages/q/package.yml", text: "version: 1"}), invalid,
			"p-1.0.0/packages/q/package.yml has no 'name'",
		},
		{
			"a nested package.yml of broken YAML", with(entry{name: "p-1.0.0/packages/q/package.yml", text: "a: 'b"}), invalid,
			"p-1.0.0/packages/q/package.yml is no YAML: yaml: found unexpected end of stream",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := packages.ReadArchive(row.archive, "p", "1.0.0", small())
			wantError(t, err, row.code, row.message)
		})
	}
}

func TestReadArchiveCountsBeforeItOpens(t *testing.T) {
	var b bytes.Buffer
	head := make([]byte, 46+1)
	copy(head, "PK\x01\x02")
	binary.LittleEndian.PutUint16(head[28:], 1) // one byte of name
	head[46] = 'x'
	for range 1<<16 + 1 {
		b.Write(head)
	}
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], 1) // the true number modulo 65,536
	binary.LittleEndian.PutUint16(end[10:], 1)
	binary.LittleEndian.PutUint32(end[12:], uint32(b.Len()))
	b.Write(end)
	_, err := packages.ReadArchive(b.Bytes(), "p", "1.0.0", packages.Limits{})
	wantError(t, err, purser.CodeTooLarge, "The package file has more than 10000 entries")
}

func TestReadArchiveAtItsLimits(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 256) // 4096 bytes that compress too well for the small ratio
	limits := packages.Limits{EntryBytes: 4096, TotalBytes: 4096 + int64(len(metadata("p", "1.0.0"))), Entries: 2, Depth: 1}
	data := MustZip(t, entry{name: "p-1.0.0/package.yml", text: metadata("p", "1.0.0")}, entry{name: "p-1.0.0/values.yml", text: text})
	pkg, err := packages.ReadArchive(data, "p", "1.0.0", limits)
	if err != nil {
		t.Fatal(err)
	}
	if pkg.Values == nil || *pkg.Values != text {
		t.Error("the values are not what was packed")
	}
}
