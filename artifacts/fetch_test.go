package artifacts_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"purser"
	"purser/artifacts"
)

var hello = []byte("hello, world\n")

// What a server does, and what is told of it. Nothing of what went wrong is kept.
func TestServersThatMisbehave(t *testing.T) {
	size := strconv.Itoa(len(hello))
	for _, row := range []struct {
		rule   string
		answer http.HandlerFunc
		change func(a *purser.Artifact)
		error  string // "": it is uploaded
		actual string
	}{
		{"as it should be", nil, nil, "", digest(hello)},
		{"a checksum in capitals", nil, func(a *purser.Artifact) { a.SHA256 = " " + strings.ToUpper(a.SHA256) }, "", digest(hello)},
		{"an empty file", func(http.ResponseWriter, *http.Request) {}, func(a *purser.Artifact) { a.Size, a.SHA256 = 0, digest(nil) }, "", digest(nil)},
		{
			"another checksum", nil, func(a *purser.Artifact) { a.SHA256 = strings.Repeat("0", 64) },
			"Checksum mismatch for artifact f: expected " + strings.Repeat("0", 64) + ", got " + digest(hello), digest(hello),
		},
		{"a checksum that is none", nil, func(a *purser.Artifact) { a.SHA256 = "../x" }, "Checksum mismatch for artifact f: expected ../x, got " + digest(hello), digest(hello)},
		{
			"a size that is too small", nil, func(a *purser.Artifact) { a.Size = 3 },
			"Size mismatch for artifact f: expected 3 bytes, got " + size, digest(hello),
		},
		{
			"a size that is too large", nil, func(a *purser.Artifact) { a.Size = 100 },
			"Size mismatch for artifact f: expected 100 bytes, got " + size, digest(hello),
		},
		{"a size over the limit", nil, func(a *purser.Artifact) { a.Size = 5 << 20 }, "its size of 5242880 bytes is more than the limit of 4194304", ""},
		{"404", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, nil, "the server answered 404", ""},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, nil, "the server answered 500", ""},
		{"204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, nil, "the server answered 204", ""},
		{"a part that nobody asked for", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", "bytes 5-9/13")
			w.WriteHeader(http.StatusPartialContent)
		}, nil, "the server sent another part than was asked for", ""},
		{"a length that is too large", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write(hello)
		}, nil, "the answer was cut off", ""},
		{"a length over what it should have", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "2000000")
			_, _ = w.Write(hello)
		}, nil, "it has more bytes than its size says, which is 13", ""},
		{"no end", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write(make([]byte, 1<<16))
			}
		}, nil, "it has more bytes than its size says, which is 13", ""},
		{"no end, and a size near the limit", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = w.Write(make([]byte, 1<<16))
			}
		}, func(a *purser.Artifact) { a.Size = 4<<20 - 1 }, "it has more bytes than the limit of 4194304", ""},
		{"silence", func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(hello[:3])
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, nil, "the server stopped sending", ""},
		{"an answer that is broken off", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, nil, "the answer was cut off", ""},
		{"an answer that is none", func(w http.ResponseWriter, _ *http.Request) {
			c, _, _ := w.(http.Hijacker).Hijack()
			_, _ = c.Write([]byte("SSH-2.0\r\n\r\n"))
			_ = c.Close()
		}, nil, "no valid answer", ""},
		{"headers without end", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		}, nil, "no valid answer", ""},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/there" {
				http.Redirect(w, r, "/there", http.StatusFound)
				return
			}
			if r.Header.Get("Referer") != "" {
				w.WriteHeader(http.StatusBadRequest)
			}
			_, _ = w.Write(hello)
		}, nil, "", digest(hello)},
		{"redirects without end", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/again", http.StatusFound)
		}, nil, "more than 3 redirects", ""},
		{"a redirect to a file", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		}, nil, "only http and https addresses are fetched", ""},
		{"a redirect to a private address", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, nil, "the address is not public", ""},
		{"a redirect to a name of a private address", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://localhost:1/", http.StatusFound)
		}, nil, "the address is not public", ""},
		{"a redirect to metadata of a cloud", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://[::ffff:169.254.169.254]/latest", http.StatusFound)
		}, nil, "the address is not public", ""},
		{"a file of the server", nil, func(a *purser.Artifact) { a.Source = "file:///etc/passwd" }, "only http and https addresses are fetched", ""},
		{"no scheme", nil, func(a *purser.Artifact) { a.Source = "/etc/passwd" }, "only http and https addresses are fetched", ""},
		{"no host", nil, func(a *purser.Artifact) { a.Source = "http:///f" }, "it has no valid address", ""},
		{"no URL", nil, func(a *purser.Artifact) { a.Source = "http://[::1" }, "it has no valid address", ""},
		{"a private address", nil, func(a *purser.Artifact) { a.Source = "http://10.0.0.1/f" }, "the address is not public", ""},
		{"a private address in a single number", nil, func(a *purser.Artifact) { a.Source = "http://2130706433/f" }, "", ""},
		{"a port that is not allowed", nil, func(a *purser.Artifact) { a.Source = "http://127.0.0.1:1/f" }, "the address is not public", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if row.answer == nil {
				row.answer = serve(map[string][]byte{"/f": hello})
			}
			h := MustOpen(t, row.answer, func(o *artifacts.Options) { o.Stall, o.Attempts = 100*time.Millisecond, 1 })
			a := h.file("/f", hello)
			if row.change != nil {
				row.change(&a)
			}
			got := h.MustImport(draft("1.0.0"), a).Artifacts[0]
			if strings.Contains(row.rule, "single number") { // what a resolver makes of it differs; it is never an answer
				if got.State != purser.ArtifactError || got.Actual != "" {
					t.Errorf("%+v", got)
				}
				h.wantFiles()
				return
			}
			if got.Error != row.error || got.Actual != row.actual {
				t.Errorf("%s: %q, actual %q", got.State, got.Error, got.Actual)
			}
			if row.error == "" {
				content, err := h.read(got)
				if err != nil || digest(content) != row.actual || got.Progress() != 100 {
					t.Errorf("%q, %v, %d %%", content, err, got.Progress())
				}
				h.wantFiles(content)
				return
			}
			if got.State != purser.ArtifactError {
				t.Errorf("%s", got.State)
			}
			_, err := h.read(got)
			wantCode(t, err, purser.CodeNotFound)
			h.wantFiles()
		})
	}
}

