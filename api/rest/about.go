package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"purser/api/hal"
)

// About says which versions there are (spec/rest.md §2.2). Empty texts are left out.
type About struct {
	ServerName    string
	ServerVersion string
	ShellName     string
	ShellVersion  string
	ShellURL      string // "": where the shell of that version is published
	SHA1          Checksum
	SHA256        Checksum
	Fetch         bool         // show the shell's checksums
	Client        *http.Client // fetches them; nil: only those that are configured are shown
}

// Checksum is configured, or fetched from a URL at each call.
type Checksum struct {
	Value string
	URL   string
}

// maxChecksum is how many bytes are read of what a checksum's URL gives.
const maxChecksum = 1 << 10

// getAbout is GET /api/about.
func (h *Handler) getAbout(w http.ResponseWriter, r *http.Request) error {
	about := h.about
	for _, sum := range []*Checksum{&about.SHA1, &about.SHA256} {
		value, err := about.checksum(r.Context(), *sum)
		if err != nil {
			return err
		}
		sum.Value = value
	}
	return h.adapter.HAL(w, r, http.StatusOK, about)
}

// checksum gives the checksum to show, "" for none: one that is not there (4xx) is left out.
func (a About) checksum(ctx context.Context, sum Checksum) (string, error) {
	switch {
	case !a.Fetch:
		return "", nil
	case sum.Value != "" || sum.URL == "" || a.Client == nil:
		return sum.Value, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.ReplaceAll(sum.URL, "{version}", a.ShellVersion), nil)
	if err != nil {
		return "", fmt.Errorf("the URL of a checksum: %w", err)
	}
	answer, err := a.Client.Do(request)
	if err != nil {
		return "", fmt.Errorf("a checksum cannot be fetched: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxChecksum))
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return "", fmt.Errorf("a checksum cannot be read: %w", err)
	}
	switch {
	case answer.StatusCode == http.StatusOK:
		return strings.TrimSpace(string(text)), nil
	case answer.StatusCode >= 400 && answer.StatusCode < 500:
		return "", nil
	}
	return "", fmt.Errorf("a checksum cannot be fetched: %s", answer.Status)
}

// AppendFields implements hal.Fields.
func (a About) AppendFields(w *hal.Writer) {
	w.Key("versionInfo")
	w.BeginObject()
	w.Key("server")
	w.BeginObject()
	optional(w, "name", a.ServerName)
	optional(w, "version", a.ServerVersion)
	w.EndObject()
	w.Key("shell")
	w.BeginObject()
	optional(w, "name", a.ShellName)
	optional(w, "version", a.ShellVersion)
	optional(w, "checksumSha1", a.SHA1.Value)
	optional(w, "checksumSha256", a.SHA256.Value)
	optional(w, "url", a.ShellURL)
	w.EndObject()
	w.EndObject()
}

func optional(w *hal.Writer, key, value string) {
	if value != "" {
		w.Key(key)
		w.String(value)
	}
}

const shellPath = "/org/springframework/cloud/spring-cloud-skipper-shell/{version}/spring-cloud-skipper-shell-{version}.jar"

// shellURL gives where the shell can be fetched: what is configured, with {repository} and {version} filled in.
func (a About) shellURL() string {
	url := a.ShellURL
	if url == "" {
		url = "{repository}" + shellPath
	}
	return strings.NewReplacer("{repository}", repository(a.ShellVersion), "{version}", a.ShellVersion).Replace(url)
}

func repository(version string) string {
	switch {
	case strings.HasSuffix(version, "BUILD-SNAPSHOT"):
		return "https://repo.spring.io/snapshot"
	case strings.Contains(version, ".M"), strings.Contains(version, ".RC"):
		return "https://repo.spring.io/milestone"
	}
	return "https://repo.maven.apache.org/maven2"
}

var _ hal.Fields = About{}
