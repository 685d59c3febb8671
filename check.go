package purser

import (
	"net/url"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// Check is what something outside of the server says about a version of a release: a test run, an approval. Checks never
// change the version; dialects show them beside it.
type Check struct {
	UUID      string
	Release   string // UUID of the version
	Context   string // unique within the version
	State     CheckState
	Name      string
	CreatedAt time.Time
	UpdatedAt time.Time

	Description string
	TargetURL   string
	ImageURL    string
}

// CheckState is the result of a check.
type CheckState string

// The states, the worst first.
const (
	CheckError   CheckState = "error"
	CheckFailure CheckState = "failure"
	CheckPending CheckState = "pending"
	CheckSuccess CheckState = "success"
)

// CheckStates lists the states, the worst first.
var CheckStates = []CheckState{CheckError, CheckFailure, CheckPending, CheckSuccess}

// WorstCheck gives the state of a version with these checks: the worst of them, success without any
// (spec/dialects.md §4.3).
func WorstCheck(checks []Check) CheckState {
	for _, s := range CheckStates {
		if slices.ContainsFunc(checks, func(c Check) bool { return c.State == s }) {
			return s
		}
	}
	return CheckSuccess
}

// Limits of the texts of a check, in characters (spec/dialects.md §4.2).
const (
	MinCheckContext     = 6
	MaxCheckContext     = 31
	MinCheckName        = 4
	MaxCheckName        = 255
	MaxCheckDescription = 1023
	MaxCheckURL         = 255
)

var checkContext = regexp.MustCompile(`^[./\\+\-A-Za-z0-9]+$`)

// Validate refuses a check whose texts are not as they must be. CodeInvalid, with a message that names the field.
func (c Check) Validate() error {
	between := func(s string, least, most int) bool {
		n := utf8.RuneCountInString(s)
		return least <= n && n <= most
	}
	switch {
	case !slices.Contains(CheckStates, c.State):
		return Errorf(CodeInvalid, "The state must be one of error, failure, pending or success.")
	case !checkContext.MatchString(c.Context) || !between(c.Context, MinCheckContext, MaxCheckContext):
		return Errorf(CodeInvalid, "The context must have %d to %d characters out of letters, digits and ./\\+-.", MinCheckContext, MaxCheckContext)
	case !between(c.Name, MinCheckName, MaxCheckName):
		return Errorf(CodeInvalid, "The name must have %d to %d characters.", MinCheckName, MaxCheckName)
	case !between(c.Description, 0, MaxCheckDescription):
		return Errorf(CodeInvalid, "The description must not have more than %d characters.", MaxCheckDescription)
	}
	for _, u := range []struct{ field, value string }{{"target_url", c.TargetURL}, {"image_url", c.ImageURL}} {
		if u.value == "" {
			continue
		}
		parsed, err := url.Parse(u.value)
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || !between(u.value, 1, MaxCheckURL) {
			return Errorf(CodeInvalid, "The %s must be an http or https address of not more than %d characters.", u.field, MaxCheckURL)
		}
	}
	return nil
}
