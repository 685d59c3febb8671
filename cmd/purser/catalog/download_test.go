package catalog_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

func TestDownload(t *testing.T) {
	s := MustSite(t)
	content := bytes.Repeat([]byte("0123456789"), 1000)
	s.brings(body("1.0.0", s.file("/dir/data.html", content)))
	at := s.want(200, "GET /version/1.0.0/export", nil).at("artifacts.0.downloadUrl")
	for _, row := range []struct {
		rule    string
		headers []string
		status  int
	}{
		{"a draft without credentials", nil, 401},
		{"a draft with a wrong token", []string{"X-Project-Token", "x"}, 401},
		{"a draft of another project", []string{"X-Project-Token", "pt-other"}, 403},
		{"a draft with a user's token", []string{"Authorization", "Bearer u-none"}, 200},
		{"a draft with the project's token", []string{"X-Project-Token", "pt-demo"}, 200},
	} {
		if h := s.download(at, row.headers...); h.status != row.status {
			t.Errorf("%s: %d", row.rule, h.status)
		}
	}
	s.want(200, "POST /version/1.0.0/release", nil)
	whole := s.download(at)
	if whole.status != 200 || !bytes.Equal(whole.text, content) {
		t.Errorf("%d, %d bytes", whole.status, len(whole.text))
	}
	tag := whole.header.Get("ETag")
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "Content-Length": "10000", "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": "attachment; filename=data.html", "Etag": `"` + digest(content) + `"`,
	} {
		if got := whole.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, row := range []struct {
		rule    string
		headers []string
		status  int
		text    string
		part    string
	}{
		{"a part", []string{"Range", "bytes=5-14"}, 206, string(content[5:15]), "bytes 5-14/10000"},
		{"the rest", []string{"Range", "bytes=9990-"}, 206, string(content[9990:]), "bytes 9990-9999/10000"},
		{"the end", []string{"Range", "bytes=-3"}, 206, "789", "bytes 9997-9999/10000"},
		{"more than there is", []string{"Range", "bytes=9995-99999"}, 206, "56789", "bytes 9995-9999/10000"},
		{"beyond the end", []string{"Range", "bytes=10000-"}, 416, "invalid range: failed to overlap\n", "bytes */10000"},
		{"another unit", []string{"Range", "lines=1-2"}, 416, "invalid range\n", ""},
		{"a part of the same", []string{"Range", "bytes=0-0", "If-Range", tag}, 206, "0", "bytes 0-0/10000"},
		{"a part of another", []string{"Range", "bytes=0-0", "If-Range", `"x"`}, 200, string(content), ""},
		{"known already", []string{"If-None-Match", tag}, 304, "", ""},
		{"another than is known", []string{"If-Match", `"x"`}, 412, "", ""},
	} {
		h := s.download(at, row.headers...)
		if h.status != row.status || string(h.text) != row.text || h.header.Get("Content-Range") != row.part {
			t.Errorf("%s: %d %.40q %q", row.rule, h.status, h.text, h.header.Get("Content-Range"))
		}
	}
	if h := s.download(at, "Range", "bytes=0-1,5-6"); h.status != 206 || !strings.HasPrefix(h.header.Get("Content-Type"), "multipart/byteranges") {
		t.Errorf("%d %s", h.status, h.header)
	}
	head := s.ask("HEAD "+strings.TrimPrefix(at.(string), s.server.Base()), nil)
	if head.status != 200 || head.header.Get("Content-Length") != "10000" || len(head.text) > 0 {
		t.Errorf("%d %v", head.status, head.header)
	}
	for path, status := range map[string]int{
		"demo/version/1.0.0/artifacts/999": 404, "demo/version/1.0.0/artifacts/x": 404, "demo/version/1.0.0/artifacts/" + digest(content): 404,
		"demo/version/9.9.9/artifacts/1": 401, "nosuch/version/1.0.0/artifacts/1": 401, "other/version/1.0.0/artifacts/1": 401,
	} {
		if h := s.ask("GET "+releases+path, nil); h.status != status {
			t.Errorf("%s: %d %s", path, h.status, h.text)
		}
	}
}

