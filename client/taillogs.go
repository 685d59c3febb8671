package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// LogQuery says which logs of a release are read.
type LogQuery struct {
	Application string // name or deployment id, any case; "": all
	Lines       *int   // the last lines of each instance; nil: the server's choice (100)
}

// LogTail is the end of the logs of a release's latest version.
type LogTail struct {
	Name    string     `json:"name" yaml:"name"`
	Version int        `json:"version" yaml:"version"`
	Logs    []LogEntry `json:"logs" yaml:"logs"`
}

// LogEntry is a piece of the log of one instance: one or more lines without the last line feed.
type LogEntry struct {
	Application  string `json:"application" yaml:"application"`
	DeploymentID string `json:"deploymentId" yaml:"deploymentId"`
	Instance     string `json:"instance" yaml:"instance"`
	Stream       string `json:"stream" yaml:"stream"` // stdout or stderr
	Text         string `json:"text" yaml:"text"`
	More         bool   `json:"more,omitempty" yaml:"more,omitempty"` // its last line goes on in the next entry
}

func (q LogQuery) vars(name string) vars {
	v := vars{"name": name}
	if q.Application != "" {
		v["app"] = q.Application
	}
	if q.Lines != nil {
		v["lines"] = strconv.Itoa(*q.Lines)
	}
	return v
}

// TailLogs reads the end of the logs of a release's latest version.
func (c *Client) TailLogs(ctx context.Context, name string, q LogQuery) (LogTail, error) {
	return fetch[LogTail](ctx, c, call{method: http.MethodGet, place: placeTail, vars: q.vars(name)})
}

// errLogsEnd ends a stream whose logs are over.
var errLogsEnd = errors.New("the logs are over")

// FollowLogs tells visit of the end of the logs and of what is added, until the version is gone, ctx ends, or visit gives an
// error, which comes out as it is. reason says why the server ended it, "" when it just did. A connection that is lost is an
// UnreachableError: logs have no place to go on from.
func (c *Client) FollowLogs(ctx context.Context, name string, q LogQuery, visit func(LogEntry) error) (reason string, err error) {
	v := q.vars(name)
	v["follow"] = "true"
	var stopped error
	err = c.stream(ctx, placeTail, v, "", func() error { return nil }, func(got frame) error {
		switch {
		case got.data == "":
			return nil
		case got.event == "end":
			var end struct {
				Reason string `json:"reason"`
			}
			if err := json.Unmarshal([]byte(got.data), &end); err != nil {
				return fmt.Errorf("the end of the logs cannot be read: %w", err)
			}
			reason = end.Reason
			return errLogsEnd
		case got.event != "log":
			return nil
		}
		var e LogEntry
		if err := json.Unmarshal([]byte(got.data), &e); err != nil {
			return fmt.Errorf("a piece of log cannot be read: %w", err)
		}
		stopped = visit(e)
		return stopped
	})
	switch {
	case stopped != nil:
		return "", stopped
	case errors.Is(err, errLogsEnd):
		return reason, nil
	}
	return reason, err
}
