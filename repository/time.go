package repository

import "time"

// Millis gives a time as stores keep it: in UTC, cut to the millisecond. The zero time stays the zero time.
func Millis(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
