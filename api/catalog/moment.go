package catalog

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The forms of ISO 8601: dates of a calendar, of a week and of a year, and times with and without colons. What is missing
// at the end does not count.
var (
	calendarDate = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2}))?|(\d{2})(\d{2}))?$`)
	weekDate     = regexp.MustCompile(`^(\d{4})-?W(\d{2})(?:-?([1-7]))?$`)
	yearDate     = regexp.MustCompile(`^(\d{4})-?(\d{3})$`)
	timeOfDay    = regexp.MustCompile(`^(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?|(\d{2})(?:(\d{2})(?:[.,](\d+))?)?)?([Zz]|[+-]\d{2}(?::?\d{2})?)?$`)
)

// parseMoment reads a date, with or without a time, in one of the forms of ISO 8601. Without a zone it is in UTC. As in
// the original the 31st of a shorter month is a day of the next one.
func parseMoment(text string) (time.Time, bool) {
	date, rest := text, ""
	if i := strings.IndexAny(text, "T \t\n"); i > 0 {
		date, rest = text[:i], text[i+1:]
		if rest == "" {
			return time.Time{}, false
		}
	}
	day, ok := parseDate(date)
	if !ok || rest == "" {
		return day, ok
	}
	part := timeOfDay.FindStringSubmatch(rest)
	if part == nil {
		return time.Time{}, false
	}
	hour, minute, second := number(part[1]), number(part[2]+part[5]), number(part[3]+part[6])
	if minute > 59 || second > 59 || hour > 24 || hour == 24 && minute+second > 0 {
		return time.Time{}, false
	}
	fraction := (part[4] + part[7] + "000000000")[:9]
	at := day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second + time.Duration(number(fraction)))
	offset, ok := parseZone(part[8])
	return at.Add(-offset), ok
}

func parseDate(text string) (time.Time, bool) {
	if part := calendarDate.FindStringSubmatch(text); part != nil {
		month, day := max(1, number(part[2]+part[4])), max(1, number(part[3]+part[5]))
		ok := month <= 12 && day <= 31 && part[2]+part[4] != "00" && part[3]+part[5] != "00"
		return time.Date(number(part[1]), time.Month(month), day, 0, 0, 0, 0, time.UTC), ok
	}
	if part := weekDate.FindStringSubmatch(text); part != nil {
		week, day := number(part[2]), max(1, number(part[3]))
		fourth := time.Date(number(part[1]), time.January, 4, 0, 0, 0, 0, time.UTC) // is in the first week
		monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
		return monday.AddDate(0, 0, 7*(week-1)+day-1), week >= 1 && week <= 53
	}
	if part := yearDate.FindStringSubmatch(text); part != nil {
		day := number(part[2])
		return time.Date(number(part[1]), time.January, day, 0, 0, 0, 0, time.UTC), day >= 1 && day <= 366
	}
	return time.Time{}, false
}

// parseZone reads Z, +hh, +hh:mm or +hhmm.
func parseZone(text string) (time.Duration, bool) {
	if text == "" || text == "Z" || text == "z" {
		return 0, true
	}
	digits := strings.ReplaceAll(text[1:], ":", "") + "00"
	hours, minutes := number(digits[:2]), number(digits[2:4])
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if text[0] == '-' {
		offset = -offset
	}
	return offset, hours <= 23 && minutes <= 59
}

// number reads digits; none are 0.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
