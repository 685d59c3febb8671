package pages_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
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
		if *pictures == "" && look.name != "light" {
			continue
		}
		page := MustOpenTab(t, browser, s.Base(), withFeature("prefers-color-scheme", look.scheme), chromedp.EmulateViewport(look.width, look.height))
		for _, v := range append(views(), view{"platform", pathOf(t, a, "/api/deployers")}) {
			page.open(v.path)
			if v.name == "docs" || v.name == "logs" {
				settle(page, v)
			}
			// The folders of this test are nobody's; those of a server are these.
			eval[bool](page, fmt.Sprintf(`(() => { const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
				while (all.nextNode()) all.currentNode.data = all.currentNode.data.replaceAll(%q, "/srv/apps").replaceAll(%q, "/var/lib/purser");
				return true; })()`, theBuilt.apps, s.Folder))
			ctx, cancel := context.WithTimeout(page.ctx, patience)
			picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			cancel()
			if err != nil || len(picture) < 1000 {
				t.Fatalf("%s in %s: %d bytes, %v", v.name, look.name, len(picture), err)
			}
			if *pictures != "" {
				file := filepath.Join(*pictures, v.name+"-"+look.name+".png")
				if err := os.WriteFile(file, mustShrink(t, picture), 0o644); err != nil { //nolint:gosec // for everybody
					t.Fatal(err)
				}
			}
		}
		page.clean()
	}
}

// mustShrink reduces a picture to the 256 colours that it has most of: pages have few.
func mustShrink(tb testing.TB, data []byte) []byte {
	tb.Helper()
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	bounds := full.Bounds()
	counts := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[at(x, y)]++
		}
	}
	colours := make([]color.RGBA, 0, len(counts))
	for c := range counts {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		if n := counts[b] - counts[a]; n != 0 {
			return n
		}
		return int(a.R)<<16 + int(a.G)<<8 + int(a.B) - (int(b.R)<<16 + int(b.G)<<8 + int(b.B)) // the same each time
	})
	var few color.Palette
	for _, c := range colours[:min(len(colours), 256)] {
		few = append(few, c)
	}
	nearest := map[color.RGBA]uint8{}
	small := image.NewPaletted(bounds, few)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := at(x, y)
			index, known := nearest[c]
			if !known {
				index = uint8(few.Index(c)) //nolint:gosec // of 256
				nearest[c] = index
			}
			small.SetColorIndex(x, y, index)
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
