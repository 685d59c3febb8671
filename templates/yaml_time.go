package templates

import (
	"encoding/base64"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// timeForm are the dates of YAML 1.1: a full day, or a day (of one or two digits) with a time.
var timeForm = regexp.MustCompile(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)` +
	`[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$`)

var timeParts = regexp.MustCompile(`^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})` +
	`(?:\.([0-9]*))?(?:[ \t]*(?:Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?$`)

// isoTime reads a date and writes it in UTC as dumps have it: with a fraction of three digits unless that is zero. Days
// and hours beyond their end roll over, as with the reference.
func isoTime(s string) (string, error) {
	m := timeParts.FindStringSubmatch(s)
	if m == nil {
		return "", fmt.Errorf("%q is no date", s)
	}
	n := make([]int, len(m))
	for i, part := range m {
		if i != 7 && i != 8 && part != "" {
			n[i], _ = strconv.Atoi(part) // digits only, by the form
		}
	}
	var nanos int
	if m[7] != "" {
		fraction, err := strconv.ParseFloat("0."+m[7], 64)
		if err != nil {
			return "", fmt.Errorf("%q is no date", s)
		}
		nanos = int(math.Round(fraction*1000)) * int(time.Millisecond)
	}
	t := time.Date(n[1], time.Month(n[2]), n[3], n[4], n[5], n[6], nanos, time.UTC)
	if n[9] < 24 && n[10] < 60 { // zones beyond are read as UTC
		offset := time.Duration(n[9])*time.Hour + time.Duration(n[10])*time.Minute
		if m[8] == "+" {
			offset = -offset
		}
		t = t.Add(offset)
	}
	if t.Year() < 0 || t.Year() > 9999 {
		return "", fmt.Errorf("%q is no date", s)
	}
	if t.Nanosecond() > 0 {
		return t.Format("2006-01-02T15:04:05.000Z"), nil
	}
	return t.Format("2006-01-02T15:04:05Z"), nil
}

// javaDate writes a date of isoTime as it shows in text.
func javaDate(iso string) string {
	t, err := time.Parse(time.RFC3339Nano, iso)
	if err != nil {
		return iso
	}
	return t.Format("Mon Jan 02 15:04:05 UTC 2006")
}

// decodeBinary reads base64, blanks and line breaks aside.
func decodeBinary(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		return "", fmt.Errorf("it is no base64")
	}
	return string(b), nil
}
