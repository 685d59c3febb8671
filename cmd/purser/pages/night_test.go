package pages_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/memory"
	"github.com/chromedp/chromedp"
)

// A page that is open for long holds no more after many changes than after a few.
func TestOpenForLong(t *testing.T) {
	s, a := MustServe(t)
	mustUpload(t, a, examples(t)...)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	page := MustOpenTab(t, MustOpenBrowser(t), s.Base())
	page.open("/api/release/status/hello")
	page.await(`!document.getElementById("live").hidden`, false)
	change := func(times int) {
		for n := range times {
			count := 1 + (n+1)%2
			mustCall(t, a, http.MethodPost, "/api/release/scale/hello", map[string]any{"scale": []map[string]any{{"name": "hello", "count": count}}})
			page.await(`document.querySelectorAll("#applications tbody tr").length === `+string(rune('0'+count)), false)
		}
	}
	change(4)
	before := held(page)
	change(10)
	after := held(page)
	if after.Nodes > before.Nodes+before.Nodes/4 || after.JsEventListeners > before.JsEventListeners+before.JsEventListeners/4 || after.Documents > before.Documents+1 {
		t.Errorf("before: %+v, after: %+v", before, after)
	}
	page.clean()
}

// held is what the page holds when the garbage is gone.
func held(t *tab) memory.GetDOMCountersResult {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	counters, err := chromedp.Run(ctx, func(ctx context.Context, target *chromedp.Target) (memory.GetDOMCountersResult, error) {
		if _, err := cdp.Call(ctx, target, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
			return memory.GetDOMCountersResult{}, err
		}
		return cdp.Call(ctx, target, memory.GetDOMCounters, cdp.Empty{})
	})
	if err != nil {
		t.tb.Fatal(err)
	}
	return counters
}
