package repository_test

import (
	"testing"
	"time"

	"purser/repository"
)

func TestMillis(t *testing.T) {
	for name, row := range map[string]struct{ given, want time.Time }{
		"Zero":      {time.Time{}, time.Time{}},
		"Cut":       {time.Unix(1, 1_999_999).UTC(), time.Unix(1, 1_000_000).UTC()},
		"BeforeAll": {time.Unix(-1, 999_999).UTC(), time.Unix(-1, 0).UTC()},
		"ToUTC":     {time.Date(2026, 1, 1, 1, 0, 0, 0, time.FixedZone("", 3600)), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if got := repository.Millis(row.given); got != row.want { // the zone counts
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}
