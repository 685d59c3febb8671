package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// API is what the story needs of the server's API.
type API struct {
	base string
	http *http.Client
}

// NewAPI makes calls to the server at base.
func NewAPI(base string) *API {
	return &API{
		base: strings.TrimRight(base, "/"),
		http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

// NewKeepAliveAPI makes calls to the server at base over connections that stay open, for so many callers at once.
func NewKeepAliveAPI(base string, callers int) *API {
	a := NewAPI(base)
	a.http.Transport = &http.Transport{MaxIdleConnsPerHost: callers}
	return a
}

// Refusal is an answer with a status of 400 and more.
type Refusal struct {
	Status     int    `json:"-"`
	Message    string `json:"message"`
	RetryAfter string `json:"-"` // the header of that name
}

func (r *Refusal) Error() string { return fmt.Sprintf("%d %s", r.Status, r.Message) }

// Call sends a request with a JSON body (nil for none) and reads the JSON answer into out (nil to drop it).
func (a *API) Call(ctx context.Context, method, path string, body, out any) error {
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.base+path, sent)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 16<<20))
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusBadRequest {
		r := &Refusal{Status: answer.StatusCode, RetryAfter: answer.Header.Get("Retry-After")}
		if err := json.Unmarshal(text, r); err != nil || r.Message == "" {
			r.Message = string(text)
		}
		return r
	}
	if out == nil || len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, out)
}

// Page fetches the page of an application.
func (a *API) Page(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/", nil)
	if err != nil {
		return "", err
	}
	answer, err := a.http.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", url, answer.Status)
	}
	return strings.TrimSpace(string(text)), err
}

// Release is a version of a release as the API shows it, as far as the story looks.
type Release struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	Info    Info   `json:"info"`
}

// Info is how a version of a release stands.
type Info struct {
	Status struct {
		StatusCode     string `json:"statusCode"`
		PlatformStatus string `json:"platformStatus"` // JSON in a string
	} `json:"status"`
	Description string `json:"description"`
}

// Instance is one running copy of the application.
type Instance struct {
	ID         string            `json:"id"`
	State      string            `json:"state"`
	Attributes map[string]string `json:"attributes"`
}

// Instances lists the instances that the platform knows of.
func (i Info) Instances() ([]Instance, error) {
	if i.Status.PlatformStatus == "" {
		return nil, nil
	}
	var apps []struct {
		Instances map[string]Instance `json:"instances"`
	}
	if err := json.Unmarshal([]byte(i.Status.PlatformStatus), &apps); err != nil {
		return nil, fmt.Errorf("reading platformStatus: %w", err)
	}
	var all []Instance
	for _, app := range apps {
		for _, one := range app.Instances {
			all = append(all, one)
		}
	}
	return all, nil
}

// Status reads a version of a release; version 0 is the latest.
func (a *API) Status(ctx context.Context, name string, version int) (Info, error) {
	path := "/api/release/status/" + name
	if version > 0 {
		path = fmt.Sprintf("%s/%d", path, version)
	}
	var i Info
	return i, a.Call(ctx, http.MethodGet, path, nil, &i)
}

// Upload brings an archive into the local repository.
func (a *API) Upload(ctx context.Context, p Archive) error {
	return a.Call(ctx, http.MethodPost, "/api/package/upload", map[string]any{
		"repoName": "local", "name": p.Name, "version": p.Version, "extension": "zip", "packageFileAsBytes": p.Zip,
	}, nil)
}

// Install makes a release of a version of the package hello.
func (a *API) Install(ctx context.Context, name, version string) (Release, error) {
	var r Release
	return r, a.Call(ctx, http.MethodPost, "/api/package/install", map[string]any{
		"packageIdentifier": map[string]string{"packageName": name, "packageVersion": version},
		"installProperties": map[string]any{"releaseName": name, "platformName": "default"},
	}, &r)
}

// Upgrade replaces the release by another version of its package; values are YAML, "" for none.
func (a *API) Upgrade(ctx context.Context, name, version, values string) (Release, error) {
	properties := map[string]any{"releaseName": name}
	if values != "" {
		properties["configValues"] = map[string]string{"raw": values}
	}
	var r Release
	return r, a.Call(ctx, http.MethodPost, "/api/release/upgrade", map[string]any{
		"packageIdentifier": map[string]string{"packageName": name, "packageVersion": version},
		"upgradeProperties": properties,
	}, &r)
}
