package templates

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// The forms of plain scalars in YAML 1.1 as the reference knows them (spec/packages.md §2.6).
var (
	intForm = regexp.MustCompile(`^(?:[-+]?0b_*[01]+[01_]*|[-+]?0_*[0-7]+[0-7_]*|[-+]?(?:0|[1-9][0-9_]*)|` +
		`[-+]?0x_*[0-9a-fA-F]+[0-9a-fA-F_]*|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	floatForm = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|` +
		`[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|` +
		`[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
)

var wordKinds = map[string]kind{
	"": kindNull, "~": kindNull, "null": kindNull, "Null": kindNull, "NULL": kindNull,
	"yes": kindBool, "Yes": kindBool, "YES": kindBool, "no": kindBool, "No": kindBool, "NO": kindBool,
	"true": kindBool, "True": kindBool, "TRUE": kindBool, "false": kindBool, "False": kindBool, "FALSE": kindBool,
	"on": kindBool, "On": kindBool, "ON": kindBool, "off": kindBool, "Off": kindBool, "OFF": kindBool,
}

var truths = map[string]string{
	"yes": "true", "true": "true", "on": "true",
	"no": "false", "false": "false", "off": "false",
}

// plainKind tells what an unquoted scalar is read as. merge is true for the merge sign.
func plainKind(s string) (k kind, merge bool) {
	if k, ok := wordKinds[s]; ok {
		return k, false
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9':
		switch {
		case intForm.MatchString(s):
			return kindInt, false
		case floatForm.MatchString(s):
			return kindFloat, false
		case timeForm.MatchString(s):
			return kindTime, false
		}
	case c == '-' || c == '+' || c == '.':
		switch {
		case c != '.' && intForm.MatchString(s):
			return kindInt, false
		case floatForm.MatchString(s):
			return kindFloat, false
		}
	case s == "<<":
		return kindText, true
	}
	return kindText, false
}

// scalarOf reads text as a scalar of that kind; the error says what does not fit.
func scalarOf(k kind, s string) (*value, error) {
	var text string
	var err error
	switch k {
	case kindNull:
		text = "null"
	case kindBool:
		if text = truths[strings.ToLower(s)]; text == "" {
			err = fmt.Errorf("%q is no boolean", s)
		}
	case kindInt:
		text, err = javaInt(s)
	case kindFloat:
		text, err = javaFloat(s)
	case kindTime:
		text, err = isoTime(s)
	case kindBinary:
		text, err = decodeBinary(s)
	default:
		text = s
	}
	if err != nil {
		return nil, err
	}
	return &value{kind: k, text: text, weight: 1 + len(text)}, nil
}

// javaInt gives an integer of any base and size in decimal.
func javaInt(s string) (string, error) {
	digits, negative := cutSign(strings.ReplaceAll(s, "_", ""))
	base := 10
	switch {
	case digits == "0":
	case strings.HasPrefix(digits, "0b"):
		digits, base = digits[2:], 2
	case strings.HasPrefix(digits, "0x"):
		digits, base = digits[2:], 16
	case strings.HasPrefix(digits, "0"):
		digits, base = digits[1:], 8
	case strings.Contains(digits, ":"):
		return sexagesimal(s, digits, negative)
	}
	if strings.ContainsAny(digits, "+-_") {
		return "", fmt.Errorf("%q is no integer", s)
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return "", fmt.Errorf("%q is no integer", s)
	}
	if negative {
		n.Neg(n)
	}
	return n.String(), nil
}

func sexagesimal(s, digits string, negative bool) (string, error) {
	sum := new(big.Int)
	for part := range strings.SplitSeq(digits, ":") {
		n, ok := new(big.Int).SetString(part, 10)
		if !ok || strings.ContainsAny(part, "+-_") {
			return "", fmt.Errorf("%q is no integer", s)
		}
		sum.Mul(sum, big.NewInt(60)).Add(sum, n)
	}
	if negative {
		sum.Neg(sum)
	}
	return sum.String(), nil
}

func cutSign(s string) (rest string, negative bool) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return rest, true
	}
	return strings.TrimPrefix(s, "+"), false
}