func TestAConnectionThatIsRefused(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	h := MustOpen(t, serve(nil), func(o *artifacts.Options) { o.AllowHosts = []string{"127.0.0.1"} })
	a := h.file("/f", hello)
	a.Source = strings.Replace(gone.URL, "http://", "http://user:secret@", 1)
	h.want(h.MustImport(draft("1.0.0"), a).Artifacts, "f error the connection was refused")
}

// A connection that breaks is taken up where it broke, if the server can.
func TestResume(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<12)
	other := bytes.Repeat([]byte("another content!"), 1<<12)
	for _, row := range []struct {
		rule   string
		answer func(w http.ResponseWriter, r *http.Request, call int64) []byte // gives what is to be served
		calls  int64
		ranged string
	}{
		{"with ranges", func(w http.ResponseWriter, _ *http.Request, _ int64) []byte {
			w.Header().Set("ETag", `"1"`)
			return content
		}, 5, "bytes=%d-"},
		{"without a tag", func(http.ResponseWriter, *http.Request, int64) []byte { return content }, 5, "bytes=%d-"},
		{"without ranges", func(_ http.ResponseWriter, r *http.Request, call int64) []byte {
			r.Header.Del("Range")
			if call > 2 { // whole at last
				return content
			}
			return content[:len(content)/2]
		}, 3, ""},
		{"another file behind another tag", func(w http.ResponseWriter, r *http.Request, call int64) []byte {
			w.Header().Set("ETag", fmt.Sprintf(`"%d"`, min(call, 2)))
			if call == 1 {
				return other
			}
			return content
		}, 6, ""},
		{"another file, and no tag tells", func(_ http.ResponseWriter, r *http.Request, call int64) []byte {
			if call == 1 {
				return other
			}
			return content
		}, 10, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var calls atomic.Int64
			h := MustOpen(t, func(w http.ResponseWriter, r *http.Request) {
				call := calls.Add(1)
				asked := r.Header.Get("Range")
				if row.ranged != "" && call > 1 && !strings.HasPrefix(asked, "bytes=") {
					t.Errorf("call %d asks for %q", call, asked)
				}
				b := row.answer(w, r, call)
				http.ServeContent(&breaking{ResponseWriter: w, left: len(content)/4 + 1}, r, "", time.Time{}, bytes.NewReader(b))
			})
			if row.rule == "without ranges" {
				h.web.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					b := row.answer(w, r, calls.Add(1))
					w.Header().Set("Content-Length", strconv.Itoa(len(content)))
					_, _ = w.Write(b)
				})
			}
			a := h.file("/f", content)
			h.want(h.MustImport(draft("1.0.0"), a).Artifacts, "f uploaded")
			h.wantFiles(content)
			if n := calls.Load(); n > row.calls || n < 2 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

// breaking breaks the connection after some bytes.
type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	if len(p) > b.left {
		_, _ = b.ResponseWriter.Write(p[:b.left])
		_ = http.NewResponseController(b.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	b.left -= len(p)
	return b.ResponseWriter.Write(p)
}
