package pages_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The whole story of a release, from an empty server: nothing but pages is used.
func TestStory(t *testing.T) {
	for _, row := range []struct {
		name    string
		first   []step
		scripts bool
	}{
		{"with JavaScript, which shows what happens in place", nil, true},
		{"without JavaScript", []step{withoutScripts()}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := MustServe(t)
			page := MustOpenTab(t, MustOpenBrowser(t), s.Base(), row.first...)
			tell(t, page, !row.scripts)
			page.clean()
		})
	}
}

// status waits for the version and the status in the head of a release's page.
func status(page *tab, version, word string, reload bool) {
	page.tb.Helper()
	page.await(`document.querySelector("h1 .version")?.textContent === "`+version+`" && document.getElementById("status")?.textContent === "`+word+`"`, reload)
}

func tell(t *testing.T, page *tab, reload bool) {
	page.open("/")
	if got := page.seen(); !strings.Contains(got, "Nothing is installed.") || !strings.HasPrefix(got, "/api\n") {
		t.Fatalf("an empty server shows\n%s", got)
	}
	for _, p := range examples(t) {
		page.open("/api")
		page.press(button, "Upload a package")
		page.run(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{mustWrite(t, p.Name+"-"+p.Version+".zip", p.Zip)}))
		page.press(button, "Upload")
		page.await(has("The package is uploaded."), false)
		page.await(has("hello.greeting"), false) // its values are shown
	}

	page.open("/api/packageMetadata")
	page.press(link, "1.0.0")
	page.press(button, "Install")
	page.run(chromedp.SendKeys(chromedp.CSS("#release"), "hello"))
	page.press(button, "Show what would happen")
	page.await(has("hello 1.0.0 becomes version 1 of hello"), false)
	page.press(button, "Install it")
	page.await(has("The release is installed."), false)
	status(page, "v1", "Deployed", reload)
	page.await(`document.querySelector("#applications tbody .badge")?.textContent === "deployed"`, reload)

	page.press(button, "Upgrade")
	page.run(chromedp.SetValue(chromedp.CSS("#version"), "1.0.1"))
	page.run(chromedp.SendKeys(chromedp.CSS("#values"), "spec:\n  applicationProperties:\n    hello.greeting: Ahoy\n"))
	page.press(button, "Show what would happen")
	page.await(`[...document.querySelectorAll(".diff tr")].some((r) => r.innerText.includes("hello.greeting") && r.querySelector("del").textContent === "Hello" && r.querySelector("ins").textContent === "Ahoy")`, false)
	page.press(button, "Upgrade it")
	page.await(has("The upgrade has begun."), false)
	status(page, "v2", "Deployed", reload)

	page.press(button, "Upgrade")
	page.run(chromedp.SetValue(chromedp.CSS("#version"), "2.0.0"))
	page.press(button, "Show what would happen")
	page.press(button, "Upgrade it")
	status(page, "v3", "Failed", reload)
	page.await(`document.querySelectorAll(".timeline > li.bad .message").length === 1`, reload)

	page.press(button, "Roll back")
	page.run(chromedp.Click(chromedp.CSS(`input[name=version][value="1"]`)))
	page.press(button, "Show what would happen")
	page.await(has("hello 1.0.0 becomes version 4 of hello"), false)
	page.press(button, "Roll back")
	status(page, "v4", "Deployed", reload)

	page.press(link, "Difference")
	page.run(chromedp.SetValue(chromedp.CSS("#from"), "2"))
	page.press(button, "Compare")
	page.await(has("Version 2 to version 4")+" && "+has("Ahoy"), false)

	page.press(link, "Logs")
	page.await(has("hello 1.0.0 listens on port"), reload)

	page.press(link, "Overview")
	page.press(button, "Scale")
	page.run(chromedp.SetValue(chromedp.CSS("#count-0"), "2"))
	page.press(button, "Show what would happen")
	page.press(button, "Scale it")
	page.await(`[...document.querySelectorAll("#applications tbody .badge")].filter((b) => b.textContent === "deployed").length === 2`, reload)

	page.press(button, "Delete")
	page.await(has("with 2 instances"), false)
	page.press(button, "Delete hello")
	page.await(has("The release is deleted."), false)
	status(page, "v4", "Deleted", reload)
	page.press(button, "Bring back")
	page.run(chromedp.Click(chromedp.CSS(`input[name=version][value="2"]`)))
	page.press(button, "Show what would happen")
	page.press(button, "Roll back")
	status(page, "v5", "Deployed", reload)

	page.open("/api/packageMetadata/1")
	page.press(button, "Delete")
	page.press(button, "Delete hello")
	page.await(has("The server refused this.")+" && "+has("hello"), false) // a release of it runs
	page.open("/browse/release/hello/delete")
	page.run(chromedp.Click(chromedp.CSS(`input[name=package]`)))
	page.press(button, "Delete hello")
	page.await(has("The release is deleted."), false)
	page.open("/api/packageMetadata")
	page.await(has("There is no package yet."), false)
}
