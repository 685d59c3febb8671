package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"purser/cmd/purser/live"
)

// uploads are the packages that clients have sent besides the changes, by version.
type uploads struct {
	mu       sync.Mutex
	outcomes map[string]outcome
}

func newUploads() *uploads { return &uploads{outcomes: map[string]outcome{}} }

// upload sends a package that nobody else sends, and tells whether the server is gone.
func (c *client) upload() (gone bool) {
	c.sent++
	version := fmt.Sprintf("1.9.%d%06d", c.id+1, c.sent)
	zip, err := live.Zip("uploaded-"+version, map[string]string{
		"package.yml": fmt.Sprintf(packageYAML, "uploaded", version), "templates/web.yml": webTemplate,
	})
	if err != nil {
		c.fail(err)
		return true
	}
	err = c.api.Upload(context.Background(), live.Archive{Name: "uploaded", Version: version, Zip: zip})
	c.requests.Add(1)
	result := unknown
	if _, answered := errors.AsType[*live.Refusal](err); answered {
		c.fail(fmt.Errorf("upload of %s: %w", version, err))
		result = refused
	} else if err == nil {
		result = accepted
		c.writes.Add(1)
	}
	c.uploads.mu.Lock()
	defer c.uploads.mu.Unlock()
	c.uploads.outcomes[version] = result
	return result == unknown
}

// check tells whether every acknowledged package is there, once, and none that was refused.
func (u *uploads) check(a *live.API) error {
	var found struct {
		Embedded struct {
			PackageMetadata []struct{ Name, Version string }
		} `json:"_embedded"`
	}
	if err := a.Call(context.Background(), http.MethodGet, "/api/packageMetadata?size=2000", nil, &found); err != nil {
		return err
	}
	counts := map[string]int{}
	for _, p := range found.Embedded.PackageMetadata {
		if p.Name == "uploaded" {
			counts[p.Version]++
		}
	}
	for version, result := range u.outcomes {
		if n := counts[version]; n > 1 || result == accepted && n == 0 || result == refused && n > 0 {
			return fmt.Errorf("package uploaded %s is there %d times, its upload was %v", version, n, result)
		}
		delete(counts, version)
	}
	if len(counts) > 0 {
		return fmt.Errorf("nobody has uploaded %v", counts)
	}
	return nil
}
