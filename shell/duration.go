package shell

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	isoDuration    = lazily(`(?i)^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$`)
	simpleDuration = lazily(`^([-+]?\d+)([a-zA-Z]{0,2})$`)
	bareDuration   = lazily(`(?i)^(\d+(ns|us|ms|s|m|h|d)|P[\dDTHMS.]+)$`)
)

// lazily compiles an expression when it is first needed: most lines need none.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

var durationUnits = map[string]time.Duration{
	"": time.Millisecond, "ns": time.Nanosecond, "us": time.Microsecond, "ms": time.Millisecond,
	"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
}

// ParseDuration reads a timeout (spec/clients.md §1.2): ISO-8601 as PT1M30S, or a number followed by ns, us, ms, s, m, h
// or d; a bare number is milliseconds. The error's text is the reference's.
func ParseDuration(text string) (time.Duration, error) {
	if m := isoDuration().FindStringSubmatch(text); m != nil && (m[2] != "" || len(m[3]) > 1) {
		return isoTime(text, m)
	}
	m := simpleDuration().FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("'%s' is not a valid duration", text)
	}
	unit, ok := durationUnits[strings.ToLower(m[2])]
	if !ok {
		return 0, fmt.Errorf("'%s' is not a valid simple duration", text)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || n > math.MaxInt64/int64(unit) || n < math.MinInt64/int64(unit) {
		return 0, fmt.Errorf("'%s' is not a valid simple duration", text)
	}
	return time.Duration(n) * unit, nil
}

func isoTime(text string, m []string) (time.Duration, error) {
	total := new(big.Int)
	for i, unit := range map[int]time.Duration{2: 24 * time.Hour, 4: time.Hour, 5: time.Minute, 6: time.Second} {
		if m[i] == "" {
			continue
		}
		n, ok := new(big.Int).SetString(strings.TrimPrefix(m[i], "+"), 10)
		if !ok {
			return 0, fmt.Errorf("'%s' is not a valid duration", text)
		}
		total.Add(total, n.Mul(n, big.NewInt(int64(unit))))
	}
	if m[7] != "" {
		n, err := strconv.ParseInt((m[7] + "000000000")[:9], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("'%s' is not a valid duration", text)
		}
		if strings.HasPrefix(m[6], "-") {
			n = -n
		}
		total.Add(total, big.NewInt(n))
	}
	if m[1] == "-" {
		total.Neg(total)
	}
	if !total.IsInt64() {
		return 0, fmt.Errorf("'%s' is not a valid duration", text)
	}
	return time.Duration(total.Int64()), nil
}
