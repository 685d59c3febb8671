package client

import (
	"encoding/json"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// The forms of spec/clients.md §2.
func TestTime(t *testing.T) {
	day := time.Date(2018, 1, 25, 17, 6, 20, 0, time.UTC)
	fraction := day.Add(43 * time.Millisecond)
	for _, c := range []struct {
		text string // JSON
		want time.Time
	}{
		{`"2018-01-25T17:06:20.043+00:00"`, fraction},
		{`"2018-01-25T17:06:20.043+0000"`, fraction},
		{`"2018-01-25T17:06:20.043Z"`, fraction},
		{`"2018-01-25T18:06:20.043+01:00"`, fraction},
		{`"2018-01-25T18:06:20.043+01"`, fraction},
		{`"2018-01-25T17:06:20.043"`, fraction},
		{`"2018-01-25T17:06:20.043000000Z"`, fraction},
		{`"2018-01-25T17:06:20Z"`, day},
		{`"2018-01-25T17:06:20"`, day},
		{`"2018-01-25T17:06Z"`, day.Truncate(time.Minute)},
		{`"2018-01-25"`, time.Date(2018, 1, 25, 0, 0, 0, 0, time.UTC)},
		{`"Thu, 25 Jan 2018 17:06:20 GMT"`, day},
		{`"Thu, 25 Jan 2018 18:06:20 +0100"`, day},
		{`1516899980043`, fraction},
		{`"1516899980043"`, fraction},
		{`1516899980043.0`, fraction},
		{`-1`, time.UnixMilli(-1)},
		{`null`, time.Time{}},
		{`""`, time.Time{}},
	} {
		t.Run(c.text, func(t *testing.T) {
			var got Time
			if err := json.Unmarshal([]byte(c.text), &got); err != nil {
				t.Fatal(err)
			}
			if !got.Equal(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	for _, text := range []string{`"2018-01-25 17:06:20"`, `"yesterday"`, `{}`, `true`, `1e300`} {
		var got Time
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %v", text, got)
		}
	}
}

func TestTimeIsWrittenAsRead(t *testing.T) {
	for _, text := range []string{`"2018-01-25T17:06:20.043Z"`, `null`} {
		var got Time
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if out, err := json.Marshal(got); err != nil || string(out) != text {
			t.Errorf("%s is written as %s, %v", text, out, err)
		}
		if out, err := yaml.Marshal(map[string]Time{"at": got}); err != nil || string(out) != "at: "+text+"\n" {
			t.Errorf("%s is written as %s, %v", text, out, err)
		}
	}
}

func FuzzTime(f *testing.F) {
	for _, seed := range []string{`"2018-01-25T17:06:20.043+00:00"`, `"Thu, 25 Jan 2018 17:06:20 GMT"`, `1516899980043`, `null`, `1e18`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var first, again Time
		if first.UnmarshalJSON([]byte(text)) != nil {
			return
		}
		if first.Year() < 0 || first.Year() > 9999 {
			return // beyond what ISO 8601 writes without agreement
		}
		out, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.UnmarshalJSON(out); err != nil || !again.Truncate(time.Millisecond).Equal(first.Truncate(time.Millisecond)) {
			t.Errorf("%q: %v is written as %s and read as %v, %v", text, first, out, again, err)
		}
	})
}
