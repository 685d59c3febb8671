package release

import (
	"context"
	"strings"

	"purser"
)

// Logs gives what the applications of the latest version have printed, by deployment id. filter "" means all; another one
// is compared with the deployment id, in any case, as the reference does (spec/rest.md §2.12). A deleted version has no
// logs; an application that is gone has the empty text. CodeReleaseNotFound, CodeNotFound for the platform, CodePlatform.
func (e *Engine) Logs(ctx context.Context, key purser.ReleaseKey, filter string) (map[string]string, error) {
	r, err := findLight(ctx, e.Store, key, 0)
	if err != nil {
		return nil, err
	}
	logs := map[string]string{}
	if r.Stage.IsDeleted() {
		return logs, nil
	}
	for _, id := range r.DeploymentIDs() {
		if filter != "" && !strings.EqualFold(filter, id) {
			continue
		}
		platform, err := e.Platforms.Find(r.Platform)
		if err != nil {
			return nil, err
		}
		if logs[id], err = platform.Logs(ctx, id); err != nil {
			return nil, err
		}
	}
	return logs, nil
}
