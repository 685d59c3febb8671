package shell_test

import (
	"testing"
	"time"

	"purser/shell"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT30S": 30 * time.Second, "pt1m": time.Minute, "PT1M30S": 90 * time.Second, "PT0.5S": time.Second / 2, "P1DT1H": 25 * time.Hour,
		"PT-5S": -5 * time.Second, "-PT5S": -5 * time.Second, "P2D": 48 * time.Hour, "PT-0.25S": -time.Second / 4, "PT1,5S": 1500 * time.Millisecond,
		"30s": 30 * time.Second, "30S": 30 * time.Second, "250": 250 * time.Millisecond, "5m": 5 * time.Minute, "1h": time.Hour, "2d": 48 * time.Hour,
		"1500us": 1500 * time.Microsecond, "7ns": 7, "-1s": -time.Second, "+1s": time.Second, "0": 0,
	} {
		if got, err := shell.ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"1.5h": "'1.5h' is not a valid duration", "30x": "'30x' is not a valid simple duration", "": "'' is not a valid duration",
		"P": "'P' is not a valid duration", "PT": "'PT' is not a valid duration", "soon": "'soon' is not a valid duration",
		"99999999999999999999s": "'99999999999999999999s' is not a valid simple duration", "9223372036854775807d": "'9223372036854775807d' is not a valid simple duration",
		"PT99999999999999999999H": "'PT99999999999999999999H' is not a valid duration", "1 s": "'1 s' is not a valid duration", "30sec": "'30sec' is not a valid duration",
	} {
		if got, err := shell.ParseDuration(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v, %v; want %s", text, got, err, want)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"PT30S", "P1DT2H3M4.5S", "30x", "-1s", "P", "99999999999d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := shell.ParseDuration(text); err != nil && d != 0 {
			t.Fatalf("%q: %v with %v", text, d, err)
		}
	})
}
