package templates

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var decimalForm = regexp.MustCompile(`^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$`)

// javaFloat reads a float and writes it as the reference does.
func javaFloat(s string) (string, error) {
	digits, negative := cutSign(strings.ReplaceAll(s, "_", ""))
	var f float64
	switch strings.ToLower(digits) {
	case ".inf":
		f = math.Inf(1)
	case ".nan":
		return "NaN", nil
	default:
		base := 1.0
		parts := strings.Split(digits, ":")
		for i := len(parts) - 1; i >= 0; i-- {
			n, err := parseDecimal(parts[i])
			if err != nil {
				return "", fmt.Errorf("%q is no number", s)
			}
			f += n * base
			base *= 60
		}
	}
	if negative {
		f = -f
	}
	return formatJava(f), nil
}

func parseDecimal(s string) (float64, error) {
	if !decimalForm.MatchString(s) {
		return 0, strconv.ErrSyntax
	}
	f, err := strconv.ParseFloat(s, 64)
	if errors.Is(err, strconv.ErrRange) {
		return f, nil // too big is infinite, too small is zero
	}
	return f, err
}

// formatJava writes a float like Java: plain from 1.0E-3 to below 1.0E7, otherwise with an exponent, and always with a
// digit after the point.
func formatJava(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		if math.Signbit(f) {
			return "-0.0"
		}
		return "0.0"
	}
	if abs := math.Abs(f); abs >= 1e-3 && abs < 1e7 {
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		// of two digits the closest, which shows in the smallest numbers: 4.9E-324
		mantissa, exponent, _ = strings.Cut(strconv.FormatFloat(f, 'e', 1, 64), "e")
	}
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	return mantissa + "E" + sign + strings.TrimLeft(exponent[1:], "0")
}

// yamlFloat is the form of a float in a dump: the infinities have signs of their own there.
func yamlFloat(java string) string {
	switch java {
	case "Infinity":
		return ".inf"
	case "-Infinity":
		return "-.inf"
	case "NaN":
		return ".NaN"
	default:
		return java
	}
}
