package pages_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a person would wait for anything on these pages.
const patience = 40 * time.Second

// tab is a page of a browser.
type tab struct {
	tb   testing.TB
	ctx  context.Context
	base string

	mu       sync.Mutex
	problems []string // what the browser complained about
}

// step is something that is done in a browser.
type step = chromedp.Action[chromedp.Void]

// browser is a running browser.
type browser struct{ ctx context.Context }

// MustOpenBrowser starts a browser with an empty profile, which ends with the test.
func MustOpenBrowser(tb testing.TB) browser {
	tb.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(theBuilt.browser), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.UserDataDir(tb.TempDir()), chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
	)
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	tb.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the end of the process, so that its folder can go
		end()
		release()
	})
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("starting %s: %v", theBuilt.browser, err)
	}
	return browser{ctx}
}

// MustOpenTab opens a page of the browser for a server.
func MustOpenTab(tb testing.TB, b browser, base string, first ...step) *tab {
	tb.Helper()
	ctx, end := chromedp.NewContext(b.ctx)
	tb.Cleanup(end)
	t := &tab{tb: tb, ctx: ctx, base: base}
	if err := chromedp.Do(ctx, first...); err != nil { // not within a time: the page ends with what it was opened for
		tb.Fatal(err)
	}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.complain(e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			// That a server is gone, or refuses, is no fault of a page.
			if e.Entry.Level == cdplog.EntryLevelError && e.Entry.Source != cdplog.EntrySourceNetwork {
				t.complain(e.Entry.Text)
			}
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	t.run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdplog.Enable, cdp.Empty{})
		return err
	}))
	return t
}

// withoutScripts is a browser whose reader has turned JavaScript off.
func withoutScripts() step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

// withFeature sets what a style sheet can ask for, such as prefers-color-scheme.
func withFeature(name, value string) step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: name, Value: value}},
		})
		return err
	})
}

func (t *tab) complain(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.problems = append(t.problems, text)
}

// clean fails the test if the browser complained: about scripts, or about what the pages' own policy forbids.
func (t *tab) clean() {
	t.tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.problems {
		t.tb.Errorf("the browser complains: %s", p)
	}
	t.problems = nil
}

// run does steps one after another, within the patience of a person.
func (t *tab) run(steps ...step) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.tb.Fatalf("%v\n%s", err, t.seen())
	}
}

// open goes to a page and waits until it is there.
func (t *tab) open(path string) {
	t.tb.Helper()
	t.run(chromedp.Navigate(t.base+path), chromedp.WaitReady(chromedp.CSS("main")))
}

// press presses the first element that is of this kind and whose text begins so, and waits for the page behind it.
func (t *tab) press(kind, text string) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	path := fmt.Sprintf(`//main//*[%s][starts-with(normalize-space(.), "%s")]`, kind, text)
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(path)); err != nil {
		t.tb.Fatalf("pressing %s: %v\n%s", text, err, t.seen())
	}
	t.run(chromedp.WaitReady(chromedp.CSS("main")))
}

// What can be pressed, for press.
const (
	button = `self::button or contains(concat(" ", @class, " "), " button ")`
	link   = `self::a`
)

// seen is the path and the text of the page.
func (t *tab) seen() string {
	ctx, cancel := context.WithTimeout(t.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? location.pathname + "\n" + document.body.innerText : ""`))
	if err != nil {
		return err.Error()
	}
	return text
}

// eval gives what an expression says about the page.
func eval[T any](t *tab, expression string) T {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.tb.Fatalf("%s: %v", expression, err)
	}
	return value
}

// await waits until an expression about the page is true. Without scripts somebody has to load the page again.
func (t *tab) await(expression string, reload bool) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	pause := time.NewTicker(100 * time.Millisecond)
	defer pause.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			t.tb.Fatalf("never true: %s (%v)\n%s", expression, err, t.seen())
		case <-pause.C:
		}
		if reload {
			t.run(chromedp.Reload())
		}
	}
}

// has tells whether the page shows a text.
func has(text string) string { return fmt.Sprintf("document.body.innerText.includes(%q)", text) }

// activate brings the tab to the front.
func activate() step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdppage.BringToFront, cdp.Empty{})
		return err
	})
}
