package client

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustFrames(tb testing.TB, text, last string) (all []frame) {
	tb.Helper()
	if err := readFrames(strings.NewReader(text), last, func(f frame) error { all = append(all, f); return nil }); err != nil {
		tb.Fatal(err)
	}
	return all
}

func TestReadFrames(t *testing.T) {
	opts := cmp.AllowUnexported(frame{})
	for _, c := range []struct {
		rule, text string
		want       []frame
	}{
		{"nothing", "", nil},
		{"the opening", "retry: 2000\nid: 6\n\n", []frame{{id: "6", retry: 2 * time.Second}}},
		{"an event", "id: 7\nevent: release\ndata: {}\n\n", []frame{{id: "7", event: "release", data: "{}"}}},
		{"the id stays", "id: 7\n\ndata: x\n\n", []frame{{id: "7"}, {id: "7", data: "x"}}},
		{"an empty id forgets it", "id: 7\n\nid\ndata: x\n\n", []frame{{id: "7"}, {data: "x"}}},
		{"an id with a NUL does not count", "id: 7\x00\ndata: x\n\n", []frame{{id: "1", data: "x"}}},
		{"several lines of data", "data: a\ndata:b\ndata:  c\n\n", []frame{{id: "1", data: "a\nb\n c"}}},
		{"a comment", ":\nid: 8\n\n", []frame{{id: "8"}}},
		{"CR, LF and CR LF", "data: a\r\ndata: b\rdata: c\n\r\n", []frame{{id: "1", data: "a\nb\nc"}}},
		{"a mark of order", "\ufeffdata: a\n\n", []frame{{id: "1", data: "a"}}},
		{"fields that nobody knows", "x: y\ndata: a\nretry: soon\n\n", []frame{{id: "1", data: "a"}}},
		{"what is not finished", "data: a\n\ndata: b\n", []frame{{id: "1", data: "a"}}},
		{"a line that is not finished", "data: a\n\ndata: b", []frame{{id: "1", data: "a"}}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, mustFrames(t, c.text, "1"), opts); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestReadFramesEnds(t *testing.T) {
	broken, stop := errors.New("broken"), errors.New("stop")
	in := iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("data: a\n\n")))
	if err := readFrames(in, "", func(frame) error { return nil }); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("the reader's error comes out as %v", err)
	}
	if err := readFrames(iotest.ErrReader(broken), "", func(frame) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("the reader's error comes out as %v", err)
	}
	n := 0
	err := readFrames(strings.NewReader("data: a\n\ndata: b\n\n"), "", func(frame) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("%d blocks and %v behind the error of the visitor", n, err)
	}
	if err := readFrames(strings.NewReader(strings.Repeat("x", maxLine+1)), "", func(frame) error { return nil }); err == nil {
		t.Error("a line without end is no error")
	}
}

// However the bytes come, the blocks are the same.
func TestFramesDoNotDependOnPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.SampledFrom([]string{"data: a", "data", "id: 5", "event: e", ":", "", "", "retry: 3", "x\u00e9"})).Draw(t, "lines")
		var text strings.Builder
		for _, line := range lines {
			text.WriteString(line + rapid.SampledFrom([]string{"\n", "\r", "\r\n"}).Draw(t, "end"))
		}
		var whole, bytewise []frame
		keep := func(to *[]frame) func(frame) error {
			return func(f frame) error { *to = append(*to, f); return nil }
		}
		if err := readFrames(strings.NewReader(text.String()), "", keep(&whole)); err != nil {
			t.Fatal(err)
		}
		if err := readFrames(iotest.OneByteReader(strings.NewReader(text.String())), "", keep(&bytewise)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, bytewise, cmp.AllowUnexported(frame{})); diff != "" {
			t.Fatalf("-whole +bytewise:\n%s", diff)
		}
	})
}

func FuzzReadFrames(f *testing.F) {
	f.Add("retry: 2000\nid: 6\n\nevent: x\ndata: {}\n\n")
	f.Add("\ufeffdata\r\r\n:\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, got := range mustFrames(t, text, "") {
			if strings.ContainsAny(got.id+got.event, "\r\n") || strings.Contains(got.data, "\r") || strings.Contains(got.id, "\x00") {
				t.Errorf("%q has a block %+v", text, got)
			}
		}
	})
}
