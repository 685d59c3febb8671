package client

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// Outcome is how a change ended.
type Outcome string

// The outcomes.
const (
	OutcomeSucceeded Outcome = "succeeded"
	OutcomeFailed    Outcome = "failed"
	OutcomeCancelled Outcome = "cancelled"
)

// Operation is the record of one change to one release.
type Operation struct {
	ID              int64   `json:"id" yaml:"id"`
	Name            string  `json:"name" yaml:"name"`
	Kind            string  `json:"kind" yaml:"kind"` // install, upgrade, delete or scale
	Rollback        bool    `json:"rollback" yaml:"rollback"`
	Phase           string  `json:"phase" yaml:"phase"`     // deploy, wait, remove, abort, scale or done
	Outcome         Outcome `json:"outcome" yaml:"outcome"` // "" while it is under way
	From            int     `json:"from" yaml:"from"`       // the version that is replaced, 0 for none
	To              int     `json:"to" yaml:"to"`           // the version that it works on
	StartedAt       Time    `json:"startedAt" yaml:"startedAt"`
	FinishedAt      Time    `json:"finishedAt" yaml:"finishedAt"` // zero while it is under way
	Deadline        Time    `json:"deadline" yaml:"deadline"`     // of the health check
	CancelRequested bool    `json:"cancelRequested" yaml:"cancelRequested"`
	RequestedBy     string  `json:"requestedBy" yaml:"requestedBy"`
	Message         string  `json:"message" yaml:"message"`
}

// OperationFilter says which operations are looked for.
type OperationFilter struct {
	Name string // of the release; "": all
	Open bool   // only those that are under way
	Page int    // from 0
	Size int    // of a page; 0: the server's choice
}

// OperationPage is a part of the list of operations.
type OperationPage struct {
	Operations []Operation `json:"operations" yaml:"operations"`
	Page       Page        `json:"page" yaml:"page"`
}

// Operations lists changes, the newest first.
func (c *Client) Operations(ctx context.Context, f OperationFilter) (OperationPage, error) {
	v := vars{}
	if f.Name != "" {
		v["name"] = f.Name
	}
	if f.Open {
		v["open"] = "true"
	}
	if f.Page > 0 {
		v["page"] = strconv.Itoa(f.Page)
	}
	if f.Size > 0 {
		v["size"] = strconv.Itoa(f.Size)
	}
	return fetch[OperationPage](ctx, c, call{method: http.MethodGet, place: placeOperations, vars: v})
}

// UnmarshalJSON reads a page as the server sends it, and as OperationPage itself is written.
func (p *OperationPage) UnmarshalJSON(raw []byte) error {
	var wire struct {
		collection
		Operations []Operation `json:"operations"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	some, err := elements[Operation](wire.collection, "operations")
	if err != nil {
		return err
	}
	*p = OperationPage{Operations: append(some, wire.Operations...), Page: wire.Page}
	return nil
}
