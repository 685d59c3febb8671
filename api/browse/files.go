package browse

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"purser/api"
)

//go:embed static
var embedded embed.FS

// file is one of the files that pages refer to. Its name holds a part of its hash, so that it can be kept for ever.
type file struct {
	mime   string
	packed []byte // gzip
	tag    string
}

type files struct {
	byURL map[string]*file
	urls  map[string]string // by the plain name
}

// mustLoadFiles reads the files. Those that are large are embedded packed already.
func mustLoadFiles() *files {
	all := &files{byURL: map[string]*file{}, urls: map[string]string{}}
	err := fs.WalkDir(embedded, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		all.add(path.Base(name), data)
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("the files of the pages are damaged: %v", err))
	}
	return all
}

func (all *files) add(name string, data []byte) {
	f := &file{}
	if plain, ok := strings.CutSuffix(name, ".gz"); ok {
		name, f.packed = plain, data
	} else {
		f.packed = gzipped(data)
	}
	sum := sha256.Sum256(f.packed)
	f.tag = hex.EncodeToString(sum[:6])
	extension := path.Ext(name)
	f.mime = mime.TypeByExtension(extension)
	switch extension { // the machine's own table may know better, or worse
	case ".js":
		f.mime = "text/javascript; charset=utf-8"
	case ".css":
		f.mime = "text/css; charset=utf-8"
	case ".svg":
		f.mime = "image/svg+xml"
	case ".txt":
		f.mime = "text/plain; charset=utf-8"
	}
	url := strings.TrimSuffix(name, extension) + "-" + f.tag + extension
	all.byURL[url], all.urls[name] = f, pathStatic+url
}

// url gives the path of a file below the root of the server.
func (all *files) url(name string) (string, error) {
	url, ok := all.urls[name]
	if !ok {
		return "", fmt.Errorf("the pages have no file %s", name)
	}
	return url, nil
}

// static is GET /browse/static/{file}.
func (v *visit) static() error {
	f, ok := v.parts().files.byURL[chi.URLParam(v.r, "file")]
	if !ok {
		return api.NotFound()
	}
	header := v.w.Header()
	header.Set("Content-Type", f.mime)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Etag", `"`+f.tag+`"`)
	header.Set("Vary", "Accept-Encoding")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", policy) // a worker brings its own
	if strings.Contains(v.r.Header.Get("If-None-Match"), `"`+f.tag+`"`) {
		v.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body := f.packed
	if acceptsGzip(v.r) {
		header.Set("Content-Encoding", "gzip")
	} else {
		plain, err := gunzip(f.packed)
		if err != nil {
			return err
		}
		body = plain
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	v.w.WriteHeader(http.StatusOK)
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(body) // the browser is gone: nobody to tell
	}
	return nil
}

func acceptsGzip(r *http.Request) bool {
	for entry := range strings.SplitSeq(strings.Join(r.Header["Accept-Encoding"], ","), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(entry), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight := strings.ReplaceAll(params, " ", "")
			return weight != "q=0" && !strings.HasPrefix(weight, "q=0.0")
		}
	}
	return false
}

func gzipped(data []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(data) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

func gunzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
