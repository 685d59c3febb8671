package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Upload waits for the server at base and uploads the example packages to it; versions that are there already stay.
func Upload(ctx context.Context, base string, o Options) error {
	archives, err := pack(o.Packages, o.Apps)
	if err != nil {
		return err
	}
	a := newAPI(base)
	if err := until(ctx, 20*time.Second, 20*time.Millisecond, base+" answers", func() (bool, error) {
		return a.call(ctx, http.MethodGet, "/api/about", nil, nil) == nil, nil
	}); err != nil {
		return err
	}
	for _, p := range archives {
		err := a.upload(ctx, p)
		if refused, ok := errors.AsType[*refusal](err); ok && refused.Status == http.StatusConflict {
			fmt.Fprintf(o.Out, "%s %s: %s\n", p.Name, p.Version, refused.Message)
			continue
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "uploaded %s %s\n", p.Name, p.Version)
	}
	return nil
}

// Clear deletes every release that is deployed on the server at base, so that no application outlives it.
func Clear(ctx context.Context, base string, o Options) error {
	a := newAPI(base)
	var list struct {
		Embedded struct {
			Releases []release `json:"releases"`
		} `json:"_embedded"`
	}
	if err := a.call(ctx, http.MethodGet, "/api/release/list", nil, &list); err != nil {
		return err
	}
	for _, r := range list.Embedded.Releases {
		if r.Info.Status.StatusCode != "DEPLOYED" {
			continue
		}
		if err := a.call(ctx, http.MethodDelete, "/api/release/"+r.Name, nil, nil); err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "deleted %s\n", r.Name)
	}
	return nil
}
