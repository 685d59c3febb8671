package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Time is a date of the API. It reads each form that Skipper's clients read (spec/clients.md §2): ISO 8601 with and without
// fraction, zone and time of day, RFC 1123, and milliseconds since 1970. null and "" are the zero Time.
type Time struct{ time.Time }

// layouts are the written forms of a date, after a lower-case z or t has been put in capitals. A fraction of any length
// is read behind seconds.
var layouts = []string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05Z07",
	"2006-01-02T15:04:05",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04Z0700",
	"2006-01-02T15:04",
	"2006-01-02",
	time.RFC1123,
	time.RFC1123Z,
	"Mon, 2 Jan 2006 15:04:05 MST",
	"Mon, 2 Jan 2006 15:04:05 -0700",
}

// ParseTime reads a date in any of the forms of Time.
func ParseTime(text string) (Time, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Time{}, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return Time{t.UTC()}, nil
		}
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Time{time.UnixMilli(ms).UTC()}, nil
	}
	return Time{}, fmt.Errorf("%q is no date", text)
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0, string(raw) == "null":
		*t = Time{}
		return nil
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		var err error
		*t, err = ParseTime(text)
		return err
	}
	if ms, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		*t = Time{time.UnixMilli(ms).UTC()}
		return nil
	}
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.Abs(seconds) > math.MaxInt64/2 {
		return fmt.Errorf("%s is no date", raw)
	}
	*t = Time{time.UnixMilli(int64(seconds)).UTC()}
	return nil
}

// MarshalJSON writes the date as the server does, with milliseconds; the zero Time is null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}

// MarshalYAML gives the date for YAML, in the form of JSON; the zero Time is null.
func (t Time) MarshalYAML() (any, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00"), nil
}
