package config

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// parse reads a setting's text: a string, bool, int, int64 (bytes) or time.Duration. want says what was expected when
// the text is not that.
func (k Key) parse(text string) (value any, want string) {
	trimmed := strings.TrimSpace(text)
	switch k.Kind {
	case Bool:
		switch strings.ToLower(trimmed) {
		case "true", "yes", "on", "1":
			return true, ""
		case "false", "no", "off", "0":
			return false, ""
		}
		return nil, "true or false"
	case Int:
		least, most := k.Min, k.Max
		if most == 0 {
			most = math.MaxInt32
		}
		n, err := strconv.ParseInt(trimmed, 10, 64)
		if err != nil || n < least || n > most {
			return nil, fmt.Sprintf("a whole number from %d to %d", least, most)
		}
		return int(n), ""
	case Duration, Millis:
		d, ok := parseDuration(trimmed)
		switch {
		case !ok && k.Kind == Millis:
			return nil, "a number of milliseconds, or a duration such as 30s"
		case !ok:
			return nil, "a duration such as 10s, 1m30s or 2h"
		case int64(d) < k.Min:
			return nil, fmt.Sprintf("a duration from %s on", time.Duration(k.Min))
		}
		return d, ""
	case Size:
		n, ok := parseSize(trimmed)
		switch {
		case !ok:
			return nil, "a size such as 512KB, 64MB or 1GB"
		case n < k.Min:
			return nil, fmt.Sprintf("a size from %d bytes on", k.Min)
		}
		return n, ""
	case Text, List, Anything:
	}
	if len(k.Values) == 0 {
		return text, ""
	}
	for _, word := range k.Values {
		if canonical(trimmed) == canonical(word) {
			return word, ""
		}
	}
	return nil, "one of " + strings.Join(k.Values, ", ")
}

// isoDuration is the form PT1H30M10.5S.
var isoDuration = regexp.MustCompile(`(?i)^([+-]?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$`)

// parseDuration reads 10s, 1m30s, 2d, PT10S or a number of milliseconds.
func parseDuration(text string) (time.Duration, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(n) * time.Millisecond, n < math.MaxInt64/int64(time.Millisecond) && n > math.MinInt64/int64(time.Millisecond)
	}
	if parts := isoDuration.FindStringSubmatch(text); parts != nil && !strings.HasSuffix(strings.ToUpper(text), "T") && len(text) > len(parts[1])+1 {
		goForm := parts[1]
		if parts[2] != "" {
			days, err := strconv.Atoi(parts[2])
			if err != nil || days > 36500 {
				return 0, false
			}
			goForm += strconv.Itoa(24*days) + "h"
		}
		for i, unit := range []string{"h", "m", "s"} {
			if parts[3+i] != "" {
				goForm += parts[3+i] + unit
			}
		}
		d, err := time.ParseDuration(goForm)
		return d, err == nil
	}
	if days, ok := strings.CutSuffix(strings.ToLower(text), "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 36500 {
			return time.Duration(n) * 24 * time.Hour, true
		}
	}
	d, err := time.ParseDuration(strings.ToLower(strings.ReplaceAll(text, " ", "")))
	return d, err == nil
}

// sizeUnits are the units of sizes, as powers of two.
var sizeUnits = map[string]uint{"": 0, "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20, "g": 30, "gb": 30, "gib": 30, "t": 40, "tb": 40, "tib": 40}

// parseSize reads 64MB, 1GiB or a number of bytes.
func parseSize(text string) (int64, bool) {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	shift, ok := sizeUnits[strings.ToLower(text[len(digits):])]
	n, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 63)
	if !ok || err != nil || n > math.MaxInt64>>shift {
		return 0, false
	}
	return int64(n) << shift, true
}

// splitList parts a text at its commas.
func splitList(text string) []string {
	items := []string{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
