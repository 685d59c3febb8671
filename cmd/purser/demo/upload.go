package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"purser/cmd/purser/live"
)

// Upload waits for the server at base and uploads the example packages to it; versions that are there already stay.
func Upload(ctx context.Context, base string, o Options) error {
	archives, err := live.Pack(o.Packages, o.Apps)
	if err != nil {
		return err
	}
	a := live.NewAPI(base)
	if err := live.Until(ctx, 20*time.Second, 20*time.Millisecond, base+" answers", func() (bool, error) {
		return a.Call(ctx, http.MethodGet, "/api/about", nil, nil) == nil, nil
	}); err != nil {
		return err
	}
	for _, p := range archives {
		err := a.Upload(ctx, p)
		if refused, ok := errors.AsType[*live.Refusal](err); ok && refused.Status == http.StatusConflict {
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
	a := live.NewAPI(base)
	var list struct {
		Embedded struct {
			Releases []live.Release `json:"releases"`
		} `json:"_embedded"`
	}
	if err := a.Call(ctx, http.MethodGet, "/api/release/list", nil, &list); err != nil {
		return err
	}
	for _, r := range list.Embedded.Releases {
		if r.Info.Status.StatusCode != "DEPLOYED" {
			continue
		}
		if err := a.Call(ctx, http.MethodDelete, "/api/release/"+r.Name, nil, nil); err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "deleted %s\n", r.Name)
	}
	return nil
}
