package local_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"purser"
	"purser/deployer/local"
)

// mustFollow follows a deployment until the test ends.
func mustFollow(tb testing.TB, d *local.Deployer, id string, lines int) <-chan purser.LogLine {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	followed, err := d.FollowLogs(ctx, id, lines)
	if err != nil {
		tb.Fatal(err)
	}
	return followed
}

// mustSay makes an instance print.
func mustSay(tb testing.TB, i purser.Instance, text string) {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, i.Attributes["url"]+"/print", strings.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	_ = answer.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}

// mustHear reads until the text of one output has a line.
func mustHear(tb testing.TB, lines <-chan purser.LogLine, stream purser.LogStream, line string) {
	tb.Helper()
	for l := range lines {
		for text := range strings.SplitSeq(l.Text, "\n") {
			if l.Stream == stream && text == line {
				return
			}
		}
	}
	tb.Fatalf("%q was not heard", line)
}

func TestFollowLogs(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	one := MustRun(t, d, app("one", "serve"), 1).Instances[0]
	id := "test.one-v1"

	all := mustFollow(t, d, id, 100)
	mustHear(t, all, purser.LogStdout, "hello from "+one.ID)
	none := mustFollow(t, d, id, 0)
	mustSay(t, one, "first\nsecond\nno end")
	mustHear(t, all, purser.LogStdout, "second")
	if l := <-none; l.Text != "first\nsecond" || l.Instance != one.ID || l.Stream != purser.LogStdout || l.DeploymentID != id {
		t.Errorf("%+v", l)
	}
	MustUndeploy(t, d, id)
	if l := <-none; l.Text != "no end" {
		t.Errorf("%+v", l)
	}
	for _, rest := range []<-chan purser.LogLine{all, none} {
		for l := range rest {
			if l.Text != "no end" {
				t.Errorf("%+v", l)
			}
		}
	}
}

func TestFollowLogsFromTheStartOfAnInstance(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	slow := app("slow", "slow", "test.delay", "50ms")
	MustDeploy(t, d, slow)
	lines := mustFollow(t, d, slow.ID, 0)
	MustAwait(t, d, slow.ID, in(purser.StateDeployed, 1))
	if err := d.Scale(context.Background(), slow.ID, 2, nil); err != nil {
		t.Fatal(err)
	}
	mustHear(t, lines, purser.LogStdout, "hello from "+slow.ID+"-1") // the first line of one that comes later
	if err := d.Scale(context.Background(), slow.ID, 1, nil); err != nil {
		t.Fatal(err)
	}
	first := MustAwait(t, d, slow.ID, in(purser.StateDeployed, 1)).Instances[0]
	mustSay(t, first, "still here\n")
	mustHear(t, lines, purser.LogStdout, "still here")
}

func TestFollowLogsOfWhatHasFailed(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	crash := app("crash", "crash")
	MustDeploy(t, d, crash)
	MustAwait(t, d, crash.ID, in(purser.StateFailed, 1))
	mustHear(t, mustFollow(t, d, crash.ID, 1), purser.LogStderr, "stderr of "+crash.ID+"-0")
	lines, err := d.TailLogs(t.Context(), crash.ID, 1)
	if err != nil || len(lines) != 2 || lines[0].Stream != purser.LogStderr || lines[1].Text != "hello from "+crash.ID+"-0" {
		t.Errorf("%+v, %v", lines, err)
	}
}

// Every line is heard once and in order, however often the supervisor cuts the file.
func TestFollowLogsOverCuts(t *testing.T) {
	g := MustGround(t, nil)
	g.options.LogLimit = 2 << 10
	d := g.MustOpenAndClear()
	i := MustRun(t, d, app("cut", "serve"), 1).Instances[0]
	lines := mustFollow(t, d, "test.cut-v1", 0)
	n, heard := 0, 0
	for cut := range 3 {
		var b strings.Builder
		for range 100 {
			n++
			fmt.Fprintf(&b, "this is line number %d\n", n)
		}
		mustSay(t, i, b.String())
		for heard < n {
			l, ok := <-lines
			if !ok {
				t.Fatalf("it ended after %d lines", heard)
			}
			for text := range strings.SplitSeq(l.Text, "\n") {
				if heard++; text != fmt.Sprintf("this is line number %d", heard) {
					t.Fatalf("%q in place of line %d, after %d cuts", text, heard, cut)
				}
			}
		}
		awaitCut(t, i.Attributes["stdout"])
	}
}

// awaitCut waits until the file is empty.
func awaitCut(t *testing.T, name string) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for limit := time.After(patience); ; {
		if info, err := os.Stat(name); err == nil && info.Size() == 0 {
			return
		}
		select {
		case <-look.C:
		case <-limit:
			t.Fatal("the file is not cut")
		}
	}
}

func TestFollowLogsOfAFileThatSomebodyElseEmpties(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	i := MustRun(t, d, app("emptied", "serve"), 1).Instances[0]
	lines := mustFollow(t, d, "test.emptied-v1", 1)
	mustHear(t, lines, purser.LogStdout, "hello from "+i.ID)
	if err := os.Truncate(i.Attributes["stdout"], 0); err != nil {
		t.Fatal(err)
	}
	mustSay(t, i, "new\n")
	mustHear(t, lines, purser.LogStdout, "new")
}

// One source of events serves all followers, and nothing of it is left behind the last one.
func TestManyFollowers(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	i := MustRun(t, d, app("many", "serve"), 1).Instances[0]
	var all []<-chan purser.LogLine
	for range 300 { // more than a user may have sources of events
		all = append(all, mustFollow(t, d, "test.many-v1", 0))
	}
	mustSay(t, i, "to all\n")
	for _, lines := range all {
		mustHear(t, lines, purser.LogStdout, "to all")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, lines := range all {
		for range lines { // until it is closed
		}
	}
	if _, err := d.FollowLogs(t.Context(), "test.many-v1", 0); purser.ErrorCode(err) != purser.CodeUnavailable {
		t.Error(err)
	}
}
