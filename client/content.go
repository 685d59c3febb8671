package client

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// PackageContent is a package with what is in it.
type PackageContent struct {
	PackageMetadata `yaml:",inline"`

	Values       *string          `json:"values" yaml:"values"` // values.yml, nil for none
	Templates    []TemplateText   `json:"templates" yaml:"templates"`
	Readme       *string          `json:"readme" yaml:"readme"`
	Dependencies []PackageContent `json:"dependencies" yaml:"dependencies"`
}

// TemplateText is one file of the folder templates.
type TemplateText struct {
	Name string `json:"name" yaml:"name"`
	Text string `json:"text" yaml:"text"`
}

// PackageContent reads what is in the package with that id (PackageMetadata.ID). A package of a remote repository is
// fetched by the server first.
func (c *Client) PackageContent(ctx context.Context, id int64) (PackageContent, error) {
	v := vars{"id": strconv.FormatInt(id, 10)}
	return fetch[PackageContent](ctx, c, call{method: http.MethodGet, place: placeContent, vars: v})
}

// UnmarshalJSON reads the metadata and what is beside it.
func (p *PackageContent) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Values       *string          `json:"values"`
		Templates    []TemplateText   `json:"templates"`
		Readme       *string          `json:"readme"`
		Dependencies []PackageContent `json:"dependencies"`
	}
	var metadata PackageMetadata
	if err := json.Unmarshal(raw, &metadata); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*p = PackageContent{metadata, wire.Values, wire.Templates, wire.Readme, wire.Dependencies}
	return nil
}
