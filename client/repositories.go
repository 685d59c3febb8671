package client

import "context"

// Repository is where packages come from.
type Repository struct {
	ID          int64  `json:"id,omitempty" yaml:"id,omitempty"`
	Name        string `json:"name" yaml:"name"`
	URL         string `json:"url" yaml:"url"`
	SourceURL   string `json:"sourceUrl" yaml:"sourceUrl"`
	Local       bool   `json:"local" yaml:"local"` // takes uploads
	Description string `json:"description" yaml:"description"`
	Order       int    `json:"repoOrder" yaml:"repoOrder"` // of several with the same package the highest wins
}

// Repositories lists the repositories.
func (c *Client) Repositories(ctx context.Context) ([]Repository, error) {
	return list[Repository](ctx, c, placeRepositories, "repositories", whole())
}
