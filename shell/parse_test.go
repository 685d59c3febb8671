package shell_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/shell"
)

func TestParseArguments(t *testing.T) {
	command := &shell.Command{Name: "try", Options: []shell.Option{
		{Name: "firstName", Required: true},
		{Name: "secondName", Short: "s"},
		{Name: "force", Kind: shell.Flag},
		{Name: "lastName", Required: true},
		{Name: "words", Many: true, Named: true},
		{Name: "wait", Kind: shell.Duration, Bare: true, Named: true},
		{Name: "count", Kind: shell.Number, Named: true},
	}}
	for _, row := range []struct {
		rule, line string
		want       shell.Arguments
		problems   []string
	}{
		{"positions follow the order of options", "a b true c", shell.Arguments{"firstName": {"a"}, "secondName": {"b"}, "force": {"true"}, "lastName": {"c"}}, nil},
		{"before a named option too", "a --last-name c", shell.Arguments{"firstName": {"a"}, "lastName": {"c"}}, nil},
		{"after one, what is required goes first", "--force a b", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}, "force": nil}, nil},
		{"then what is left", "--force a b c", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}, "secondName": {"c"}, "force": nil}, nil},
		{"named ones are passed over", "--firstName a b", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}}, nil},
		{"both spellings", "--first-name a --lastName=b", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}}, nil},
		{"a letter", "a -s x --lastName b", shell.Arguments{"firstName": {"a"}, "secondName": {"x"}, "lastName": {"b"}}, nil},
		{"a letter with =", "a -s=x --lastName b", shell.Arguments{"firstName": {"a"}, "secondName": {"x"}, "lastName": {"b"}}, nil},
		{"the last value wins", "--firstName a --firstName b --lastName c", shell.Arguments{"firstName": {"b"}, "lastName": {"c"}}, nil},
		{"a flag alone", "--force --firstName a --lastName b", shell.Arguments{"force": nil, "firstName": {"a"}, "lastName": {"b"}}, nil},
		{"a flag takes true and false", "--force FALSE --firstName a --lastName b", shell.Arguments{"force": {"false"}, "firstName": {"a"}, "lastName": {"b"}}, nil},
		{"a flag leaves other words alone", "--force a --lastName b", shell.Arguments{"force": nil, "firstName": {"a"}, "lastName": {"b"}}, nil},
		{"= may stand in values", "--firstName=a=b --lastName c", shell.Arguments{"firstName": {"a=b"}, "lastName": {"c"}}, nil},
		{"an empty value with =", "--firstName a --lastName b --secondName=", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}, "secondName": {""}}, nil},
		{"a quoted word is a value even with hyphens", `--firstName "--odd" --lastName b`, shell.Arguments{"firstName": {"--odd"}, "lastName": {"b"}}, nil},
		{"negative numbers are values", "a --lastName b --count -3", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}, "count": {"-3"}}, nil},
		{"many values", "a --lastName b --words x,y --words z", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}, "words": {"x,y", "z"}}, nil},
		{"bare", "--wait a --lastName b", shell.Arguments{"wait": nil, "firstName": {"a"}, "lastName": {"b"}}, nil},
		{"bare takes what is a duration", "--wait 30s a --lastName b", shell.Arguments{"wait": {"30s"}, "firstName": {"a"}, "lastName": {"b"}}, nil},
		{"bare with =", "--wait=PT1M a --lastName b", shell.Arguments{"wait": {"PT1M"}, "firstName": {"a"}, "lastName": {"b"}}, nil},
		{"optional without a value is null", "a --lastName b --secondName --force", shell.Arguments{"firstName": {"a"}, "lastName": {"b"}, "secondName": nil, "force": nil}, nil},

		{"missing", "", nil, []string{"Missing option, longnames='firstName', shortnames=''", "Missing option, longnames='lastName', shortnames=''"}},
		{"required without a value is missing", "a --lastName", nil, []string{"Missing option, longnames='lastName', shortnames=''"}},
		{"unknown ones come first, with their values", "--nosuch x --other=y", nil, []string{
			"Unrecognised option '--nosuch'", "Unrecognised option '--other=y'",
			"Missing option, longnames='firstName', shortnames=''", "Missing option, longnames='lastName', shortnames=''",
		}},
		{"a letter is no name", "a --lastName b --s x", nil, []string{"Unrecognised option '--s'"}},
		{"surplus", "a b true c d e", nil, []string{"Too many arguments: the following could not be mapped to parameters: 'd e'"}},
		{"no flag", "a --lastName b --force=maybe", nil, []string{"--force is true or false, not 'maybe'"}},
		{"no number", "a --lastName b --count many", nil, []string{"--count is a whole number, not 'many'"}},
		{"no duration", "a --lastName b --wait=1.5h", nil, []string{"'1.5h' is not a valid duration"}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := shell.ParseArguments(command, shell.Tokenize(row.line))
			var usage *shell.UsageError
			errors.As(err, &usage)
			if usage == nil {
				usage = &shell.UsageError{}
			}
			if d := cmp.Diff(row.want, got); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(row.problems, usage.Problems); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSpelling(t *testing.T) {
	for camel, kebab := range map[string]string{"releaseName": "release-name", "file": "file", "skipSslValidation": "skip-ssl-validation"} {
		if got := shell.Kebab(camel); got != kebab {
			t.Errorf("%s: %s", camel, got)
		}
		if got := shell.Camel(kebab); got != camel {
			t.Errorf("%s: %s", kebab, got)
		}
		if got := shell.Camel(camel); got != camel {
			t.Errorf("%s: %s", camel, got)
		}
	}
}
