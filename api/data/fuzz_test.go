package data

import (
	"strings"
	"testing"

	"purser/api"
)

func FuzzParseID(f *testing.F) {
	for _, seed := range []string{"1", "+1", " 1", "0x1F", "#f", "-1", "abc", "1x", "", "99999999999999999999", "--1", "0x-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := parseID(text)
		if err == nil {
			return
		}
		if how := api.FailureOf(err); how.Status != 400 || !strings.HasSuffix(how.Message, " is no number") {
			t.Errorf("%q: %v", text, err)
		}
	})
}
