package live

import (
	"context"
	"fmt"
	"net/http"
)

// Read is a request whose speed is measured, against a server that Populate has filled.
type Read struct {
	Name      string // in one word
	What      string
	Path      string
	Goal      int    // requests per second on 2 cores, 0 for none
	Reference string // what the reference server does there
}

// Reads lists the requests that clients send most.
func Reads() []Read {
	return []Read{
		{"about", "about", "/api/about", 25_000, "3,370/s"},
		{"status", "status of a release", "/api/release/status/solo", 6_000, "229/s"},
		{"manifest", "manifest of a release", "/api/release/manifest/solo", 0, "767/s"},
		{"list1", "list of 1", "/api/release/list/solo", 0, "457/s"},
		{"list60", "list of 60", "/api/release/list/fleet", 600, "107/s (of 20)"},
		{"packages", "first page of 200 packages", "/api/packageMetadata", 0, "155/s"},
		{
			"history", "history of 50 versions",
			"/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=history", 0, "270/s (of 1)",
		},
	}
}

// What Populate leaves behind.
const (
	fleet    = 60
	versions = 50
	catalog  = 200
)

// Populate fills a server: the example packages and others, up to 200 in all; the release solo and 60 of a fleet, each
// with an application that runs; and 50 versions of the release history, which are deleted.
func Populate(ctx context.Context, a *API, examples []Archive) error {
	for _, p := range examples {
		if err := a.Upload(ctx, p); err != nil {
			return err
		}
	}
	for n := len(examples); n < catalog; n++ {
		name := fmt.Sprintf("package-%03d", n)
		data, err := Zip(name+"-1.0.0", map[string]string{"package.yml": "apiVersion: skipper.spring.io/v1\n" +
			"kind: SkipperPackageMetadata\nname: " + name + "\nversion: 1.0.0\ndescription: One of many.\nmaintainer: Purser\n"})
		if err != nil {
			return err
		}
		if err := a.Upload(ctx, Archive{Name: name, Version: "1.0.0", Zip: data}); err != nil {
			return err
		}
	}
	names := []string{"solo"}
	for n := range fleet {
		names = append(names, fmt.Sprintf("fleet-%02d", n))
	}
	for _, name := range names {
		if err := a.installAs(ctx, name); err != nil {
			return err
		}
	}
	for range versions {
		if err := a.installAs(ctx, "history"); err != nil {
			return err
		}
		if err := a.Call(ctx, http.MethodDelete, "/api/release/history", nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// installAs makes a release of the package hello.
func (a *API) installAs(ctx context.Context, release string) error {
	return a.Call(ctx, http.MethodPost, "/api/package/install", map[string]any{
		"packageIdentifier": map[string]string{"packageName": "hello", "packageVersion": "1.0.0"},
		"installProperties": map[string]any{"releaseName": release, "platformName": "default"},
	}, nil)
}
