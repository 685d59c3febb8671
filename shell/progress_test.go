package shell

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func terminalCall(columns int) (*Call, *bytes.Buffer) {
	var printed bytes.Buffer
	s := Streams{Out: &printed, Err: &printed, OutTerminal: true, ErrTerminal: true, Columns: func() int { return columns }}
	return &Call{Command: &Command{}, Streams: s}, &printed
}

// On a terminal one line is written anew and taken away at the end; elsewhere each text is a line.
func TestProgress(t *testing.T) {
	c, printed := terminalCall(10)
	line := c.newProgress()
	line.show("one")
	line.show("one")
	line.show("a longer text")
	line.end()
	line.show("too late")
	if want := "\r\x1b[Kone\r\x1b[Ka longer \r\x1b[K"; printed.String() != want {
		t.Errorf("%q", printed.String())
	}
	c, printed = terminalCall(0)
	c.Streams.ErrTerminal = false
	line = c.newProgress()
	line.show("one")
	line.end()
	if printed.String() != "one\n" {
		t.Errorf("%q", printed.String())
	}
	c, printed = terminalCall(0)
	c.given = Arguments{"quiet": nil}
	c.newProgress().show("one")
	if printed.String() != "" {
		t.Errorf("%q", printed.String())
	}
}

// An upload has a bar when it takes a while, and none before.
func TestBar(t *testing.T) {
	c, printed := terminalCall(120)
	b := c.newBar("demo:1.0.0", 3<<20)
	half := make([]byte, 3<<19)
	if _, err := b.Write(half); err != nil || printed.String() != "" {
		t.Errorf("%q, %v", printed.String(), err)
	}
	b.begun = time.Now().Add(-2 * barAfter)
	if _, err := b.Write(half); err != nil {
		t.Fatal(err)
	}
	b.end()
	if want := "\r\x1b[Kdemo:1.0.0 [" + strings.Repeat("=", 30) + "] 100% of 3.0 MiB\r\x1b[K"; printed.String() != want {
		t.Errorf("%q", printed.String())
	}
}

func TestSizeText(t *testing.T) {
	for bytes, want := range map[int64]string{7: "7 bytes", 1536: "1.5 KiB", 5 << 20: "5.0 MiB"} {
		if got := sizeText(bytes); got != want {
			t.Errorf("%d: %s", bytes, got)
		}
	}
}

func TestJavaDate(t *testing.T) {
	at := time.Date(2018, 9, 3, 8, 4, 5, 0, time.UTC)
	for _, row := range []struct {
		zone *time.Location
		want string
	}{
		{time.UTC, "Mon Sep 03 08:04:05 UTC 2018"},
		{time.FixedZone("IST", 5*3600+1800), "Mon Sep 03 13:34:05 IST 2018"},
		{time.FixedZone("+03", 3*3600), "Mon Sep 03 11:04:05 GMT+03:00 2018"},
		{time.FixedZone("-0930", -(9*3600 + 1800)), "Sun Sep 02 22:34:05 GMT-09:30 2018"},
	} {
		if got := javaDate(at, row.zone); got != row.want {
			t.Errorf("%s, want %s", got, row.want)
		}
	}
	if got := javaDate(time.Time{}, time.UTC); got != "" {
		t.Error(got)
	}
}
