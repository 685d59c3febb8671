package catalog_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bytesOfLarge is how large the artifact is that TestMemory imports. make bench has 1 GiB.
var bytesOfLarge = flag.Int64("catalog.bytes", 128<<20, "size of the large artifact in bytes")

// most is how much memory the server may have resident, at its highest, in KiB.
const most = 80 << 10

// stream is so many bytes that are nowhere as a whole. No two blocks of it are the same.
func stream(size int64) io.Reader { return io.LimitReader(&numbers{}, size) }

type numbers struct{ next uint64 }

func (n *numbers) Read(p []byte) (int, error) {
	for i := 0; i+8 <= len(p); i += 8 {
		n.next += 0x9e3779b97f4a7c15
		for k := range 8 {
			p[i+k] = byte(n.next >> (8 * k))
		}
	}
	return len(p) &^ 7, nil
}

// A large artifact goes through the server in both directions without ever being in its memory.
func TestMemory(t *testing.T) {
	size := *bytesOfLarge
	s := MustSite(t)
	sum := sha256.New()
	if _, err := io.Copy(sum, stream(size)); err != nil {
		t.Fatal(err)
	}
	large := document{"name": "large", "size": size, "sha256": hex.EncodeToString(sum.Sum(nil)), "downloadUrl": s.put("/large", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(size))
		_, _ = io.Copy(w, stream(size))
	})}
	s.want(201, "POST /import", body("1.0.0", large)).is(t, "message", "Release created successfully. File artifacts are being uploaded in the background.")
	h := s.until("1.0.0", "artifacts.0.status", "uploaded")
	fetched := resident(t, s.server.PID())
	answer, err := s.client.Do(mustGet(t, h.at("artifacts.0.downloadUrl").(string)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got := sha256.New()
	if n, err := io.Copy(got, answer.Body); err != nil || n != size || hex.EncodeToString(got.Sum(nil)) != large["sha256"] {
		t.Errorf("%d bytes of %x, %v", n, got.Sum(nil), err)
	}
	s.want(200, "POST /version/1.0.0/release", nil)
	sent := resident(t, s.server.PID())
	t.Logf("%d MiB: at most %d MiB resident when it was fetched, %d MiB when it was sent", size>>20, fetched>>10, sent>>10)
	if sent > most {
		t.Errorf("%d KiB were resident, at most %d may be", sent, most)
	}
	if file, err := os.Stat(filepath.Join(s.server.DataDir(), "artifacts", "content", large["sha256"].(string))); err != nil || file.Size() != size {
		t.Errorf("%v, %v", file, err)
	}
}

func mustGet(tb testing.TB, at string) *http.Request {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, at, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("X-Project-Token", "pt-demo")
	return r
}

// resident is how much memory a process has had at its highest, in KiB.
func resident(tb testing.TB, pid int) int {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		tb.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kib int
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		tb.Fatal(err)
	}
	return kib
}
