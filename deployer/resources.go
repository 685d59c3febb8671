package deployer

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"purser"
)

// The limits of a fetch when Options leaves them 0.
const (
	DefaultMaxBytes  = 1 << 30
	DefaultTimeout   = 10 * time.Minute
	DefaultRedirects = 5
)

// Options say where resources come from and what a fetch may cost.
type Options struct {
	CacheDir  string        // made when first needed; the one place where downloads are kept
	MaxBytes  int64         // of one resource; 0: DefaultMaxBytes
	Timeout   time.Duration // of one fetch, from the request to the last byte; 0: DefaultTimeout
	Redirects int           // how many are followed; 0: DefaultRedirects, negative: none
	Offline   bool          // ask no server: only files, the cache and the local Maven repository count

	MavenLocal string   // the local repository, never written to; "": ~/.m2/repository
	Remotes    []Remote // Maven repositories, asked in this order
	MavenProxy *Proxy   // nil: HTTP_PROXY and its kin
	// ConnectTimeout and AnswerTimeout are for Maven repositories: until a connection stands, and from the request to
	// the first byte of the answer. 0: 10 s and 1 min.
	ConnectTimeout time.Duration
	AnswerTimeout  time.Duration

	Transport http.RoundTripper // nil: one of its own
	Clock     purser.Clock      // nil: the machine's
	Log       *slog.Logger      // nil: silent
}

// Resources fetches what applications are made of. It is safe for concurrent use; several processes may share one
// cache folder.
type Resources struct {
	options Options
	cache   cache
	flights flights
	web     *http.Client // for http: and https: resources
	maven   *http.Client // for Maven repositories
	close   []func()
}

// NewResources makes a Resources. It touches neither disk nor network. CodeInvalid for remotes and proxies that cannot
// be meant.
func NewResources(o Options) (*Resources, error) {
	o.MaxBytes = cmp.Or(max(o.MaxBytes, 0), DefaultMaxBytes)
	o.Timeout = cmp.Or(max(o.Timeout, 0), DefaultTimeout)
	o.Redirects = cmp.Or(o.Redirects, DefaultRedirects)
	o.Clock = cmp.Or[purser.Clock](o.Clock, purser.SystemClock{})
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MavenLocal == "" {
		if home, err := os.UserHomeDir(); err == nil {
			o.MavenLocal = filepath.Join(home, ".m2", "repository")
		}
	}
	for _, remote := range o.Remotes {
		if err := remote.check(); err != nil {
			return nil, err
		}
	}
	r := &Resources{options: o, cache: cache{dir: o.CacheDir, log: o.Log}}
	r.flights.open()
	return r, r.makeClients()
}

// Close stops the downloads under way and waits for them. A second Close does nothing.
func (r *Resources) Close() error {
	r.flights.close()
	for _, f := range r.close {
		f()
	}
	return nil
}

// Fetch gives the path of a file that holds the resource: for file: the file itself, for http:, https: and maven: one
// in the cache or in the local Maven repository, which must not be changed. Concurrent fetches of one resource share a
// download. CodeInvalid for a location that cannot be meant, CodeNotFound when nothing is there, CodePlatform when it
// could not be fetched whole and sound. Messages and logs never show the secrets of a location.
func (r *Resources) Fetch(ctx context.Context, location string) (string, error) {
	scheme, rest, ok := cutScheme(location)
	if !ok {
		return "", purser.Errorf(purser.CodeInvalid, "a scheme (prefix) is required")
	}
	switch scheme {
	case "file":
		return findFile(location, rest)
	case "http", "https":
		return r.fetchWeb(ctx, location)
	case "maven":
		return r.fetchMaven(ctx, strings.TrimLeft(rest, "/"))
	}
	return "", purser.Errorf(purser.CodeInvalid, "resources of scheme '%s' cannot be fetched as files, expected file, http, https or maven", scheme)
}

// cutScheme parts a location into its scheme, in lower case, and what follows the colon.
func cutScheme(location string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(location, ":")
	if !ok || scheme == "" {
		return "", "", false
	}
	for i, c := range []byte(strings.ToLower(scheme)) {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(c))) {
			return "", "", false
		}
	}
	return strings.ToLower(scheme), rest, true
}

// findFile gives the path that a file: location names, as Java's File does: file:/x, file:///x and file://localhost/x
// are /x, file:x is relative to the working directory, file://x/y is /x/y.
func findFile(location, rest string) (string, error) {
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		rest = "/" + strings.TrimLeft(strings.TrimPrefix(after, "localhost/"), "/")
	}
	candidates := []string{rest}
	if unescaped, err := url.PathUnescape(rest); err == nil && unescaped != rest {
		candidates = []string{unescaped, rest}
	}
	for _, path := range candidates {
		if strings.ContainsRune(path, 0) {
			continue
		}
		switch info, err := os.Stat(path); {
		case err != nil:
		case !info.Mode().IsRegular():
			return "", purser.Errorf(purser.CodeInvalid, "%s is not a file", Redact(location))
		default:
			return path, nil
		}
	}
	return "", purser.Errorf(purser.CodeNotFound, "%s does not exist", Redact(location))
}
