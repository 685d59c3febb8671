package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// State is the state of an application or of one instance.
type State string

// The states. A server that knows more may send others.
const (
	StateDeploying  State = "deploying"
	StateDeployed   State = "deployed"
	StateUndeployed State = "undeployed"
	StatePartial    State = "partial"
	StateFailed     State = "failed"
	StateError      State = "error"
	StateUnknown    State = "unknown"
)

// Status is a release's status: Skipper's code, and what the platform said of each application.
type Status struct {
	Code StatusCode `json:"statusCode" yaml:"statusCode"`
	// Applications stand in the server's order. nil: the platform was not asked, as of a release that is deleted.
	Applications []ApplicationStatus `json:"applications" yaml:"applications"`
}

// ApplicationStatus is what a platform said of one application.
type ApplicationStatus struct {
	DeploymentID string     `json:"deploymentId" yaml:"deploymentId"`
	State        State      `json:"state" yaml:"state"`
	Instances    []Instance `json:"instances" yaml:"instances"` // in the server's order
}

// Instance is one running (or ended) copy of an application. Its id is its guid unless the attribute guid says otherwise.
type Instance struct {
	ID         string            `json:"id" yaml:"id"`
	State      State             `json:"state" yaml:"state"`
	Attributes map[string]string `json:"attributes" yaml:"attributes"`
}

// State gives the state of all applications together (spec/clients.md §1.4): that of the only one, where unknown is
// undeployed; error without any or with one in error; failed with a failed one; deploying with one that deploys; deployed
// when all are; else partial.
func (s Status) State() State {
	if len(s.Applications) == 1 {
		if s.Applications[0].State == StateUnknown {
			return StateUndeployed
		}
		return s.Applications[0].State
	}
	seen := map[State]int{}
	for _, a := range s.Applications {
		seen[a.State]++
	}
	switch {
	case len(s.Applications) == 0 || seen[StateError] > 0:
		return StateError
	case seen[StateFailed] > 0:
		return StateFailed
	case seen[StateDeploying] > 0:
		return StateDeploying
	case seen[StateDeployed] == len(s.Applications):
		return StateDeployed
	}
	return StatePartial
}

// UnmarshalJSON reads the status of the wire, whose platformStatus is a text that holds JSON. An array in place of the text
// is read as well, and applications as Status itself writes them.
func (s *Status) UnmarshalJSON(raw []byte) error {
	var wire struct {
		StatusCode     StatusCode          `json:"statusCode"`
		PlatformStatus json.RawMessage     `json:"platformStatus"`
		Applications   []ApplicationStatus `json:"applications"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	applications, err := parsePlatformStatus(wire.PlatformStatus)
	if err != nil {
		return fmt.Errorf("platformStatus: %w", err)
	}
	if applications == nil {
		applications = wire.Applications
	}
	*s = Status{Code: wire.StatusCode, Applications: applications}
	return nil
}

// parsePlatformStatus reads what the platform said: null, an empty text and a text of null are nothing.
func parsePlatformStatus(raw json.RawMessage) ([]ApplicationStatus, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		raw = bytes.TrimSpace([]byte(text))
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	list := []ApplicationStatus{}
	err := json.Unmarshal(raw, &list)
	return list, err
}

// UnmarshalJSON reads an application of a platformStatus. A state that is not there is made from the instances.
func (a *ApplicationStatus) UnmarshalJSON(raw []byte) error {
	var wire struct {
		DeploymentID string    `json:"deploymentId"`
		State        State     `json:"state"`
		Instances    instances `json:"instances"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*a = ApplicationStatus{DeploymentID: wire.DeploymentID, State: wire.State, Instances: wire.Instances}
	if a.State == "" {
		a.State = aggregate(a.Instances)
	}
	return nil
}

// aggregate gives the state of an application with these instances: the first fitting rule of spec/deployers.md §1.5.
func aggregate(list []Instance) State {
	seen := map[State]bool{}
	for _, i := range list {
		seen[i.State] = true
	}
	switch {
	case len(list) == 0:
		return StateUnknown
	case len(seen) == 1:
		return list[0].State
	case seen[StateError]:
		return StateError
	case seen[StateDeploying]:
		return StateDeploying
	case seen[StateDeployed], seen[StatePartial]:
		return StatePartial
	case seen[StateFailed]:
		return StateFailed
	}
	return StatePartial
}

// instances is an object of instances by id, whose order counts, or a plain list.
type instances []Instance

// UnmarshalJSON implements json.Unmarshaler.
func (list *instances) UnmarshalJSON(raw []byte) error {
	*list = instances{}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return json.Unmarshal(raw, (*[]Instance)(list))
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	if _, err := in.Token(); err != nil {
		return err
	}
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return err
		}
		var one Instance
		if err := in.Decode(&one); err != nil {
			return err
		}
		if id, ok := key.(string); ok && one.ID == "" {
			one.ID = id
		}
		*list = append(*list, one)
	}
	if _, err := in.Token(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// UnmarshalJSON reads an instance. Attributes that are no text are taken as they are written, null as "".
func (i *Instance) UnmarshalJSON(raw []byte) error {
	var wire struct {
		ID         string              `json:"id"`
		State      State               `json:"state"`
		Attributes map[string]anything `json:"attributes"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*i = Instance{ID: wire.ID, State: wire.State, Attributes: make(map[string]string, len(wire.Attributes))}
	for name, value := range wire.Attributes {
		i.Attributes[name] = string(value)
	}
	return nil
}

// anything is a text, or any other JSON as it is written.
type anything string

// UnmarshalJSON implements json.Unmarshaler.
func (a *anything) UnmarshalJSON(raw []byte) error {
	switch {
	case string(raw) == "null":
		*a = ""
		return nil
	case len(raw) > 0 && raw[0] == '"':
		return json.Unmarshal(raw, (*string)(a))
	}
	*a = anything(raw)
	return nil
}
