package conformance

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// MustValue reads JSON the way answers are read.
func MustValue(tb testing.TB, text string) any {
	tb.Helper()
	value := parse(text)
	if value == nil {
		tb.Fatalf("no JSON: %s", text)
	}
	return value
}

// The recorded answers themselves: each has no difference to itself, and one to itself with anything changed.
func TestDifferencesSeeEveryChange(t *testing.T) {
	folder := os.DirFS("testdata")
	names, err := Names(folder)
	if err != nil {
		t.Fatal(err)
	}
	changes := 0
	for _, name := range names {
		s, err := Load(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		for key, golden := range s.Golden {
			original := map[string]any(golden)
			if lines := differences(original, MustValue(t, short(original, 0)), ""); len(lines) > 0 {
				t.Errorf("%s: %s to itself: %v", name, key, lines)
			}
			for _, part := range []string{"status", "type"} {
				if _, has := golden[part]; !has {
					continue
				}
				changed := MustValue(t, short(original, 0)).(map[string]any)
				changed[part] = "changed"
				changes++
				if lines := differences(original, changed, ""); len(lines) != 1 {
					t.Errorf("%s: %s with another %s: %v", name, key, part, lines)
				}
			}
		}
	}
	if changes < 3000 {
		t.Errorf("only %d changes", changes)
	}
}

func TestDifferences(t *testing.T) {
	for _, row := range []struct {
		rule, want, got string
		lines           []string
	}{
		{"equal", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`, nil},
		{"a number in another form", `{"a":1}`, `{"a":1.0}`, []string{`/a: expected 1, got 1.0`}},
		{"a text for a number", `{"a":1}`, `{"a":"1"}`, []string{`/a: expected 1, got "1"`}},
		{"missing", `{"a":1,"b":2}`, `{"a":1}`, []string{`/b: missing, expected 2`}},
		{"a null is not missing", `{"b":null}`, `{}`, []string{`/b: missing, expected null`}},
		{"too much", `{"a":1}`, `{"a":1,"b":[]}`, []string{`/b: not expected, got []`}},
		{"a longer list", `{"a":[1]}`, `{"a":[1,2]}`, []string{`/a: 1 elements expected, got 2: [1,2]`}},
		{"order of a list", `{"a":[1,2]}`, `{"a":[2,1]}`, []string{`/a/0: expected 1, got 2`, `/a/1: expected 2, got 1`}},
		{"a list for an object", `{"a":{}}`, `{"a":[]}`, []string{`/a: expected {}, got []`}},
		{"an object for null", `{"a":null}`, `{"a":{}}`, []string{`/a: expected null, got {}`}},
		{"the cause in place of the unspecific text", `{"json":{"message":"` + unspecific + `"}}`, `{"json":{"message":"line 3"}}`, nil},
		{
			"but not nothing", `{"json":{"message":"` + unspecific + `"}}`, `{"json":{"message":""}}`,
			[]string{`/json/message: expected "` + unspecific + `", got ""`},
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if diff := cmp.Diff(row.lines, differences(MustValue(t, row.want), MustValue(t, row.got), "")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBetter(t *testing.T) {
	const skipper = `"exception":"org.springframework.cloud.skipper.SkipperException"`
	for _, row := range []struct {
		rule, want, got string
		better          bool
	}{
		{"a clear refusal for a fault", `{"status":500,"json":{}}`, `{"status":409,"json":{"message":"m",` + skipper + `}}`, true},
		{"without a message", `{"status":500,"json":{}}`, `{"status":409,"json":{"message":"",` + skipper + `}}`, false},
		{"of a name that nobody knows", `{"status":500,"json":{}}`, `{"status":409,"json":{"message":"m","exception":"x"}}`, false},
		{"on Data REST resources", `{"status":500,"json":{"cause":null}}`, `{"status":400,"json":{"message":"m"}}`, true},
		{"another fault", `{"status":500,"json":{}}`, `{"status":503,"json":{"message":"m",` + skipper + `}}`, false},
		{"for anything else", `{"status":200,"json":{}}`, `{"status":409,"json":{"message":"m",` + skipper + `}}`, false},
		{"status alone", `{"status":500}`, `{"status":404}`, true},
	} {
		t.Run(row.rule, func(t *testing.T) {
			want, got := MustValue(t, row.want).(map[string]any), MustValue(t, row.got).(map[string]any)
			if better(want, got) != row.better {
				t.Errorf("better: %v", !row.better)
			}
		})
	}
}

func TestNormalise(t *testing.T) {
	r := Run{Base: "http://127.0.0.1:1234", Payload: "/apps", hostname: "here.example.org", saved: map[string]string{"serverVersion": "9.8.7"}}
	for _, row := range []struct{ rule, text, want string }{
		{"addresses", `{"href":"http://127.0.0.1:1234/api/releases/17"}`, `{"href":"<base>/api/releases/<id>"}`},
		{"times", `{"a":"2026-11-22T11:29:06.491+00:00","b":"2026-11-22T11:29:06Z"}`, `{"a":"<time>","b":"<time>"}`},
		{"times in another form stay seen", `{"a":"2026-11-22T11:29:06.49+00:00"}`, `{"a":"<time in another form>"}`},
		{"ids", `{"id":"17","name":"17"}`, `{"id":"<id>","name":"17"}`},
		{"the version", `{"version":"9.8.7","other":"9.8.7"}`, `{"version":"<version>","other":"9.8.7"}`},
		{"folders", `{"a":"file:/apps/demo-1.0.0.jar and /apps/x"}`, `{"a":"file:<payload>/demo-1.0.0.jar and <payload>/x"}`},
		{"attributes", `{"attributes":{"port":"80","pid":"7","guid":"a-0"}}`, `{"attributes":{"port":"<port>","guid":"a-0"}}`},
		{
			"platform status, by id", `{"platformStatus":"[{\"deploymentId\":\"b\"},{\"deploymentId\":\"a\"}]"}`,
			`{"platformStatus":{"platformStatus":[{"deploymentId":"a"},{"deploymentId":"b"}]}}`,
		},
		{
			"order of maps in manifests", `{"data":"\"b\": \"1\"\n\"a\":\n  \"x\": \"2\"\n---\n\"c\": \"3\"\n"}`,
			`{"data":{"documents":[["\"a\" \"x\": \"2\"","\"a\":","\"b\": \"1\""],["\"c\": \"3\""]]}}`,
		},
		{"order of lists in manifests counts", `{"data":"\"a\":\n- \"x\"\n- \"y\"\n"}`, `{"data":{"documents":[["\"a\" [0] - \"x\"","\"a\" [1] - \"y\"","\"a\":"]]}}`},
		{"words of a library", `{"message":"JSON parse error: at\nline 1"}`, `{"message":"JSON parse error: <detail>"}`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got := r.normalise(answer{status: 200, header: http.Header{}, text: row.text, json: parse(row.text)}, nil)
			want := Answer{"status": json.Number("200"), "type": "", "json": MustValue(t, row.want)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPointers(t *testing.T) {
	value := MustValue(t, `{"a/b":[{"c":1,"d":2},{"c":3}],"status":{"platformStatus":"[{\"state\":\"deployed\"}]"}}`)
	if got := pointer(value, "/a~1b/1/c"); got != json.Number("3") {
		t.Errorf("an element: %v", got)
	}
	if got := pointer(value, "/status/platformStatus/0/state"); got != "deployed" {
		t.Errorf("inside of the platform status: %v", got)
	}
	if got := pointer(value, "/a~1b/7/c"); got != nil {
		t.Errorf("past the end: %v", got)
	}
	list := MustValue(t, `{"a":[{"c":2,"d":2},{"c":1}]}`)
	blank(list, "/a/*/d")
	settle(list, "/a")
	if diff := cmp.Diff(MustValue(t, `{"a":[{"c":1},{"c":2}]}`), list); diff != "" {
		t.Errorf("blanked and settled (-want +got):\n%s", diff)
	}
}

func TestFill(t *testing.T) {
	r := Run{Payload: "/apps", saved: map[string]string{"id": "7"}}
	if got := strings.Join([]string{r.fill("@PAYLOAD@/${id}"), r.fill("${nosuch}")}, " "); got != "/apps/7 ${nosuch}" {
		t.Error(got)
	}
}
