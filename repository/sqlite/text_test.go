package sqlite

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"purser"
)

func TestTextsComeBackFromJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := text(rapid.OneOf(rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }), rapid.String()).Draw(t, "text"))
		var got text
		if err := json.Unmarshal([]byte(encode(want)), &got); err != nil || got != want {
			t.Errorf("%q became %q, %v", want, got, err)
		}
	})
}

func TestWithoutTexts(t *testing.T) {
	for name, row := range map[string]struct{ statement, want string }{
		"None":      {"SELECT 1", "SELECT 1"},
		"Text":      {"a = 'x' AND b = 2", "a = '?' AND b = 2"},
		"Empty":     {"a = ''", "a = '?'"},
		"Quotes":    {"a = 'it''s' AND b = ''''", "a = '?' AND b = '?'"},
		"Bytes":     {"a = CAST(X'00ff' AS TEXT)", "a = CAST(X'?' AS TEXT)"},
		"Unclosed":  {"a = 'x", "a = '?'"},
		"Statement": {"'a','b'", "'?','?'"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := withoutTexts(row.statement); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}

func TestCache(t *testing.T) {
	content := func(name string) purser.Package {
		return purser.Package{Metadata: purser.PackageMetadata{ID: 1}, Templates: []purser.Template{{Name: name}}}
	}
	c := newCache(100, cloneContent)
	for i := range 5 { // each takes a quarter of the room
		name := fmt.Sprint(i)
		c.put(name, 25, content(name))
		if i == 3 {
			if _, ok := c.get("0"); !ok {
				t.Error("0 has left although there is room")
			}
		}
	}
	for name, want := range map[string]bool{"0": true, "1": false, "2": true, "3": true, "4": true, "5": false} {
		got, ok := c.get(name)
		if ok != want {
			t.Errorf("%s is there: %v, want %v", name, ok, want)
		}
		if ok && (got.Templates[0].Name != name || got.Metadata.ID != 0) {
			t.Errorf("%s has %+v", name, got)
		}
	}
	c.put("large", 26, content("large"))
	if _, ok := c.get("large"); ok {
		t.Error("a content of more than a quarter was kept")
	}
	if c.size != 100 || c.used.Len() != len(c.index) {
		t.Errorf("size %d, %d in the list, %d in the index", c.size, c.used.Len(), len(c.index))
	}
}
