package purser_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"purser"
)

func TestErrorCodeAndMessage(t *testing.T) {
	rows := map[string]struct {
		err     error
		code    purser.Code
		message string
	}{
		"none":                  {nil, "", "Internal error. The server's log has the details."},
		"a foreign error":       {io.EOF, purser.CodeInternal, "Internal error. The server's log has the details."},
		"an internal one":       {purser.Errorf(purser.CodeInternal, "disk /x: %w", io.EOF), purser.CodeInternal, "Internal error. The server's log has the details."},
		"one for people":        {purser.Errorf(purser.CodeInvalid, "no %s", "name"), purser.CodeInvalid, "no name"},
		"wrapped":               {fmt.Errorf("installing: %w", purser.Errorf(purser.CodeBusy, "busy")), purser.CodeBusy, "busy"},
		"a release":             {purser.ErrReleaseNotFound("r"), purser.CodeReleaseNotFound, "Release with the name [r] doesn't exist"},
		"a version of it":       {purser.ErrVersionNotFound("r", 3), purser.CodeReleaseNotFound, "Release with the name [r] and version [3] doesn't exist"},
		"a platform by no name": {platformError(), purser.CodeNotFound, "No deployer named 'x'"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			if got := purser.ErrorCode(row.err); got != row.code {
				t.Errorf("code %q, want %q", got, row.code)
			}
			if got := purser.ErrorMessage(row.err); got != row.message {
				t.Errorf("message %q, want %q", got, row.message)
			}
		})
	}
}

func TestErrorfKeepsTheCause(t *testing.T) {
	if err := purser.Errorf(purser.CodeInternal, "reading: %w", io.EOF); !errors.Is(err, io.EOF) {
		t.Errorf("%v does not lead to its cause", err)
	}
	several := purser.Errorf(purser.CodeInternal, "%w, %w", io.EOF, io.ErrClosedPipe)
	if !errors.Is(several, io.EOF) || !errors.Is(several, io.ErrClosedPipe) {
		t.Errorf("%v does not lead to its causes", several)
	}
}

func TestErrorTellsEachCauseOnce(t *testing.T) {
	inner := purser.Errorf(purser.CodePlatform, "no answer: %w", io.EOF)
	for name, row := range map[string]struct {
		err  *purser.Error
		want string
	}{
		"none":                      {purser.Errorf(purser.CodeInvalid, "no name"), "no name"},
		"beside the message":        {&purser.Error{Message: "reading", Err: io.EOF}, "reading: EOF"},
		"in the message":            {purser.Errorf(purser.CodeInternal, "reading: %w", io.EOF), "reading: EOF"},
		"in the middle of it":       {purser.Errorf(purser.CodeInternal, "reading (%w) failed", io.EOF), "reading (EOF) failed"},
		"several in it":             {purser.Errorf(purser.CodeInternal, "%w, %w", io.EOF, io.ErrClosedPipe), "EOF, io: read/write on closed pipe"},
		"a chain in it":             {purser.Errorf(purser.CodeConflict, "installing: %w", inner), "installing: no answer: EOF"},
		"a chain beside it":         {&purser.Error{Message: "installing", Err: inner}, "installing: no answer: EOF"},
		"one that has another text": {&purser.Error{Message: "EOF", Err: inner}, "EOF: no answer: EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := row.err.Error(); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func platformError() error {
	_, err := purser.Platforms{}.Find("x")
	return err
}
