package deployer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/renameio/v2"

	"purser"
)

// cache keeps downloads on disk: content/<sha256><extension> holds the files, index/<sha256 of the URL>.json what each
// URL last gave, partial/ what is still arriving. Files get their final name only when they are whole and on disk.
type cache struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	opened bool
	sound  map[string]time.Time // files whose digest was checked by this process -> their change time
}

// entry is what the cache knows of a URL. The URL itself is left out, it may hold secrets.
type entry struct {
	Digest       string    `json:"sha256"`
	Size         int64     `json:"size"`
	Extension    string    `json:"extension,omitempty"` // with its dot
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"lastModified,omitempty"`
	Checked      string    `json:"checked,omitempty"` // the checksum that a repository vouched with
	FetchedAt    time.Time `json:"fetchedAt"`
}

// The folders of a cache.
const (
	contentDir = "content"
	indexDir   = "index"
	partialDir = "partial"
)

// open makes the folders and removes what a crash left behind, once.
func (c *cache) open() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.opened {
		return nil
	}
	if c.dir == "" {
		return &purser.Error{Code: purser.CodePlatform, Message: "the resource cache has no folder"}
	}
	for _, dir := range []string{contentDir, indexDir, partialDir} {
		if err := os.MkdirAll(filepath.Join(c.dir, dir), 0o700); err != nil {
			return cacheError(err)
		}
	}
	c.sound = map[string]time.Time{}
	c.sweep()
	c.opened = true
	return nil
}

// cacheError keeps the server's paths out of the message.
func cacheError(err error) error {
	return &purser.Error{Code: purser.CodePlatform, Message: "the resource cache cannot be written", Err: err}
}

// find gives what is known of a key, and its file. A file that is gone or damaged counts as unknown.
func (c *cache) find(key string) (entry, string, bool) {
	text, err := os.ReadFile(c.indexPath(key))
	if err != nil {
		return entry{}, "", false
	}
	var e entry
	if err := json.Unmarshal(text, &e); err != nil || !e.valid() {
		c.log.Warn("the resource cache has a damaged index entry, it is fetched anew")
		return entry{}, "", false
	}
	path := c.contentPath(e)
	if !c.isSound(path, e) {
		return entry{}, "", false
	}
	return e, path, true
}

// valid refuses entries that name a file elsewhere.
func (e entry) valid() bool {
	digest, err := hex.DecodeString(e.Digest)
	return err == nil && len(digest) == sha256.Size && e.Extension == cleanExtension(e.Extension)
}

// isSound tells whether the file is what the entry says. Its digest is computed once a process, and again after the
// file was touched.
func (c *cache) isSound(path string, e entry) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() != e.Size {
		return false
	}
	c.mu.Lock()
	checked, known := c.sound[path]
	c.mu.Unlock()
	if known && checked.Equal(info.ModTime()) {
		return true
	}
	if digest, err := fileDigest(path); err != nil || digest != e.Digest {
		c.log.Warn("the resource cache has a damaged file, it is fetched anew", "sha256", e.Digest)
		return false
	}
	c.trust(path, info.ModTime())
	return true
}

// trust remembers that a file was checked.
func (c *cache) trust(path string, modified time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sound[path] = modified
}

// fileDigest gives the sha256 of a file in hex.
func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// put remembers what a key gave.
func (c *cache) put(key string, e entry) error {
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encoding a cache entry: %w", err)
	}
	if err := renameio.WriteFile(c.indexPath(key), text, 0o600, renameio.WithTempDir(filepath.Join(c.dir, partialDir))); err != nil {
		return cacheError(err)
	}
	return nil
}

func (c *cache) indexPath(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(c.dir, indexDir, hex.EncodeToString(sum[:])+".json")
}

func (c *cache) contentPath(e entry) string {
	return filepath.Join(c.dir, contentDir, e.Digest+e.Extension)
}

// cleanExtension gives the extension that a file may keep in the cache: short, letters and digits; else "".
func cleanExtension(extension string) string {
	if len(extension) < 2 || len(extension) > 9 || extension[0] != '.' {
		return ""
	}
	for _, c := range []byte(strings.ToLower(extension[1:])) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return ""
		}
	}
	return extension
}
