package client

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Waits double up to the longest, and lie between half of that and all of it.
func TestRetryWait(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Retry{
			First: time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "first")),
			Most:  time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "most")),
		}
		want := r.First
		for n := range 70 {
			most := min(want, r.Most)
			if got := r.wait(n); got < most/2 || got > most {
				t.Fatalf("wait %d of %+v is %s, not about %s", n, r, got, most)
			}
			want = min(2*want, r.Most)
		}
	})
}

func TestRetryDefaults(t *testing.T) {
	if got := (Retry{}).filled(); got != (Retry{DefaultRetries, DefaultRetryFirst, DefaultRetryMost}) {
		t.Errorf("%+v", got)
	}
	if got := (Retry{Times: -1}).filled(); got.Times >= 0 {
		t.Errorf("never again is %+v", got)
	}
}
