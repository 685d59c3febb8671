package pages_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"purser/cmd/purser/live"
)

// Pages that are open show what others do, in place: they are not loaded again.
func TestWhatOthersDoIsSeen(t *testing.T) {
	s, a := MustServe(t)
	mustUpload(t, a, examples(t)...)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	b := MustOpenBrowser(t)
	paths := []string{"/api/release/status/hello", "/api", "/api/release/list", "/api/purser/operations", "/api/events", "/api/releases"}
	var tabs []*tab
	for _, path := range paths {
		page := MustOpenTab(t, b, s.Base())
		page.open(path)
		eval[bool](page, "self.marked = true")
		tabs = append(tabs, page)
	}
	tabs[0].await(`!document.getElementById("live").hidden`, false)
	tabs[0].await(`document.querySelector("#applications tbody .badge").textContent === "deployed"`, false)
	if _, err := a.Upgrade(t.Context(), "hello", "1.0.1", ""); err != nil {
		t.Fatal(err)
	}
	for i, shows := range []string{
		`document.querySelector("h1 .version").textContent === "v2" && document.getElementById("status").textContent === "Deployed" && document.querySelectorAll(".timeline li").length === 2`,
		has("hello 1.0.1"), has("hello 1.0.1"), has("upgrade from v1 to v2"), has("upgrade · done · succeeded"), has("hello v2"),
	} {
		bring(tabs[i])
		tabs[i].await(shows+" && self.marked === true", false)
		tabs[i].clean()
	}
	// What a reader has opened stays open, and what is held stays held.
	page := tabs[0]
	bring(page)
	eval[bool](page, `document.querySelector("#applications details").open = true`)
	eval[bool](page, `document.querySelector("#applications summary").focus(); true`)
	if err := a.Call(t.Context(), http.MethodPost, "/api/release/scale/hello", map[string]any{"scale": []map[string]any{{"name": "hello", "count": 2}}}, nil); err != nil {
		t.Fatal(err)
	}
	page.await(`document.querySelectorAll("#applications tbody tr").length === 2`, false)
	if !eval[bool](page, `document.querySelector("#applications details").open && document.activeElement === document.querySelector("#applications summary") && self.marked`) {
		t.Error("what was open or held is not any more")
	}
}

// bring brings a tab to the front: one behind others rests.
func bring(t *tab) {
	t.tb.Helper()
	t.run(activate())
}

// A page says that it has lost the server, and catches up when it is back.
func TestLostConnection(t *testing.T) {
	s, a := MustServe(t)
	mustUpload(t, a, examples(t)...)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	page := MustOpenTab(t, MustOpenBrowser(t), s.Base())
	page.open("/api/release/status/hello")
	eval[bool](page, "self.marked = true")
	page.await(`!document.getElementById("live").hidden`, false)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	page.await(`!document.getElementById("link-state").hidden && document.getElementById("live").hidden && `+has("The connection was lost at"), false)
	if _, err := s.Start(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Upgrade(t.Context(), "hello", "1.0.1", ""); err != nil {
		t.Fatal(err)
	}
	page.await(`document.getElementById("link-state").hidden && !document.getElementById("live").hidden`, false)
	page.await(`document.querySelector("h1 .version").textContent === "v2" && document.getElementById("status").textContent === "Deployed" && self.marked`, false)
	page.clean()
}

// hostile is a text that would do harm if it were anything but text.
const hostile = `</pre></textarea></title><script>self.harmed=1</script><img src=x onerror=self.harmed=1>"'{{.}}` + "\u202edrow"

// noise is a text that does not become short when it is packed.
func noise(length int) string {
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, length)
	for i := range text {
		text[i] = "<>&'abcdefghijklmnopqrstuvwxyz"[random.IntN(30)]
	}
	return string(text)
}

