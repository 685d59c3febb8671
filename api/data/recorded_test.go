package data_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

// recordedStep is one step of a recorded conversation with the reference server, or a change of the store that another
// part of the server made in between.
type recordedStep struct {
	Name    string             `json:"name"`
	Do      string             `json:"do"`
	Headers map[string]*string `json:"headers"`
	Body    json.RawMessage    `json:"body"`
	Save    map[string]struct {
		Pointer string `json:"pointer"`
		Regex   string `json:"regex"`
	} `json:"save"`
	Ignore []string       `json:"ignore"`
	Heads  []string       `json:"heads"`
	Only   []string       `json:"only"`
	Setup  bool           `json:"setup"` // sent, not compared
	Want   map[string]any `json:"want"`

	Publish map[string]any `json:"publish"` // this metadata is stored
	SaveID  string         `json:"saveId"`  // under this name its id is known
	Drop    string         `json:"drop"`    // all versions of this package are deleted
}

func TestRecordedAnswers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no recorded answers", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var steps []recordedStep
			if err := json.Unmarshal(raw, &steps); err != nil {
				t.Fatal(err)
			}
			c := conversation{server: MustServer(t), vars: map[string]string{}}
			for _, step := range steps {
				t.Run(step.Name, func(t *testing.T) { c.play(t, step) })
			}
		})
	}
}

type conversation struct {
	*server
	vars map[string]string
}

func (c conversation) play(t *testing.T, step recordedStep) {
	switch {
	case step.Publish != nil:
		id := c.MustPackage(t, metadataOf(step.Publish))
		c.vars[step.SaveID] = strconv.FormatInt(id, 10)
		return
	case step.Drop != "":
		c.dropPackage(t, strings.ReplaceAll(step.Drop, "%20", " "))
		return
	}
	method, path, _ := strings.Cut(c.fill(step.Do), " ")
	headers := []string{"Accept", "application/json"}
	for name, value := range step.Headers {
		switch {
		case name == "Accept" && value == nil:
			headers = headers[2:]
		case name == "Accept":
			headers[1] = *value
		default:
			headers = append(headers, name, c.fill(*value))
		}
	}
	var body []byte
	if step.Body != nil {
		body = step.Body
		var plain string
		if json.Unmarshal(body, &plain) == nil {
			body = []byte(plain)
		}
		if step.Headers["Content-Type"] == nil {
			headers = append(headers, "Content-Type", "application/json")
		}
	}
	answer := c.do(t, method, path, body, headers...)
	got := normalised(t, answer, step)
	for name, rule := range step.Save {
		found := regexp.MustCompile(rule.Regex).FindStringSubmatch(pointer(got["raw"], rule.Pointer))
		if found == nil {
			t.Fatalf("nothing to save at %s", rule.Pointer)
		}
		c.vars[name] = found[1]
	}
	delete(got, "raw")
	if step.Setup || better(step.Want, got) {
		return
	}
	if diff := cmp.Diff(step.Want, got); diff != "" {
		t.Errorf("%s: -want +got:\n%s", step.Do, diff)
	}
}

