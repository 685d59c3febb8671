package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"
)

// Run is one conversation with one server.
type Run struct {
	Base     string // e.g. http://127.0.0.1:7577
	Payload  string // folder of the applications: demo-1.0.0.jar, demo-1.0.1.jar and demo-2.0.0.jar
	Packages fs.FS  // package folders, <name>-<version>

	// Expected are the keys of steps that differ. What they wait for mostly never comes, so that they wait shortly.
	Expected map[string]bool

	saved    map[string]string
	hostname string
}

// Difference is a step whose answer is not the reference's.
type Difference struct {
	Step  Step
	Lines []string // what differs
}

// Replay holds the conversation and tells of the steps that differ, and how many were compared.
func (r *Run) Replay(ctx context.Context, s Scenario) (compared int, differing []Difference, err error) {
	if r.hostname, err = os.Hostname(); err != nil {
		return 0, nil, err
	}
	about, err := send(ctx, r.Base, request{method: "GET", target: "/api/about", headers: map[string]string{"Accept": "application/json"}})
	if err != nil {
		return 0, nil, err
	}
	version, _ := pointer(about.json, "/versionInfo/server/version").(string)
	r.saved = map[string]string{"serverVersion": version}
	for _, step := range s.Steps {
		got, err := r.step(ctx, step)
		if err != nil {
			return compared, differing, fmt.Errorf("%s: %w", step.Key, err)
		}
		if step.Setup {
			continue
		}
		compared++
		want := s.Golden[step.Key]
		for _, p := range step.Unordered {
			settle(want["json"], p)
		}
		if lines := differences(map[string]any(want), map[string]any(got), ""); len(lines) > 0 && !better(want, got) {
			differing = append(differing, Difference{Step: step, Lines: lines})
		}
	}
	return compared, differing, nil
}

// step sends a request until its answer holds what is waited for, and gives the answer in the form that is compared.
func (r *Run) step(ctx context.Context, s Step) (Answer, error) {
	q, err := r.request(s)
	if err != nil {
		return nil, err
	}
	var a answer
	for deadline := time.Now().Add(r.within(s)); ; {
		if a, err = send(ctx, r.Base, q); err != nil {
			return nil, err
		}
		if s.Until == nil || s.Until.holds(a) || time.Now().After(deadline) {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	if err := r.save(s.Save, a); err != nil {
		return nil, err
	}
	out := r.normalise(a, s.Heads)
	for _, p := range s.Ignore {
		blank(out["json"], p)
	}
	for _, p := range s.Unordered {
		settle(out["json"], p)
	}
	if s.Until != nil && !s.Until.holds(a) {
		out["never"] = fmt.Sprintf("%+v", *s.Until)
	}
	if s.Only == nil {
		return out, nil
	}
	some := Answer{}
	for _, part := range s.Only {
		if value, ok := out[part]; ok {
			some[part] = value
		}
	}
	return some, nil
}

// within is how long a step waits.
func (r *Run) within(s Step) time.Duration {
	switch {
	case r.Expected[s.Key]:
		return 2 * time.Second
	case s.Until != nil && s.Until.Within > 0:
		return time.Duration(s.Until.Within * float64(time.Second))
	}
	return time.Minute
}

// save keeps parts of an answer for later steps.
func (r *Run) save(rules map[string]Rule, a answer) error {
	for name, rule := range rules {
		if rule.Regex == "" {
			rule.Regex = "(.*)"
		}
		expr, err := regexp.Compile(rule.Regex)
		if err != nil {
			return err
		}
		r.saved[name] = ""
		if found := expr.FindStringSubmatch(fmt.Sprint(pointer(a.json, rule.Pointer))); found != nil {
			r.saved[name] = found[1]
		}
	}
	return nil
}

// request says a step in the words of HTTP.
func (r *Run) request(s Step) (request, error) {
	method, target, ok := strings.Cut(r.fill(s.Do), " ")
	if !ok {
		return request{}, errors.New("do is no method and path")
	}
	q := request{method: method, target: target, headers: map[string]string{"Accept": "application/json"}}
	for name, value := range s.Headers {
		if value == nil {
			delete(q.headers, name)
			continue
		}
		q.headers[name] = r.fill(*value)
	}
	switch {
	case s.Upload != nil:
		body, err := r.upload(s.Upload, s.Body)
		if err != nil {
			return request{}, err
		}
		q.body = body
	case s.Body != nil:
		var text string
		if json.Unmarshal(s.Body, &text) != nil {
			text = string(s.Body)
		}
		q.body = []byte(r.fill(text))
	default:
		return q, nil
	}
	if _, given := q.headers["Content-Type"]; !given {
		q.headers["Content-Type"] = "application/json"
	}
	return q, nil
}

var variable = regexp.MustCompile(`\$\{(\w+)\}`)

// fill replaces the folder of the applications, and what was saved.
func (r *Run) fill(text string) string {
	text = strings.ReplaceAll(text, "@PAYLOAD@", r.Payload)
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		if value, ok := r.saved[found[2:len(found)-1]]; ok {
			return value
		}
		return found
	})
}

func (u Until) holds(a answer) bool {
	switch {
	case u.Status != 0:
		return a.status == u.Status
	case u.Contains != "":
		return strings.Contains(a.text, u.Contains)
	default:
		return pointer(a.json, u.Pointer) == u.Equals
	}
}
