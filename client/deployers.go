package client

import (
	"context"
	"encoding/json"
)

// Deployer is a platform account that releases are deployed to.
type Deployer struct {
	Name        string           `json:"name" yaml:"name"`
	Type        string           `json:"type" yaml:"type"`
	Description string           `json:"description" yaml:"description"`
	Options     []DeployerOption `json:"options" yaml:"options"`
}

// DeployerOption is a deployment property that the platform understands.
type DeployerOption struct {
	ID               string          `json:"id" yaml:"id"` // e.g. spring.cloud.deployer.local.java-opts
	Name             string          `json:"name" yaml:"name"`
	Type             string          `json:"type" yaml:"type"`
	Description      string          `json:"description" yaml:"description"`
	ShortDescription string          `json:"shortDescription" yaml:"shortDescription"`
	DefaultValue     any             `json:"defaultValue" yaml:"defaultValue"` // any JSON
	Hints            json.RawMessage `json:"hints" yaml:"-"`
	Deprecation      json.RawMessage `json:"deprecation" yaml:"-"`
	Deprecated       bool            `json:"deprecated" yaml:"deprecated"`
}

// Deployers lists the platform accounts with the properties that they understand.
func (c *Client) Deployers(ctx context.Context) ([]Deployer, error) {
	return list[Deployer](ctx, c, placeDeployers, "deployers", whole())
}
