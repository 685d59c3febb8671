package demo

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

// api is what the story needs of the server's API.
type api struct {
	base string
	http *http.Client
}

func newAPI(base string) *api {
	return &api{
		base: strings.TrimRight(base, "/"),
		http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

// refusal is an answer with a status of 400 and more.
type refusal struct {
	Status  int
	Message string `json:"message"`
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.Status, r.Message) }

// call sends a request with a JSON body (nil for none) and reads the JSON answer into out (nil to drop it).
func (a *api) call(ctx context.Context, method, path string, body, out any) error {
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
		r := &refusal{Status: answer.StatusCode}
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

// page fetches the page of an application.
func (a *api) page(ctx context.Context, url string) (string, error) {
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

// release is a version of a release as the API shows it, as far as the story looks.
type release struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	Info    info   `json:"info"`
}

type info struct {
	Status struct {
		StatusCode     string `json:"statusCode"`
		PlatformStatus string `json:"platformStatus"` // JSON in a string
	} `json:"status"`
	Description string `json:"description"`
}

// instance is one running copy of the application.
type instance struct {
	ID         string            `json:"id"`
	State      string            `json:"state"`
	Attributes map[string]string `json:"attributes"`
}

// instances lists the instances that the platform knows of.
func (i info) instances() ([]instance, error) {
	if i.Status.PlatformStatus == "" {
		return nil, nil
	}
	var apps []struct {
		Instances map[string]instance `json:"instances"`
	}
	if err := json.Unmarshal([]byte(i.Status.PlatformStatus), &apps); err != nil {
		return nil, fmt.Errorf("reading platformStatus: %w", err)
	}
	var all []instance
	for _, app := range apps {
		for _, one := range app.Instances {
			all = append(all, one)
		}
	}
	return all, nil
}

// status reads a version of a release; version 0 is the latest.
func (a *api) status(ctx context.Context, name string, version int) (info, error) {
	path := "/api/release/status/" + name
	if version > 0 {
		path = fmt.Sprintf("%s/%d", path, version)
	}
	var i info
	return i, a.call(ctx, http.MethodGet, path, nil, &i)
}

// upload brings an archive into the local repository.
func (a *api) upload(ctx context.Context, p archive) error {
	return a.call(ctx, http.MethodPost, "/api/package/upload", map[string]any{
		"repoName": "local", "name": p.Name, "version": p.Version, "extension": "zip", "packageFileAsBytes": p.Zip,
	}, nil)
}

// install makes a release of a version of the package hello.
func (a *api) install(ctx context.Context, name, version string) (release, error) {
	var r release
	return r, a.call(ctx, http.MethodPost, "/api/package/install", map[string]any{
		"packageIdentifier": map[string]string{"packageName": name, "packageVersion": version},
		"installProperties": map[string]any{"releaseName": name, "platformName": "default"},
	}, &r)
}

// upgrade replaces the release by another version of its package; values are YAML, "" for none.
func (a *api) upgrade(ctx context.Context, name, version, values string) (release, error) {
	properties := map[string]any{"releaseName": name}
	if values != "" {
		properties["configValues"] = map[string]string{"raw": values}
	}
	var r release
	return r, a.call(ctx, http.MethodPost, "/api/release/upgrade", map[string]any{
		"packageIdentifier": map[string]string{"packageName": name, "packageVersion": version},
		"upgradeProperties": properties,
	}, &r)
}
