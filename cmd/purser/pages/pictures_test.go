package pages_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "folder to write a picture of each page to, in light, dark and as a phone shows it")

// The pictures of the documentation; without a folder for them it sees to it that each page can be taken.
func TestPictures(t *testing.T) {
	s, a := MustServe(t)
	story(t, a)
	browser := MustOpenBrowser(t)
	for _, look := range []struct {
		name, scheme  string
		width, height int64
	}{
		{"light", "light", 1280, 860},
		{"dark", "dark", 1280, 860},
		{"phone", "light", 390, 844},
	} {
		page := MustOpenTab(t, browser, s.Base(), withFeature("prefers-color-scheme", look.scheme), chromedp.EmulateViewport(look.width, look.height))
		for _, v := range append(views(), view{"platform", pathOf(t, a, "/api/deployers")}) {
			page.open(v.path)
			if v.name == "docs" || v.name == "logs" {
				settle(page, v)
			}
			eval[bool](page, `document.getElementById("live")?.hidden !== undefined || true`)
			ctx, cancel := context.WithTimeout(page.ctx, patience)
			picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			cancel()
			if err != nil || len(picture) < 1000 {
				t.Fatalf("%s in %s: %d bytes, %v", v.name, look.name, len(picture), err)
			}
			if *pictures != "" {
				if err := os.WriteFile(filepath.Join(*pictures, v.name+"-"+look.name+".png"), picture, 0o644); err != nil { //nolint:gosec // for everybody
					t.Fatal(err)
				}
			}
		}
		page.clean()
	}
}
