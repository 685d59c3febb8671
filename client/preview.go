package client

import (
	"context"
	"net/http"
)

// What a change does with an application.
const (
	ActionDeploy  = "deploy"
	ActionReplace = "replace"
	ActionKeep    = "keep"
	ActionRemove  = "remove"
)

// Preview is what a change would do. Nothing of it has happened.
type Preview struct {
	Name           string               `json:"name" yaml:"name"`
	Version        int                  `json:"version" yaml:"version"` // that it would get
	PlatformName   string               `json:"platformName" yaml:"platformName"`
	PackageName    string               `json:"packageName" yaml:"packageName"`
	PackageVersion string               `json:"packageVersion" yaml:"packageVersion"`
	Manifest       string               `json:"manifest" yaml:"manifest"`
	Values         *string              `json:"values" yaml:"values"` // that would be stored; nil for none
	Applications   []PlannedApplication `json:"applications" yaml:"applications"`
	Difference     Difference           `json:"difference" yaml:"difference"` // empty: the upgrade would be refused
}

// PlannedApplication is what would happen to one application.
type PlannedApplication struct {
	Name         string `json:"name" yaml:"name"`
	Action       string `json:"action" yaml:"action"`
	DeploymentID string `json:"deploymentId" yaml:"deploymentId"`
}

// PreviewInstall tells what Install would do, or refuses as it would.
func (c *Client) PreviewInstall(ctx context.Context, r InstallRequest) (Preview, error) {
	return fetch[Preview](ctx, c, call{method: http.MethodPost, place: placePreviewInstall, send: r.wire()})
}

// PreviewUpgrade tells what Upgrade would do, or refuses as it would; an upgrade without a difference is no refusal here.
func (c *Client) PreviewUpgrade(ctx context.Context, r UpgradeRequest) (Preview, error) {
	return fetch[Preview](ctx, c, call{method: http.MethodPost, place: placePreviewUpgrade, send: r.wire()})
}

// PreviewRollback tells what Rollback would do, or refuses as it would.
func (c *Client) PreviewRollback(ctx context.Context, r RollbackRequest) (Preview, error) {
	return fetch[Preview](ctx, c, call{method: http.MethodPost, place: placePreviewRollback, send: r.wire()})
}
