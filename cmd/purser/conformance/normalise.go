package conformance

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// normalise gives what is compared of an answer. What differs from run to run is replaced: addresses, folders, times,
// ids, the server's version.
func (r *Run) normalise(a answer, heads []string) Answer {
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	out := Answer{"status": number(a.status), "type": kind}
	for _, name := range []string{"Location", "ETag"} {
		if value := a.header[wireName(name)]; len(value) > 0 && value[0] != "" {
			out[name] = r.text(value[0])
		}
	}
	if allow := a.header.Get("Allow"); allow != "" {
		methods := regexp.MustCompile(`,\s*`).Split(allow, -1)
		slices.Sort(methods)
		out["Allow"] = strings.Join(methods, ",")
	}
	for _, name := range heads {
		out[name] = r.text(strings.Join(a.header[wireName(name)], ", "))
	}
	switch a.json.(type) {
	case map[string]any, []any, string:
		out["json"] = r.value(a.json, "")
	default:
		if a.text != "" {
			out["text"] = r.text(a.text)
			if kind == "text/html" {
				out["text"] = "<page>"
			}
		}
	}
	return out
}

func wireName(name string) string {
	if name == "ETag" {
		return "Etag"
	}
	return name
}

// inAttributes says what stands in place of attributes of an instance; "" means that some platforms do not have it.
var inAttributes = map[string]string{
	"port": "<port>", "url": "<url>", "working.dir": "<dir>", "stdout": "<file>", "stderr": "<file>",
	"pid": "", "exitCode": "", "exit.code": "",
}

// value replaces in a JSON value that stands under key.
func (r *Run) value(value any, key string) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			fixed, special := inAttributes[k]
			switch {
			case key != "attributes" || !special:
				out[k] = r.value(x, k)
			case fixed != "":
				out[k] = fixed
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = r.value(x, key)
		}
		return out
	case string:
		return r.named(v, key)
	default:
		return value
	}
}

// named replaces in a text that stands under key.
func (r *Run) named(v, key string) any {
	version := r.saved["serverVersion"]
	switch {
	case key == "platformStatus":
		apps, ok := parse(v).([]any)
		if !ok {
			return v
		}
		for i, app := range apps {
			apps[i] = r.value(app, "")
		}
		slices.SortStableFunc(apps, func(a, b any) int { return strings.Compare(id(a), id(b)) })
		return map[string]any{"platformStatus": apps}
	case key == "data" && strings.HasPrefix(v, `"`):
		return map[string]any{"documents": r.documents(v)}
	case key == "timestamp":
		return "<time>"
	case key == "version" && v == version:
		return "<version>"
	case key == "id" && v != "" && strings.Trim(v, "0123456789") == "":
		return "<id>"
	case key == "url" && version != "":
		v = strings.ReplaceAll(v, "/"+version+"/", "/<version>/")
		v = strings.ReplaceAll(v, "-"+version+".jar", "-<version>.jar")
		v = standardPort.ReplaceAllString(v, "<self>")
	}
	return r.text(v)
}

func id(app any) string {
	text, _ := pointer(app, "deploymentId").(string)
	return text
}

// documents gives the lines of each document of a manifest: the order of maps does not count.
func (r *Run) documents(manifest string) []any {
	var all []any
	for _, d := range documentMark.Split(manifest, -1) {
		lines := []any{}
		for _, line := range flat(r.place(d)) {
			lines = append(lines, line)
		}
		all = append(all, lines)
	}
	return all
}

var (
	documentMark = regexp.MustCompile(`(?m)^---\s*$`)
	standardPort = regexp.MustCompile(`^http://[^/]+:7577$`)
	instant      = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)`)
	recordedTime = regexp.MustCompile(`\.\d{3}\+00:00$`)
)

// text replaces in a text.
func (r *Run) text(s string) string {
	return r.place(instant.ReplaceAllStringFunc(s, func(found string) string {
		if !strings.Contains(found, ".") || recordedTime.MatchString(found) {
			return "<time>"
		}
		return "<time in another form>"
	}))
}

// replaced are the patterns that stand in any text, with what is put in their place.
var replaced = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<uuid>"},
	{regexp.MustCompile(`/(releases|packageMetadata|repositories|install)/\d+`), "/$1/<id>"},
	{regexp.MustCompile(`Cancelled after \d+ ms`), "Cancelled after <n> ms"},
	{regexp.MustCompile(`(target output directory of ).*`), "${1}<dir>"},
	{regexp.MustCompile(`(WorkingDirectoriesRoot = \[)[^\]]*`), "${1}<dir>"},
	{regexp.MustCompile(`demo (null|\d+\.\d+\.\d+) port \d+`), "demo <version> port <port>"}, // the first line of the application
	// The words of a library of the reference.
	{regexp.MustCompile(`(?s)^(JSON parse error: |Required request body is missing: |Cannot invoke ").*`), "${1}<detail>"},
}

// place replaces everything but times.
func (r *Run) place(s string) string {
	s = strings.NewReplacer(r.Base, "<base>", "file:"+r.Payload, "file:<payload>", r.Payload, "<payload>").Replace(s)
	for _, one := range replaced {
		s = one.pattern.ReplaceAllString(s, one.by)
	}
	return regexp.MustCompile(`http://`+regexp.QuoteMeta(r.hostname)+`:\d+`).ReplaceAllString(s, "<self>")
}

// number makes a Go number what the decoder makes of one.
func number(n int) json.Number { return json.Number(short(n, 0)) }