// What a package says of itself, what it holds, what is set for a release and what its applications print stays text.
func TestHostileInput(t *testing.T) {
	s, a := MustServe(t)
	program := filepath.Join(t.TempDir(), "talk")
	script := "#!/bin/sh\nprintf '%s\\n' '" + strings.ReplaceAll(hostile, "'", `'\''`) + "'\nprintf '\\033[31mred\\r\\n'\n" +
		"head -c 1048576 /dev/zero | tr '\\0' '<'; echo\ni=0; while :; do i=$((i+1)); echo \"line $i <script>self.harmed=1</script>\"; sleep 0.002; done\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	quoted := func(text string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"` }
	data, err := live.Zip("evil-1.0.0", map[string]string{
		"package.yml": "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: evil\nversion: 1.0.0\ndisplayName: " + quoted(hostile) +
			"\ndescription: " + quoted(hostile) + "\nmaintainer: " + quoted(hostile) + "\ntags: " + quoted(hostile) + "\npackageHomeUrl: \"javascript:self.harmed=1\"\n",
		"values.yml": "# " + hostile + "\nlong: \"" + noise(1<<20) + "\"\ntext: " + quoted(hostile) + "\n",
		"README.md":  hostile + "\n\n[link](javascript:self.harmed=1)\n",
		"templates/app.yml": "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\nmetadata:\n  name: talk\nspec:\n  resource: file:" + program +
			"\n  applicationProperties:\n    text: " + quoted(strings.ReplaceAll(hostile, "{{.}}", "")) + "\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	mustUpload(t, a, live.Archive{Name: "evil", Version: "1.0.0", Zip: data})
	mustCall(t, a, http.MethodPost, "/api/package/install", map[string]any{
		"packageIdentifier": map[string]string{"packageName": "evil", "packageVersion": "1.0.0"},
		"installProperties": map[string]any{"releaseName": "evil", "platformName": "default", "configValues": map[string]string{"raw": "text: " + quoted(hostile)}},
	})
	page := MustOpenTab(t, MustOpenBrowser(t), s.Base())
	for _, path := range []string{
		"/api", "/api/packageMetadata", "/api/packageMetadata/1", "/browse/install/1", "/api/release/list", "/api/release/status/evil",
		"/api/release/manifest/evil", "/browse/release/evil/upgrade", "/api/releases", "/explorer?path=/api/packageMetadata/1",
		"/api/packageMetadata/search/findByName?name=" + "%3Cscript%3Eself.harmed=1%3C/script%3E", "/api/release/status/%3Cscript%3E%22",
		"/explorer?path=%22%3E%3Cscript%3Eself.harmed=1%3C/script%3E",
	} {
		page.open(path)
		if eval[bool](page, `"harmed" in self || document.querySelectorAll("main script, main img, main iframe").length > 0 || document.title.includes("\u202e")`) {
			t.Errorf("%s is harmed", path)
		}
		if size := eval[int](page, "document.documentElement.outerHTML.length"); size > 200<<10 {
			t.Errorf("%s has %d characters", path, size)
		}
	}
	page.open("/api/purser/releases/evil/logs")
	page.await(`/line [1-9]\d{3} /.test(document.getElementById("log-text").textContent)`, false)
	if nodes := eval[int](page, `[...document.querySelectorAll("#log-text code")].reduce((n, c) => n + c.childNodes.length, 0)`); nodes > 1100 {
		t.Errorf("the logs have %d nodes", nodes)
	}
	if size := eval[int](page, `document.getElementById("log-text").textContent.length`); size > 600<<10 {
		t.Errorf("the logs have %d characters", size)
	}
	if eval[bool](page, `"harmed" in self || document.querySelectorAll("main script, main img").length > 0`) {
		t.Error("the logs do harm")
	}
	page.run(chromedp.Click(chromedp.CSS("#follow")))
	page.await(has("stopped"), false)
	page.clean()
}

// A page of another site that sends one of our forms changes nothing, although the browser has a form of ours open.
func TestForgedForm(t *testing.T) {
	s, a := MustServe(t)
	mustUpload(t, a, examples(t)...)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	b := MustOpenBrowser(t)
	page := MustOpenTab(t, b, s.Base())
	page.open("/browse/release/hello/delete")
	token := eval[string](page, `document.querySelector("input[name=token]").value`)
	for _, host := range []string{"127.0.0.1", "localhost"} { // another port of the same host, and another host
		evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<form method="post" action="%s/browse/release/hello/delete"><input name="step" value="apply"><input name="token" value="%s"></form><main></main>
				<script>document.forms[0].submit()</script>`, s.Base(), token)
		}))
		defer evil.Close()
		visitor := MustOpenTab(t, b, strings.Replace(evil.URL, "127.0.0.1", host, 1))
		visitor.run(chromedp.Navigate(visitor.base))
		visitor.await(has("403")+" && "+has("sent by a page of another site"), false)
	}
	if i, err := a.Status(t.Context(), "hello", 1); err != nil || i.Status.StatusCode != "DEPLOYED" {
		t.Errorf("%+v, %v", i, err)
	}
	page.press(button, "Delete hello") // the form itself still works
	page.await(has("The release is deleted."), false)
}

