package local

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"purser"
)

const (
	actuatorTimeout = 30 * time.Second
	actuatorLimit   = 16 << 20 // bytes of an answer
)

// Actuator implements purser.Deployer (spec/rest.md §2.20). The caller's Authorization goes before the account's.
func (d *Deployer) Actuator(ctx context.Context, r purser.ActuatorRequest) (purser.ActuatorResponse, error) {
	if err := d.refresh(ctx, r.DeploymentID); err != nil {
		return purser.ActuatorResponse{}, err
	}
	base, ok := d.deployedURL(r.DeploymentID, r.InstanceGUID)
	if !ok {
		return purser.ActuatorResponse{}, errNotRunning(r.DeploymentID, r.InstanceGUID)
	}
	ctx, cancel := context.WithTimeout(ctx, actuatorTimeout)
	defer cancel()
	call, err := d.actuatorCall(ctx, base, r)
	if err != nil {
		return purser.ActuatorResponse{}, err
	}
	response, err := d.http.Do(call)
	if err != nil {
		return purser.ActuatorResponse{}, noAnswer(r, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, actuatorLimit+1))
	if err != nil {
		return purser.ActuatorResponse{}, noAnswer(r, err)
	}
	if len(body) > actuatorLimit {
		return purser.ActuatorResponse{}, purser.Errorf(purser.CodePlatform,
			"App with deploymentId %s and guid %s answers with more than %d bytes", r.DeploymentID, r.InstanceGUID, actuatorLimit)
	}
	return purser.ActuatorResponse{Status: response.StatusCode, ContentType: response.Header.Get("Content-Type"), Body: body}, nil
}

func (d *Deployer) actuatorCall(ctx context.Context, base string, r purser.ActuatorRequest) (*http.Request, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return nil, purser.Errorf(purser.CodeInvalid, "the method is '%s', expected GET or POST", r.Method)
	}
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	call, err := http.NewRequestWithContext(ctx, r.Method, base+"/actuator/"+strings.TrimPrefix(r.Endpoint, "/"), body)
	if err != nil {
		return nil, purser.Errorf(purser.CodeInvalid, "the endpoint '%s' cannot be part of a URL", r.Endpoint)
	}
	call.Header.Set("Accept", "application/json, */*;q=0.8")
	if r.Body != nil {
		call.Header.Set("Content-Type", "application/json")
	}
	if r.Authorization != "" {
		call.Header.Set("Authorization", r.Authorization)
	} else if d.options.Account.AppAdminUser != "" {
		call.SetBasicAuth(d.options.Account.AppAdminUser, d.options.Account.AppAdminPassword)
	}
	return call, nil
}

// deployedURL finds a deployed instance.
func (d *Deployer) deployedURL(id, guid string) (string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dep := d.deployments[id]
	if dep == nil || dep.record.Removed {
		return "", false
	}
	for _, i := range dep.live {
		if i.guid() == guid && i.state == purser.StateDeployed {
			return i.url(), true
		}
	}
	return "", false
}

func noAnswer(r purser.ActuatorRequest, err error) *purser.Error {
	return &purser.Error{
		Code: purser.CodePlatform, Err: err,
		Message: "App with deploymentId " + r.DeploymentID + " and guid " + r.InstanceGUID + " does not answer",
	}
}
