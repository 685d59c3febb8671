package packages

import (
	"bytes"
	"testing"

	"purser"
)

func FuzzIndex(f *testing.F) {
	const whole = "apiVersion: v1\nkind: k\nname: log\nversion: 1.0\n"
	for _, text := range []string{
		whole, "---\n" + whole + "---\n" + whole, "%YAML 1.1\n---\n" + whole, "a: [\n---\n" + whole, "--- !!x\n" + whole, "---", "- a\n", "<html>", "\x00\n---\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var joined []byte
		for d := range documents(data) {
			joined = append(joined, d...)
		}
		if !bytes.Equal(joined, data) {
			t.Errorf("documents lose text: %q of %q", joined, data)
		}
		listed, ignored := parseIndex(data, Limits{MetadataBytes: 500, IndexEntries: 10}.withDefaults())
		if len(listed) > 10 {
			t.Errorf("%d packages of at most 10", len(listed))
		}
		for _, m := range listed {
			if !isFileName(m.Name) || !isFileName(m.Version) || checkLengths(m, "") != nil || m.RepositoryID != 0 {
				t.Errorf("listed: %+v", m)
			}
		}
		for _, err := range ignored {
			if purser.ErrorCode(err) != purser.CodeInvalid && purser.ErrorCode(err) != purser.CodeTooLarge {
				t.Errorf("not a refusal: %#v", err)
			}
		}
	})
}
