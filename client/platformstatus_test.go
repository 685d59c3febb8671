package client

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The forms of spec/clients.md §2; instances stay in their order.
func TestStatus(t *testing.T) {
	two := []ApplicationStatus{{DeploymentID: "a.x-v1", State: StatePartial, Instances: []Instance{
		{ID: "z", State: StateDeployed, Attributes: map[string]string{"port": "80", "none": "", "flag": "true"}},
		{ID: "a", State: StateFailed, Attributes: map[string]string{}},
	}}}
	const twoText = `[{\"deploymentId\":\"a.x-v1\",\"new\":1,\"instances\":{\"z\":{\"id\":\"z\",\"state\":\"deployed\",` +
		`\"attributes\":{\"port\":80,\"none\":null,\"flag\":true}},\"a\":{\"state\":\"failed\"}}}]`
	for _, c := range []struct {
		rule, json string
		want       Status
	}{
		{"null", `{"statusCode":"DELETED","platformStatus":null}`, Status{Code: StatusDeleted}},
		{"absent", `{"statusCode":"UNKNOWN"}`, Status{Code: StatusUnknown}},
		{"an empty text", `{"platformStatus":""}`, Status{}},
		{"a text of null", `{"platformStatus":"null"}`, Status{}},
		{"an empty list is no null", `{"platformStatus":"[]"}`, Status{Applications: []ApplicationStatus{}}},
		{"a state from the instances", `{"platformStatus":"` + twoText + `"}`, Status{Applications: two}},
		{"a code that nobody knows", `{"statusCode":"NEW"}`, Status{Code: "NEW"}},
		{"no instances", `{"platformStatus":"[{\"deploymentId\":\"a\",\"state\":\"deploying\"}]"}`, Status{
			Applications: []ApplicationStatus{{DeploymentID: "a", State: StateDeploying}},
		}},
		{"instances null", `{"platformStatus":"[{\"deploymentId\":\"a\",\"state\":\"unknown\",\"instances\":null}]"}`, Status{
			Applications: []ApplicationStatus{{DeploymentID: "a", State: StateUnknown}},
		}},
		{"no text but the list itself", `{"platformStatus":[{"deploymentId":"a","state":"error","instances":[]}]}`, Status{
			Applications: []ApplicationStatus{{DeploymentID: "a", State: StateError, Instances: []Instance{}}},
		}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var got Status
			if err := json.Unmarshal([]byte(c.json), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	for _, text := range []string{`{"platformStatus":{}}`, `{"platformStatus":"{"}`, `{"platformStatus":1}`, `{"platformStatus":"[{\"instances\":{\"a\":1}}]"}`} {
		var got Status
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is read as %+v", text, got)
		}
	}
}

// spec/clients.md §1.4
func TestStateOfAll(t *testing.T) {
	for _, c := range []struct {
		rule   string
		states []State
		want   State
	}{
		{"none", nil, StateError},
		{"one", []State{StatePartial}, StatePartial},
		{"one that is unknown", []State{StateUnknown}, StateUndeployed},
		{"an error", []State{StateFailed, StateError}, StateError},
		{"a failure", []State{StateDeploying, StateFailed}, StateFailed},
		{"one deploys", []State{StateDeployed, StateDeploying}, StateDeploying},
		{"all deployed", []State{StateDeployed, StateDeployed}, StateDeployed},
		{"else", []State{StateDeployed, StateUnknown}, StatePartial},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var s Status
			for _, state := range c.states {
				s.Applications = append(s.Applications, ApplicationStatus{State: state})
			}
			if got := s.State(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// spec/deployers.md §1.5
func TestAggregate(t *testing.T) {
	for _, c := range []struct {
		states []State
		want   State
	}{
		{nil, StateUnknown},
		{[]State{StateFailed, StateFailed}, StateFailed},
		{[]State{StateDeploying, StateError}, StateError},
		{[]State{StateDeploying, StateFailed}, StateDeploying},
		{[]State{StateDeployed, StateFailed}, StatePartial},
		{[]State{StateUnknown, StateFailed}, StateFailed},
		{[]State{StateUnknown, StateUndeployed}, StatePartial},
	} {
		var list []Instance
		for _, s := range c.states {
			list = append(list, Instance{State: s})
		}
		if got := aggregate(list); got != c.want {
			t.Errorf("aggregate(%v) = %s, want %s", c.states, got, c.want)
		}
	}
}

// What is read can be written and read again: the shape of this package's own JSON.
func FuzzStatus(f *testing.F) {
	f.Add(`{"statusCode":"DEPLOYED","platformStatus":"[{\"deploymentId\":\"a\",\"instances\":{\"a\":{\"attributes\":{\"x\":1}}}}]"}`)
	f.Add(`{"platformStatus":[{"instances":[]}]}`)
	f.Add(`{"platformStatus":"null"}`)
	f.Fuzz(func(t *testing.T, text string) {
		var first, again Status
		if json.Unmarshal([]byte(text), &first) != nil {
			return
		}
		out, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%s\n-first +again:\n%s", out, diff)
		}
	})
}
