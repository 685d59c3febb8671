package shell

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"purser/client"
)

// defaultWait is how long --wait waits that names no time.
const defaultWait = 5 * time.Minute

// changed shows what a change answered and, with --wait, follows it to its end. JSON and YAML come once, at the end.
func (c *Call) changed(ctx context.Context, made client.Release, goal client.Goal, text string) error {
	result := Result{Text: text, Data: made}
	if !c.Given("wait") {
		return c.Show(result)
	}
	if c.output == formTable {
		if err := c.Show(result); err != nil {
			return err
		}
	}
	info, err := c.wait(ctx, made, goal)
	if c.output != formTable {
		made.Info = info
		result.Data = made
		if shown := c.Show(result); shown != nil {
			return shown
		}
	}
	return err
}

// wait follows a change. Its error has the exit code that says how it ended.
func (c *Call) wait(ctx context.Context, made client.Release, goal client.Goal) (client.Info, error) {
	server, err := c.Client()
	if err != nil {
		return made.Info, err
	}
	within := defaultWait
	if d, err := c.duration("wait"); err == nil && d != nil && *d > 0 {
		within = *d
	}
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	line := c.newProgress()
	r := client.WaitRequest{
		ReleaseName: made.Name, Version: made.Version, Goal: goal,
		Progress: func(p client.Progress) { line.show(progressText(made, p)) },
	}
	got, err := server.Wait(limited, r)
	line.end()
	if got.Info.Status.Code == "" {
		got.Info = made.Info
	}
	what := fmt.Sprintf("%s v%d", made.Name, made.Version)
	switch {
	case ctx.Err() != nil:
		return got.Info, &StatusError{ExitInterrupt, tellf("Interrupted. The operation on %s goes on; release cancel ends it.", what)}
	case errors.Is(err, context.DeadlineExceeded):
		return got.Info, &StatusError{ExitTimeout, tellf("%s is not ready after %s. The operation goes on; release status tells how it stands.", what, within)}
	case err != nil:
		return got.Info, err
	}
	because := ""
	if got.Message != "" {
		because = ": " + got.Message
	}
	switch got.Outcome {
	case client.OutcomeFailed:
		return got.Info, &StatusError{ExitNotTaken, fmt.Errorf("%s has failed%s", what, because)}
	case client.OutcomeCancelled:
		return got.Info, &StatusError{ExitCancelled, fmt.Errorf("%s was cancelled%s", what, because)}
	}
	return got.Info, nil
}

func progressText(made client.Release, p client.Progress) string {
	name := p.Application
	if name == "" {
		name = p.DeploymentID
	}
	switch {
	case name != "" && p.Detail != "":
		return fmt.Sprintf("%s v%d: %s %s: %s", made.Name, made.Version, name, p.State, printable(p.Detail))
	case name != "":
		return fmt.Sprintf("%s v%d: %s %s", made.Name, made.Version, name, p.State)
	case p.Detail != "":
		return fmt.Sprintf("%s v%d: %s: %s", made.Name, made.Version, p.Phase, printable(p.Detail))
	}
	return fmt.Sprintf("%s v%d: %s", made.Name, made.Version, p.Phase)
}

// progress is one line on a terminal that is written anew; elsewhere each text is a line of its own.
type progress struct {
	mu    sync.Mutex
	call  *Call
	shown bool
	ended bool
	last  string
}

func (c *Call) newProgress() *progress { return &progress{call: c} }

func (p *progress) show(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || p.call.Quiet() || text == p.last {
		return
	}
	p.last = text
	if !p.call.Streams.ErrTerminal {
		fmt.Fprintln(p.call.Streams.Err, text)
		return
	}
	p.shown = true
	fmt.Fprintf(p.call.Streams.Err, "\r\x1b[K%s", clip(text, p.call.Streams.width()))
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.call.Streams.Err, "\r\x1b[K")
	}
	p.ended = true
}

// clip cuts a line so that it does not wrap.
func clip(text string, columns int) string {
	if columns <= 1 || displayWidth(text) < columns {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && displayWidth(string(runes)) >= columns {
		runes = runes[:len(runes)-1]
	}
	return string(runes)
}
