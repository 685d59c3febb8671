package client_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"purser/client"
)

// unknown is a reader that cannot tell how much it has.
type unknown struct{ io.Reader }

func TestUpload(t *testing.T) {
	zip := bytes.Repeat([]byte("PK\x03\x04 not quite \xff"), 9000)
	path := filepath.Join(t.TempDir(), "demo.zip")
	if err := os.WriteFile(path, zip, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct {
		rule   string
		upload client.Upload
		known  bool // its length is announced
	}{
		{"bytes", client.Upload{Archive: bytes.NewReader(zip)}, true},
		{"a file", client.Upload{Archive: f}, true},
		{"a stream", client.Upload{Archive: unknown{bytes.NewReader(zip)}}, false},
		{"a stream of a size that is told", client.Upload{Archive: unknown{bytes.NewReader(zip)}, Size: int64(len(zip))}, true},
		{"byte by byte", client.Upload{Archive: iotest.OneByteReader(bytes.NewReader(zip)), Repository: "local", Extension: "zip"}, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := MustServer(t, indexes(t), map[string]row{"POST /api/package/upload": created(t, "upload.json")})
			c.upload.Name, c.upload.Version = "de\"mo", "1.0.0"
			m, err := MustClient(t, s.URL+"/api", client.Options{}).Upload(short(t), c.upload)
			if err != nil || m.Name != "demo" || m.ID != 7 {
				t.Fatalf("%+v, %v", m, err)
			}
			r, sent := s.last(t, http.MethodPost)
			var body struct {
				RepoName, Name, Version, Extension string
				PackageFileAsBytes                 []byte
			}
			if err := json.Unmarshal([]byte(sent), &body); err != nil {
				t.Fatal(err)
			}
			if body.RepoName != "local" || body.Name != "de\"mo" || body.Version != "1.0.0" || body.Extension != "zip" {
				t.Errorf("sent %+v", body)
			}
			if !bytes.Equal(body.PackageFileAsBytes, zip) {
				t.Error("the archive comes out as another")
			}
			if (r.ContentLength == int64(len(sent))) != c.known {
				t.Errorf("Content-Length %d of %d", r.ContentLength, len(sent))
			}
		})
	}
}

// An archive that is not what it was said to be never looks like a finished upload.
func TestUploadOfABrokenArchive(t *testing.T) {
	gone := errors.New("the disk is gone")
	for _, c := range []struct {
		rule   string
		upload client.Upload
		want   string
	}{
		{"none", client.Upload{}, "an upload needs an archive"},
		{"shorter", client.Upload{Archive: unknown{strings.NewReader("zip")}, Size: 5}, "it ends 2 bytes before"},
		{"longer", client.Upload{Archive: unknown{strings.NewReader("zip")}, Size: 2}, "more bytes than were announced"},
		{"unreadable", client.Upload{Archive: iotest.ErrReader(gone)}, gone.Error()},
		{"unreadable at last", client.Upload{Archive: io.MultiReader(strings.NewReader("zip"), iotest.ErrReader(gone)), Size: 100}, gone.Error()},
	} {
		t.Run(c.rule, func(t *testing.T) {
			whole := false
			s := MustServer(t, indexes(t))
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost {
					s.ServeHTTP(w, r)
					return
				}
				text, err := io.ReadAll(r.Body)
				whole = err == nil && json.Valid(text)
			}))
			defer front.Close()
			_, err := MustClient(t, front.URL+"/api", client.Options{}).Upload(short(t), c.upload)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q in it", err, c.want)
			}
			front.Close()
			if whole {
				t.Error("the server has got a whole upload")
			}
		})
	}
}

// A refusal that comes before the archive was sent is the answer.
func TestUploadThatIsRefusedEarly(t *testing.T) {
	s := MustServer(t, indexes(t))
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			s.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, refusal(409, "SkipperException", "").body)
	}))
	defer front.Close()
	endless := io.LimitReader(zeros{}, 64<<20)
	_, err := MustClient(t, front.URL+"/api", client.Options{}).Upload(short(t), client.Upload{Name: "a", Version: "1.0.0", Archive: endless})
	if !isType[*client.SkipperError](err) {
		t.Errorf("%T %v", err, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Whatever the pieces in which an archive is read, and in which its upload is, the text is that of base64 in one go.
func TestUploadIsBase64(t *testing.T) {
	var sent []byte
	s := MustServer(t, indexes(t))
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			s.ServeHTTP(w, r)
			return
		}
		sent, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"name":"a","version":"1"}`)
	}))
	defer front.Close()
	c := MustClient(t, front.URL+"/api", client.Options{})
	ctx := short(t)
	rapid.Check(t, func(t *rapid.T) {
		archive := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "archive")
		archive = bytes.Repeat(archive, rapid.SampledFrom([]int{1, 7, 400}).Draw(t, "times"))
		var from io.Reader = unknown{bytes.NewReader(archive)}
		if rapid.Bool().Draw(t, "halves") {
			from = iotest.HalfReader(from)
		}
		size := int64(0)
		if rapid.Bool().Draw(t, "size is told") {
			size = int64(len(archive))
		}
		if _, err := c.Upload(ctx, client.Upload{Name: "a", Version: "1", Archive: from, Size: size}); err != nil {
			t.Fatal(err)
		}
		want := `{"repoName":"local","name":"a","version":"1","extension":"zip","packageFileAsBytes":` +
			strconv.Quote(base64.StdEncoding.EncodeToString(archive)) + `}`
		if string(sent) != want {
			t.Fatalf("sent %.200s, want %.200s", sent, want)
		}
	})
}
