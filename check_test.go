package purser_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"purser"
)

func validCheck() purser.Check {
	return purser.Check{Context: "ci/unit", State: purser.CheckPending, Name: "Unit tests", TargetURL: "https://ci.example.org/1", ImageURL: "http://example.org/i.png"}
}

func TestCheckValidate(t *testing.T) {
	for _, row := range []struct {
		rule   string
		change func(c *purser.Check)
		names  string // "" for none
	}{
		{"as it should be", func(*purser.Check) {}, ""},
		{"no state", func(c *purser.Check) { c.State = "" }, "state"},
		{"unknown state", func(c *purser.Check) { c.State = "fine" }, "state"},
		{"space in the context", func(c *purser.Check) { c.Context = "bad context" }, "context"},
		{"context of 5", func(c *purser.Check) { c.Context = "abcde" }, "context"},
		{"context of 6", func(c *purser.Check) { c.Context = "abcdef" }, ""},
		{"context of 31", func(c *purser.Check) { c.Context = strings.Repeat("a", 31) }, ""},
		{"context of 32", func(c *purser.Check) { c.Context = strings.Repeat("a", 32) }, "context"},
		{"every sign of a context", func(c *purser.Check) { c.Context = `a.b/c\d+e-9` }, ""},
		{"context with a line break", func(c *purser.Check) { c.Context = "abcdef\n" }, "context"},
		{"name of 3", func(c *purser.Check) { c.Name = "äöü" }, "name"},
		{"name of 4", func(c *purser.Check) { c.Name = "äöüß" }, ""},
		{"name of 256", func(c *purser.Check) { c.Name = strings.Repeat("ä", 256) }, "name"},
		{"description of 1023", func(c *purser.Check) { c.Description = strings.Repeat("ä", 1023) }, ""},
		{"description of 1024", func(c *purser.Check) { c.Description = strings.Repeat("ä", 1024) }, "description"},
		{"no address", func(c *purser.Check) { c.TargetURL, c.ImageURL = "", "" }, ""},
		{"address of another kind", func(c *purser.Check) { c.TargetURL = "file:///etc/passwd" }, "target_url"},
		{"address without a host", func(c *purser.Check) { c.ImageURL = "http:///x" }, "image_url"},
		{"address of 256", func(c *purser.Check) { c.ImageURL = "http://h/" + strings.Repeat("a", 247) }, "image_url"},
		{"address of 255", func(c *purser.Check) { c.ImageURL = "http://h/" + strings.Repeat("a", 246) }, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := validCheck()
			row.change(&c)
			err := c.Validate()
			if row.names == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if purser.ErrorCode(err) != purser.CodeInvalid || !strings.Contains(err.Error(), row.names) {
				t.Fatalf("error %v, want one about %s", err, row.names)
			}
		})
	}
}

// Whatever the order, the worst counts, and one more check never makes it better.
func TestWorstCheck(t *testing.T) {
	rank := func(s purser.CheckState) int {
		for i, one := range purser.CheckStates {
			if one == s {
				return i
			}
		}
		return -1
	}
	if got := purser.WorstCheck(nil); got != purser.CheckSuccess {
		t.Errorf("none: %s", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		var checks []purser.Check
		worst := purser.CheckSuccess
		for _, s := range rapid.SliceOf(rapid.SampledFrom(purser.CheckStates)).Draw(t, "states") {
			checks = append(checks, purser.Check{State: s})
			if rank(s) < rank(worst) {
				worst = s
			}
			if got := purser.WorstCheck(checks); got != worst {
				t.Fatalf("%v: %s, want %s", checks, got, worst)
			}
		}
	})
}