// What needs longer than a request may take, or is larger than it may fetch, comes after it.
func TestBackground(t *testing.T) {
	s := MustSite(t, func(o *settings) { o.inlineTimeout, o.inlineBytes = "300ms", 1000 })
	release := make(chan struct{})
	hang := func(first int, content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			_, _ = w.Write(content[:first])
			_ = http.NewResponseController(w).Flush()
			select {
			case <-release:
			case <-r.Context().Done():
				return
			}
			_, _ = w.Write(content[first:])
		}
	}
	large := bytes.Repeat([]byte("x"), 5000)
	slow := document{"name": "slow", "size": 500, "sha256": digest(large[:500]), "downloadUrl": s.put("/slow", hang(100, large[:500]))}
	late := document{"name": "late", "size": 5000, "sha256": digest(large), "downloadUrl": s.put("/late", hang(2500, large))}
	wrong := document{"name": "wrong", "size": 5000, "sha256": digest(nil), "downloadUrl": s.put("/wrong", hang(0, large))}
	quick := s.file("/quick", hello)
	begun := time.Now()
	h := s.want(201, "POST /import", body("1.0.0", late, slow, quick, wrong, quick.with("name", "bad", "sha256", digest(nil))))
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	h.is(t, "message", "Release created successfully. File artifacts are being uploaded in the background.",
		"warnings.0.artifactName", "bad", "warnings.1", nil, "status", "draft")
	h = s.want(200, "GET /version/1.0.0", nil)
	h.is(t, "artifacts.2.status", "uploaded", "artifacts.4.status", "error")
	for _, n := range []string{"0", "1", "3"} {
		if status := h.at("artifacts." + n + ".status"); status != "pending" && status != "uploading" {
			t.Errorf("artifact %s is %v", n, status)
		}
	}
	s.demo("POST /version/1.0.0/release", nil).refuses(t, 400)
	close(release)
	s.until("1.0.0", "artifacts.0.status", "uploaded")
	s.until("1.0.0", "artifacts.1.status", "uploaded")
	s.until("1.0.0", "artifacts.3.status", "error").is(t, "artifacts.0.progress", 100, "artifacts.0.error", nil, "status", "draft")
}

// A server that dies in the middle of a download is succeeded by one that fetches it, unasked, and keeps nothing that is not
// whole.
func TestDeathInTheMiddle(t *testing.T) {
	s := MustSite(t, func(o *settings) { o.inlineBytes = 1 })
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	begun, whole := make(chan struct{}, 9), make(chan struct{})
	at := s.put("/f", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		_, _ = w.Write(content[:len(content)/2])
		_ = http.NewResponseController(w).Flush()
		select {
		case <-whole:
			_, _ = w.Write(content[len(content)/2:])
		default:
			begun <- struct{}{}
			<-r.Context().Done()
		}
	})
	s.want(201, "POST /import", body("1.0.0", document{"name": "f", "size": len(content), "sha256": digest(content), "downloadUrl": at}))
	folder := filepath.Join(s.server.DataDir(), "artifacts")
	for range 3 {
		<-begun
		s.until("1.0.0", "artifacts.0.status", s.want(200, "GET /version/1.0.0", nil).at("artifacts.0.status"))
		if err := s.server.Kill(); err != nil {
			t.Fatal(err)
		}
		if left, _ := os.ReadDir(filepath.Join(folder, "content")); len(left) > 0 {
			t.Errorf("%v is there before all of it came", left)
		}
		if left, _ := os.ReadDir(filepath.Join(folder, "partial")); len(left) != 1 {
			t.Errorf("partial files %v", left)
		}
		s.mustStart()
	}
	<-begun
	close(whole)
	if err := s.server.Kill(); err != nil {
		t.Fatal(err)
	}
	s.mustStart()
	h := s.until("1.0.0", "artifacts.0.status", "uploaded")
	if got := s.download(h.at("artifacts.0.downloadUrl"), "X-Project-Token", "pt-demo"); !bytes.Equal(got.text, content) {
		t.Errorf("%d, %d bytes", got.status, len(got.text))
	}
	kept, _ := os.ReadDir(filepath.Join(folder, "content"))
	left, _ := os.ReadDir(filepath.Join(folder, "partial"))
	if len(kept) != 1 || kept[0].Name() != digest(content) || len(left) != 0 {
		t.Errorf("%v, partial %v", kept, left)
	}
	s.want(200, "POST /version/1.0.0/release", nil).is(t, "status", "released")
}

