package pages_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// violation is what axe finds.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// mustInstallAxe fetches the checks from npm, as they are pinned, and gives their script.
func mustInstallAxe(tb testing.TB) string {
	tb.Helper()
	folder := tb.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/axe")); err != nil {
		tb.Fatal(err)
	}
	command := exec.CommandContext(tb.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	command.Dir = folder
	if out, err := command.CombinedOutput(); err != nil {
		tb.Fatalf("npm ci (Debian: apt-get install nodejs npm): %v\n%s", err, out)
	}
	script, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(script)
}

// No page has a serious fault that axe knows of, in light and in dark, and none is wider than its window.
func TestAccessibility(t *testing.T) {
	script := mustInstallAxe(t)
	s, a := MustServe(t)
	story(t, a)
	browser := MustOpenBrowser(t)
	all := append(views(), view{"platform", pathOf(t, a, "/api/deployers")})
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			page := MustOpenTab(t, browser, s.Base(), withFeature("prefers-color-scheme", scheme))
			for _, v := range all {
				page.open(v.path)
				settle(page, v)
				check(t, page, v, script)
				page.clean()
			}
			page.open("/browse/release/storefront/upgrade")
			page.press(button, "Show what would happen")
			check(t, page, view{name: "what an upgrade would do"}, script)
			page.open("/browse/upload")
			eval[bool](page, `!(document.getElementById("file").required = false)`)
			page.press(button, "Upload")
			check(t, page, view{name: "a refused form"}, script)
		})
	}
	t.Run("narrow", func(t *testing.T) {
		page := MustOpenTab(t, browser, s.Base(), chromedp.EmulateViewport(360, 740))
		for _, v := range all {
			page.open(v.path)
			settle(page, v)
			if wide := eval[int](page, "document.documentElement.scrollWidth"); wide > 360 {
				t.Errorf("%s is %d pixels wide in a window of 360", v.name, wide)
			}
			check(t, page, v, script)
		}
	})
}

// settle waits until a page that is made by a script is there, and opens what is closed.
func settle(page *tab, v view) {
	switch v.name {
	case "docs":
		page.await(`document.querySelectorAll("#swagger .opblock").length > 20`, false)
	case "logs":
		page.await(`document.getElementById("log-text").textContent.includes("listens on port")`, false)
	}
	eval[bool](page, `[...document.querySelectorAll("details")].every((d) => d.open = true)`)
}

// check fails the test for each serious fault that axe finds on a page.
func check(t *testing.T, page *tab, v view, script string) {
	t.Helper()
	// The page's policy binds the page; what the tools of a developer evaluate it lets be.
	eval[bool](page, script+";true")
	faults := eval[[]violation](page, `axe.run(document, {resultTypes: ["violations"]}).then((r) => `+
		`r.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `+
		`({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map((n) => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`)
	for _, found := range faults {
		t.Errorf("%s: %s (%s): %s", v.name, found.ID, found.Impact, found.Help)
		for _, n := range found.Nodes[:min(len(found.Nodes), 3)] {
			t.Logf("   %.200s\n   %s", n.HTML, n.FailureSummary)
		}
	}
}
