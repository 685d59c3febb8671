package config

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "250": 250 * time.Millisecond, "-1": -time.Millisecond, "10s": 10 * time.Second, "1m30s": 90 * time.Second, "1M": time.Minute, "2h": 2 * time.Hour, "2 h": 2 * time.Hour,
		"100ms": 100 * time.Millisecond, "3d": 72 * time.Hour, "PT10S": 10 * time.Second, "pt1h30m": 90 * time.Minute, "P1D": 24 * time.Hour, "P1DT0.5S": 24*time.Hour + time.Second/2, "-PT1S": -time.Second,
	} {
		if got, ok := parseDuration(text); !ok || got != want {
			t.Errorf("%q: got %s, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "P", "PT", "-PT", "P1DT", "1x", "s", "99999999999999999", "-99999999999999999", "P99999D", "P99999999999999999999D", "99999d", "d", "x1d", "PT1.S", "soon"} {
		if got, ok := parseDuration(text); ok {
			t.Errorf("%q: got %s", text, got)
		}
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "12": 12, "12B": 12, "1KB": 1024, "1k": 1024, "1KiB": 1024, "64MB": 64 << 20, "64 mb": 64 << 20, "2G": 2 << 30, "1TiB": 1 << 40} {
		if got, ok := parseSize(text); !ok || got != want {
			t.Errorf("%q: got %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "MB", "-1", "1.5GB", "1PB", "9999999999TB", "99999999999999999999", "1MBx", "0x10"} {
		if got, ok := parseSize(text); ok {
			t.Errorf("%q: got %d", text, got)
		}
	}
}

func TestSizesAndDurationsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Min(0).Draw(t, "size")
		if got, ok := parseSize(sizeText(n)); !ok || got != n {
			t.Fatalf("%s reads as %d", sizeText(n), got)
		}
		d := time.Duration(rapid.Int64Range(0, int64(1000*time.Hour)).Draw(t, "duration"))
		if got, ok := parseDuration(durationText(d)); !ok || got != d {
			t.Fatalf("%s reads as %s", durationText(d), got)
		}
	})
}

func TestHealthDefaults(t *testing.T) {
	const health = "spring.cloud.skipper.server.strategies.healthcheck."
	for _, row := range []struct {
		rule, timeout string
		want          time.Duration
	}{
		{"as shipped", "", 300 * time.Second},
		{"milliseconds", "60000", time.Minute},
		{"durations", "2m", 2 * time.Minute},
		{"0 is no time", "0", 300 * time.Second},
		{"less than 0 is no time", "-1", 300 * time.Second},
	} {
		o := options(t.TempDir())
		o.Args = []string{"--" + health + "timeout-in-millis=" + row.timeout}
		c, _ := MustLoadWith(t, o)
		if c.Health.Timeout != row.want {
			t.Errorf("%s: got %+v", row.rule, c.Health)
		}
	}
}

func TestSplitNames(t *testing.T) {
	for name, want := range map[string]string{
		"a.b.c": "a|b|c", "a[0].b": "a|[0]|b", "a[b.c].d": "a|b.c|d", "a[b][c]": "a|b|c", "[a.b]": "a.b", "a[b": "a[b", "a": "a", "a..b": "a||b", "a[1][2]x": "a|[1]|[2]|x",
	} {
		got := ""
		for i, part := range split(name) {
			if i > 0 {
				got += "|"
			}
			if part.index {
				got += "[" + part.text + "]"
			} else {
				got += part.text
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