// The explorer sends any request, fills templates, and asks before it changes something.
func TestExplorer(t *testing.T) {
	s, a := MustServe(t)
	mustUpload(t, a, examples(t)...)
	page := MustOpenTab(t, MustOpenBrowser(t), s.Base())
	send := func() { page.run(chromedp.Click(chromedp.CSS("#explorer button"))) }
	page.open("/explorer?path=/api/packageMetadata/search/findByName%7B%3Fname,projection%7D")
	page.run(chromedp.SendKeys(chromedp.CSS("#hole-0"), "hello"))
	send()
	page.await(has(`"version" : "1.0.1"`)+" && "+has("findByName?name=hello"), false)
	page.run(chromedp.SetValue(chromedp.CSS("#sample"), ""))
	eval[bool](page, `(() => { const s = document.getElementById("sample"); s.selectedIndex = 1; s.dispatchEvent(new Event("change")); return true; })()`)
	send()
	page.await(has("Really send POST"), false)
	if _, err := a.Status(t.Context(), "hello", 1); err == nil {
		t.Error("it was sent at once")
	}
	send()
	page.await(has("201")+" && "+has(`"statusCode" : "DEPLOYED"`), false)
	page.open("/explorer?path=/api")
	page.run(chromedp.Click(`//div[@id="answer"]//a[.="about"]`))
	page.await(has("versionInfo"), false)
	page.clean()
}

// The page of the API documentation works under the policy of all pages.
func TestAPIDocs(t *testing.T) {
	s, _ := MustServe(t)
	page := MustOpenTab(t, MustOpenBrowser(t), s.Base())
	page.open("/api/docs")
	page.await(`document.querySelectorAll("#swagger .opblock").length > 40`, false)
	page.run(chromedp.Click(`//*[@id="swagger"]//button[contains(., "/api/about") or contains(., "about")][1]`))
	page.run(chromedp.Click(chromedp.CSS("#swagger .try-out__btn")))
	page.run(chromedp.Click(chromedp.CSS("#swagger .execute")))
	page.await(has("Spring Cloud Skipper Server"), false)
	page.clean()
}

// More pages than a browser opens connections to one server are open at one time, and all of them are live.
func TestManyPagesOfOneBrowser(t *testing.T) {
	s, a := MustServe(t)
	mustUpload(t, a, examples(t)...)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	b := MustOpenBrowser(t)
	var tabs []*tab
	for range 12 {
		page := MustOpenTab(t, b, s.Base())
		page.open("/api/release/status/hello")
		page.await(`!document.getElementById("live").hidden`, false)
		tabs = append(tabs, page)
	}
	if _, err := a.Upgrade(t.Context(), "hello", "1.0.1", ""); err != nil {
		t.Fatal(err)
	}
	for _, page := range tabs {
		bring(page)
		page.await(`document.querySelector("h1 .version").textContent === "v2" && document.getElementById("status").textContent === "Deployed"`, false)
		page.clean()
	}
}

// A server that is told to has no pages.
func TestTurnedOff(t *testing.T) {
	s, _ := MustServe(t, "--purser.browse.enabled=false")
	for path, want := range map[string]string{"/api": "200 application/hal+json", "/browse/upload": "404 text/html;charset=UTF-8", "/explorer": "404 text/html;charset=UTF-8"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Base()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
		r.Header.Set("User-Agent", "Mozilla/5.0")
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := fmt.Sprintf("%d %s", answer.StatusCode, answer.Header.Get("Content-Type")); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}
