package release

import (
	"context"

	"purser"
)

// States gives, for each name that is known, the state of each deployment of its latest version; a deleted version has
// none (spec/rest.md §2.10).
func (e *Engine) States(ctx context.Context, space string, names []string) (map[string]map[string]purser.AppState, error) {
	found, err := e.Statuses(ctx, space, names)
	if err != nil {
		return nil, err
	}
	states := make(map[string]map[string]purser.AppState, len(found))
	for name, r := range found {
		states[name] = map[string]purser.AppState{}
		if r.Stage.IsDeleted() {
			continue
		}
		for _, s := range r.Statuses {
			states[name][s.DeploymentID] = s.State
		}
	}
	return states, nil
}
