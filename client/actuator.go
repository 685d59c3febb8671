package client

import (
	"context"
	"encoding/json"
	"net/http"
)

// ActuatorTarget names one instance of an application.
type ActuatorTarget struct {
	ReleaseName  string
	DeploymentID string
	InstanceID   string // its guid
}

func (t ActuatorTarget) vars() vars {
	return vars{"name": t.ReleaseName, "app": t.DeploymentID, "id": t.InstanceID}
}

// ActuatorGet reads a management endpoint of an instance, such as "/health" or "/loggers/org.example", through the server.
// The answer is the application's, whatever its type.
func (c *Client) ActuatorGet(ctx context.Context, t ActuatorTarget, endpoint string) ([]byte, error) {
	v := t.vars()
	v["endpoint"] = endpoint
	a, err := c.call(ctx, call{method: http.MethodGet, place: placeActuator, vars: v, accept: acceptAnything})
	return a.body, err
}

// ActuatorPost writes to a management endpoint of an instance. body is sent as JSON; nil sends none. The answer is the
// application's, empty when it gave none.
func (c *Client) ActuatorPost(ctx context.Context, t ActuatorTarget, endpoint string, body any) (json.RawMessage, error) {
	send := struct {
		Endpoint string `json:"endpoint"`
		Body     any    `json:"body,omitempty"`
	}{endpoint, body}
	a, err := c.call(ctx, call{method: http.MethodPost, place: placeActuator, vars: t.vars(), send: send})
	return a.body, err
}
