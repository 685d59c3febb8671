package packages

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"purser"
)

// maxRedirects is how often a repository may send a request elsewhere.
const maxRedirects = 5

// Failures of a source, told apart by callers and turned into an Error by one of them.
var (
	errAbsent     = errors.New("not found")
	errUnchanged  = errors.New("not modified")
	errTooLarge   = errors.New("larger than the limit")
	errScheme     = errors.New("the address is neither http, https nor file")
	errInsecure   = errors.New("a redirect leaves https")
	errRedirected = errors.New("too many redirects")
)

// source reads files of remote repositories by http, https and file addresses.
type source struct {
	client  *http.Client
	timeout time.Duration // of one file
}

// stamp is what a repository said of a file when it was read: it is asked for again only if it has another one.
type stamp struct {
	etag     string
	modified string
}

func newSource(client *http.Client, timeout time.Duration) *source {
	own := http.Client{}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = checkRedirect
	return &source{client: &own, timeout: timeout}
}

// checkRedirect follows a few redirects, but never from https to http.
func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errRedirected
	}
	if via[len(via)-1].URL.Scheme == "https" && r.URL.Scheme != "https" {
		return errInsecure
	}
	return nil
}

// archive gets the zip file of a package and checks its digest, if the metadata has one.
func (s *source) archive(ctx context.Context, r purser.Repository, m purser.PackageMetadata, limit int64) ([]byte, error) {
	if !isFileName(m.Name) || !isFileName(m.Version) {
		return nil, purser.Errorf(purser.CodeInvalid, "The package '%s', version '%s' cannot be fetched: its name or version is no file name", m.Name, m.Version)
	}
	data, _, err := s.read(ctx, r, limit, stamp{}, m.Name, m.Name+"-"+m.Version+".zip")
	if errors.Is(err, errAbsent) {
		e := missingResource(m, r)
		e.Err = err
		return nil, e
	}
	if err != nil {
		return nil, failure(err, fmt.Sprintf("Could not copy package file for %s-%s from package repository %s", m.Name, m.Version, r.Name))
	}
	if sum := sha256.Sum256(data); !matches(m.SHA256, sum[:]) {
		return nil, purser.Errorf(purser.CodeInvalid, "The package file of %s-%s in package repository %s has the SHA-256 %x, its metadata says %s",
			m.Name, m.Version, r.Name, sum, *m.SHA256)
	}
	return data, nil
}

// isFileName refuses names by which an index could reach files outside of its repository.
func isFileName(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\\\x00")
}

// matches compares a digest in hexadecimal, in any case. None, an empty one and the word "null" are no digest.
func matches(want *string, sum []byte) bool {
	if want == nil {
		return true
	}
	text := strings.TrimSpace(*want)
	if text == "" || text == "null" {
		return true
	}
	return strings.EqualFold(strings.TrimPrefix(text, "sha256:"), hex.EncodeToString(sum))
}

// failure turns a failure of read into what clients are told. Addresses stay out of it: they may hold credentials.
func failure(err error, what string) *purser.Error {
	code, why := purser.CodePlatform, "the repository does not answer as it should"
	switch {
	case errors.Is(err, errAbsent):
		code, why = purser.CodeNotFound, "it does not exist"
	case errors.Is(err, errTooLarge):
		code, why = purser.CodeTooLarge, "it is larger than the limit"
	case errors.Is(err, errScheme):
		code, why = purser.CodeInvalid, errScheme.Error()
	case errors.Is(err, errInsecure):
		why = errInsecure.Error()
	case errors.Is(err, errRedirected):
		why = errRedirected.Error()
	case errors.Is(err, context.DeadlineExceeded):
		why = "it takes too long"
	case errors.Is(err, io.ErrUnexpectedEOF):
		why = "the answer is cut short"
	}
	if status, ok := errors.AsType[statusError](err); ok {
		why = status.Error()
	}
	return &purser.Error{Code: code, Message: what + ": " + why, Err: err}
}

// statusError is an answer that is none.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("the repository answers with status %d", int(e))
}

// read gets a file of a repository of at most limit bytes. errAbsent, errUnchanged when the file still has the stamp,
// errTooLarge, errScheme, statusError, or a failure of the transport.
func (s *source) read(ctx context.Context, r purser.Repository, limit int64, known stamp, names ...string) ([]byte, stamp, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, stamp{}, errScheme // the text of err would show the address
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return s.readHTTP(ctx, u.JoinPath(escape(names)...), limit, known)
	case "file":
		return readFile(filepath.Join(append([]string{filePath(u)}, names...)...), limit, known)
	default:
		return nil, stamp{}, errScheme
	}
}

func escape(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = url.PathEscape(n)
	}
	return out
}

// filePath reads file:/x, file:///x and file:x.
func filePath(u *url.URL) string {
	if u.Opaque != "" {
		return filepath.FromSlash(path.Clean(u.Opaque))
	}
	return filepath.FromSlash(u.Path)
}

func (s *source) readHTTP(ctx context.Context, u *url.URL, limit int64, known stamp) ([]byte, stamp, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, stamp{}, err
	}
	if known.etag != "" {
		r.Header.Set("If-None-Match", known.etag)
	}
	if known.modified != "" {
		r.Header.Set("If-Modified-Since", known.modified)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, stamp{}, err
	}
	defer func() { _ = answer.Body.Close() }() // the body was read, or is not wanted
	switch {
	case answer.StatusCode == http.StatusNotModified && known != stamp{}:
		return nil, known, errUnchanged
	case answer.StatusCode == http.StatusNotFound, answer.StatusCode == http.StatusGone:
		return nil, stamp{}, errAbsent
	case answer.StatusCode != http.StatusOK:
		return nil, stamp{}, statusError(answer.StatusCode)
	case answer.ContentLength > limit:
		return nil, stamp{}, errTooLarge
	}
	data, err := readAll(answer.Body, limit)
	return data, stamp{etag: answer.Header.Get("ETag"), modified: answer.Header.Get("Last-Modified")}, err
}

func readFile(name string, limit int64, known stamp) ([]byte, stamp, error) {
	info, err := os.Stat(name) // before it is opened: opening a pipe would wait
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, stamp{}, errAbsent
	case err != nil:
		return nil, stamp{}, err
	case !info.Mode().IsRegular():
		return nil, stamp{}, errAbsent
	}
	now := stamp{etag: fmt.Sprintf("%d-%d", info.Size(), info.ModTime().UnixNano())}
	if now == known {
		return nil, known, errUnchanged
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, stamp{}, err
	}
	defer func() { _ = f.Close() }() // opened for reading
	data, err := readAll(f, limit)
	return data, now, err
}

func readAll(r io.Reader, limit int64) ([]byte, error) {
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, errTooLarge
	}
	return out.Bytes(), nil
}