func (c conversation) fill(text string) string {
	for name, value := range c.vars {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}

func (c conversation) dropPackage(t *testing.T, name string) {
	c.must(t, func(tx purser.Tx) error {
		found, _, err := tx.FindPackages(t.Context(), purser.PackageFilter{Name: name})
		for _, m := range found {
			err = tx.DeletePackage(t.Context(), m.ID)
		}
		return err
	})
}

func metadataOf(m map[string]any) purser.PackageMetadata {
	optional := func(name string) *string {
		if s, ok := m[name].(string); ok {
			return &s
		}
		return nil
	}
	must := func(name string) string { return *optional(name) }
	return purser.PackageMetadata{
		APIVersion: must("apiVersion"), Kind: must("kind"), Name: must("name"), Version: must("version"),
		RepositoryID: 1, RepositoryName: must("repositoryName"),
		Origin: optional("origin"), DisplayName: optional("displayName"), PackageSourceURL: optional("packageSourceUrl"),
		PackageHomeURL: optional("packageHomeUrl"), Tags: optional("tags"), Maintainer: optional("maintainer"),
		Description: optional("description"), SHA256: optional("sha256"), IconURL: optional("iconUrl"),
	}
}

// normalised gives the parts of an answer that were recorded, with what changes from run to run replaced.
func normalised(t *testing.T, answer *http.Response, step recordedStep) map[string]any {
	contentType, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";")
	out := map[string]any{"status": float64(answer.StatusCode), "type": contentType}
	for _, name := range []string{"Location", "ETag"} {
		if v := strings.Join(rawHeader(answer.Header, name), ", "); v != "" {
			out[name] = normalisedText(v)
		}
	}
	if v := answer.Header.Get("Allow"); v != "" {
		allowed := regexp.MustCompile(`,\s*`).Split(v, -1)
		slices.Sort(allowed)
		out["Allow"] = strings.Join(allowed, ",")
	}
	for _, name := range step.Heads {
		out[name] = normalisedText(strings.Join(rawHeader(answer.Header, name), ", "))
	}
	body := text(t, answer)
	var value any
	switch {
	case body == "":
	case contentType == "text/html":
		out["text"] = "<page>"
	case json.Unmarshal([]byte(body), &value) == nil:
		shown := normalisedValue(value, "")
		for _, path := range step.Ignore {
			blank(shown, strings.Split(strings.Trim(path, "/"), "/"))
		}
		out["json"] = shown
	default:
		out["text"] = normalisedText(body)
	}
	if step.Only != nil {
		for key := range out {
			if !slices.Contains(step.Only, key) {
				delete(out, key)
			}
		}
	}
	out["raw"] = value
	return out
}

// rawHeader gives the lines of a header whatever the case it was set in.
func rawHeader(h http.Header, name string) []string {
	var lines []string
	for key, values := range h {
		if strings.EqualFold(key, name) {
			lines = append(lines, values...)
		}
	}
	return lines
}

func normalisedValue(v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = normalisedValue(x, k)
		}
		return out
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, normalisedValue(x, key))
		}
		return out
	case string:
		if key == "timestamp" {
			return "<time>"
		}
		if _, err := strconv.Atoi(v); err == nil && key == "id" {
			return "<id>"
		}
		return normalisedText(v)
	}
	return v
}

var replacements = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`http://example\.com\b`), "<base>"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<uuid>"},
	{regexp.MustCompile(`/(releases|packageMetadata|repositories|install)/\d+`), "/$1/<id>"},
	{regexp.MustCompile(`(?s)^(JSON parse error: ).*`), "$1<detail>"},
}

func normalisedText(s string) string {
	for _, r := range replacements {
		s = r.pattern.ReplaceAllString(s, r.by)
	}
	return s
}

// blank removes what a pointer leads to; * stands for each element of a list.
func blank(v any, path []string) {
	if list, ok := v.([]any); ok && path[0] == "*" {
		for _, x := range list {
			blank(x, path[1:])
		}
		return
	}
	o, ok := v.(map[string]any)
	switch {
	case !ok:
	case len(path) == 1:
		delete(o, path[0])
	default:
		blank(o[path[0]], path[1:])
	}
}

func pointer(v any, path string) string {
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if list, ok := v.([]any); ok {
			i, _ := strconv.Atoi(part)
			v = list[i]
			continue
		}
		o, _ := v.(map[string]any)
		v = o[part]
	}
	s, _ := v.(string)
	return s
}

// better tells whether a clear refusal stands where the reference broke down.
func better(want, got map[string]any) bool {
	status, _ := got["status"].(float64)
	if want["status"] != float64(http.StatusInternalServerError) || status < 400 || status >= 500 {
		return false
	}
	body, _ := got["json"].(map[string]any)
	wanted, _ := want["json"].(map[string]any)
	message, _ := body["message"].(string)
	exception, _ := body["exception"].(string)
	_, caused := wanted["cause"]
	return message != "" && (caused || strings.HasPrefix(exception, "org.springframework.cloud.skipper."))
}