// Without the dialect its paths are as any that do not exist.
func TestDisabled(t *testing.T) {
	s := MustSite(t, func(o *settings) { o.text = "purser.dialects.catalog.enabled: false\n" })
	for _, do := range []string{"GET " + releases + "demo", "POST " + releases + "demo/import", "GET /api/v1/catalog/openapi.json"} {
		method, path, _ := strings.Cut(do, " ")
		err := s.api.Call(t.Context(), method, path, nil, nil)
		refused, ok := err.(*live.Refusal) //nolint:errorlint // it is never wrapped
		if !ok || refused.Status != 404 {
			t.Errorf("%s: %v", do, err)
		}
	}
	if _, err := os.Stat(filepath.Join(s.server.DataDir(), "artifacts")); err == nil {
		t.Error("it has a folder")
	}
}

func TestListsAndLatest(t *testing.T) {
	s := MustSite(t)
	if h := s.want(200, "GET ", nil); string(h.text) != "[]\n" {
		t.Errorf("%s", h.text)
	}
	for _, v := range []string{"1.9.0", "1.10.0", "2.0.0", "1.10.0-rc.1", "nightly"} {
		s.brings(body(v))
	}
	for _, v := range []string{"1.9.0", "1.10.0", "1.10.0-rc.1", "nightly"} {
		s.want(200, "POST /version/"+v+"/release", nil)
	}
	h := s.want(200, "GET ", nil)
	var got []string
	for _, r := range h.body.([]any) {
		one := r.(map[string]any)
		got = append(got, fmt.Sprintf("%v %v %v", one["version"], one["status"], one["latest"]))
	}
	want := "2.0.0 draft false, 1.10.0 released true, 1.10.0-rc.1 released false, 1.9.0 released false, nightly released false"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	s.want(200, "GET /version/1.10.0", nil).is(t, "latest", true)
	s.want(200, "GET /version/1.9.0", nil).is(t, "latest", false)
}

// An import that waits for a file does not keep the server from ending: it is answered, and the next server goes on.
func TestStopDuringAnImport(t *testing.T) {
	s := MustSite(t, func(o *settings) { o.inlineTimeout = "10m" })
	begun, whole := make(chan struct{}, 2), make(chan struct{})
	at := s.put("/f", func(w http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		select {
		case <-whole:
			_, _ = w.Write(hello)
		case <-r.Context().Done():
		}
	})
	answered := make(chan heard, 1)
	go func() {
		h, err := s.tell("POST "+releases+"demo/import", body("1.0.0", document{"name": "f", "size": len(hello), "sha256": digest(hello), "downloadUrl": at}), "X-Project-Token", "pt-demo")
		if err != nil {
			t.Error(err)
		}
		answered <- h
	}()
	<-begun
	stopped := time.Now()
	if err := s.server.Stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(stopped); took > 8*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	if h := <-answered; h.status != 201 || h.at("message") != "Release created successfully. File artifacts are being uploaded in the background." {
		t.Errorf("%d %s", h.status, h.text)
	}
	close(whole)
	s.mustStart()
	s.until("1.0.0", "artifacts.0.status", "uploaded")
}
