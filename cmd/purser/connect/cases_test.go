package connect_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"gopkg.in/yaml.v3"

	v1 "purser/api/connect/applicationv1"
)

// Messages of spec/dialects.md §1.2, byte by byte.
const (
	vectorRequest = "1a03646576" + "2203776562" + "5a096c6f673a312e302e30"
	vectorReply   = "2203646576" + "2a03776562" + "3001" + "5a036c6f67" + "6214" + "0a05312e302e30" + "12096c6f673a312e302e30" + "1a00"
	vectorPair    = "6a08" + "0a03612e62" + "120131" // values_map: a.b -> 1
	vectorDryRun  = "2801"
)

func mustHex(tb testing.TB, text string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func packed(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

const protoType, jsonType = "application/proto", "application/json"

// The numbered cases of spec/dialects.md §1.5, one after the other on one server.
func TestCases(t *testing.T) {
	s := MustSite(t, "")
	first := release{Namespace: "default", Name: "web", ChartName: "log", Revision: 1}
	first.Version.ChartVersion, first.Version.ChartRef = "1.0.0", "log:1.0.0"
	named := func(namespace, name string) release {
		r := first
		r.Namespace, r.Name = namespace, name
		return r
	}
	same := func(t *testing.T, want release, a answer) {
		t.Helper()
		if diff := cmp.Diff(want, a.release(t)); diff != "" {
			t.Error(diff)
		}
	}
	rows := []struct {
		rule string
		do   func(t *testing.T)
	}{
		{"1 JSON", func(t *testing.T) {
			a := s.call(t, "CreateRelease", `{"name":"web","chartRef":"log:1.0.0"}`)
			same(t, first, a)
			const want = `{"namespace":"default","name":"web","revision":1,"chartName":"log",` +
				`"version":{"chartVersion":"1.0.0","chartRef":"log:1.0.0","applicationVersion":""}}`
			if a.Body != want || a.Header.Get("Content-Type") != jsonType {
				t.Errorf("%s %s", a.Header.Get("Content-Type"), a.Body)
			}
		}},
		{"2 the spelling of the file", func(t *testing.T) {
			same(t, named("snake", "web"), s.call(t, "CreateRelease", `{"namespace":"snake","name":"web","chart_ref":"log:1.0.0","dry_run":false,"values_yaml":"","values_map":{}}`))
		}},
		{"3 the vectors", func(t *testing.T) {
			a := s.post(t, "CreateRelease", protoType, mustHex(t, vectorRequest))
			if got := hex.EncodeToString([]byte(a.Body)); a.Status != 200 || a.Header.Get("Content-Type") != protoType || got != vectorReply {
				t.Errorf("%d %s\n got %s\nwant %s", a.Status, a.Header.Get("Content-Type"), got, vectorReply)
			}
			r := v1.CreateReleaseRequest{Namespace: proto.String("dev"), Name: proto.String("web"), ChartRef: proto.String("log:1.0.0")}
			if sent, err := proto.Marshal(&r); err != nil || hex.EncodeToString(sent) != vectorRequest {
				t.Errorf("%x, %v", sent, err)
			}
			a = s.post(t, "CreateRelease", protoType, mustHex(t, vectorRequest+vectorPair+vectorDryRun))
			if got := hex.EncodeToString([]byte(a.Body)); a.Status != 200 || got != vectorReply {
				t.Errorf("%d, the dry run gives %s", a.Status, got)
			}
		}},
		{"4 both spellings of one field", func(t *testing.T) {
			a := s.call(t, "CreateRelease", `{"name":"both","chartRef":"log","chart_ref":"log"}`).want(t, 400, "chart")
			if a.code(t) != "invalid_argument" {
				t.Error(a.Body)
			}
			s.call(t, "CreateRelease", `{"name":"both","dryRun":true,"dry_run":true,"chartRef":"log"}`).want(t, 400, "invalid_argument")
			s.call(t, "CreateRelease", `{"name":"both","name":"both","chartRef":"log"}`).want(t, 400, "invalid_argument")
		}},
		{"5 unknown members", func(t *testing.T) {
			s.call(t, "CreateRelease", `{"name":"web","namespace":"unknown","chartRef":"log","foo":1,"bar":{"a":[null]}}`).want(t, 200, `"revision":1`)
		}},
		{"6 a wrong type", func(t *testing.T) {
			for _, body := range []string{
				`{"chartRef":"log","dryRun":"yes"}`, `{"chartRef":"log","dryRun":1}`, `{"chartRef":1}`, `{"chartRef":["log"]}`,
				`{"chartRef":"log","valuesMap":{"a":1}}`, `{"chartRef":"log","valuesMap":[]}`, `{"chartRef":"log","name":true}`, `[]`, `"log"`, `null`, `{`, `{"chartRef":"log"}}`,
			} {
				if a := s.call(t, "CreateRelease", body).want(t, 400, ""); a.code(t) != "invalid_argument" {
					t.Errorf("%s: %s", body, a.Body)
				}
			}
		}},
		{"7 empty bodies", func(t *testing.T) {
			s.call(t, "CreateRelease", "").want(t, 400, "invalid_argument")
			s.post(t, "CreateRelease", protoType, nil).want(t, 400, "chart_ref")
			s.call(t, "CreateRelease", "{}").want(t, 400, "chart_ref")
			s.post(t, "CreateRelease", protoType, nil, "Content-Encoding: gzip").want(t, 400, "chart_ref")
			s.post(t, "ListReleases", protoType, nil).want(t, 200, "")
		}},
		{"8 another type", func(t *testing.T) {
			for _, kind := range []string{"text/plain", "application/xml", "application/json; charset=latin1", "", "application/connect+json"} {
				a := s.post(t, "CreateRelease", kind, []byte(`{"chartRef":"log"}`))
				if a.Status != 415 || a.Body != "" || !strings.Contains(a.Header.Get("Accept-Post"), jsonType) || !strings.Contains(a.Header.Get("Accept-Post"), protoType) {
					t.Errorf("%s: %+v", kind, a)
				}
			}
			for _, kind := range []string{"application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"} {
				s.post(t, "CreateRelease", kind, []byte(`{"chartRef":"log","dryRun":true}`)).want(t, 200, `"revision":1`)
			}
		}},
		{"9 another method", func(t *testing.T) {
			for _, method := range []string{"GET", "PUT", "DELETE", "PATCH", "HEAD"} {
				a := s.do(t, method, service+"CreateRelease?connect=v1&encoding=json&message=%7B%7D", nil)
				if a.Status != 405 || a.Header.Get("Allow") != "POST" || a.Body != "" {
					t.Errorf("%s: %+v", method, a)
				}
			}
		}},
		{"10 the version of the protocol", func(t *testing.T) {
			s.call(t, "ListReleases", "{}", "Connect-Protocol-Version: 2").want(t, 400, "invalid_argument")
			s.call(t, "ListReleases", "{}", "Connect-Protocol-Version: 1").want(t, 200, "")
			s.call(t, "ListReleases", "{}").want(t, 200, "")
		}},
		{"11 timeouts", func(t *testing.T) {
			for _, wrong := range []string{"abc", "12345678901", "0", "-1", "+5", "1.5", "1e3", "0x10", "٣"} {
				if a := s.call(t, "ListReleases", "{}", "Connect-Timeout-Ms: "+wrong).want(t, 400, ""); a.code(t) != "invalid_argument" {
					t.Errorf("%s: %s", wrong, a.Body)
				}
			}
			s.call(t, "ListReleases", "{}", "Connect-Timeout-Ms: 9999999999").want(t, 200, "")
		}},
		{"12 the same name again", func(t *testing.T) {
			if a := s.call(t, "CreateRelease", `{"name":"web","chartRef":"log:1.0.0"}`).want(t, 409, "web"); a.code(t) != "already_exists" {
				t.Error(a.Body)
			}
		}},
		{"13 in another namespace", func(t *testing.T) {
			same(t, named("other", "web"), s.call(t, "CreateRelease", `{"name":"web","namespace":"other","chartRef":"log:1.0.0"}`))
		}},
		{"14 dry runs", func(t *testing.T) {
			before := s.list(t)
			for range 2 {
				same(t, named("default", "dry"), s.call(t, "CreateRelease", `{"name":"dry","chartRef":"log:1.0.0","dryRun":true}`))
			}
			same(t, first, s.call(t, "CreateRelease", `{"name":"web","chartRef":"log:1.0.0","dryRun":true}`)) // the name is taken
			if diff := cmp.Diff(before, s.list(t)); diff != "" {
				t.Error(diff)
			}
			s.call(t, "CreateRelease", `{"name":"dry","chartRef":"log:1.0.0"}`).want(t, 200, `"revision":1`)
		}},
		{"15 a dry run of what cannot be meant", func(t *testing.T) {
			for _, yaml := range []string{"a: [", "- a", "text", "a: 1\n---\nb: 1", "\ta: 1", "a: *b"} {
				body, _ := json.Marshal(map[string]any{"name": "bad", "chartRef": "log", "dryRun": true, "valuesYaml": yaml})
				if a := s.call(t, "CreateRelease", string(body)).want(t, 400, "values_yaml"); a.code(t) != "invalid_argument" {
					t.Errorf("%q: %s", yaml, a.Body)
				}
			}
		}},
		{"16 values", func(t *testing.T) {
			s.call(t, "CreateRelease", `{"name":"values","chartRef":"log","valuesYaml":"a: {b: 1}","valuesMap":{"a.b":"2","a.c":"x","l[1]":"y","d\\.e":"01"}}`).want(t, 200, "")
			var got any
			if err := yaml.Unmarshal([]byte(s.stored(t, "scope/default/default", "values", 1).Values), &got); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"a": map[string]any{"b": 2, "c": "x"}, "l": []any{nil, "y"}, "d.e": "01"}
			if diff := cmp.Diff(any(want), got); diff != "" {
				t.Error(diff)
			}
		}},
		{"17 names", func(t *testing.T) {
			for _, name := range []string{"Bad_Name", strings.Repeat("a", 54), "-a", "a-", "a..b", ".a", "a.", "a b", "a/b", "ä", "A", "a_b", " a", "a\n"} {
				body, _ := json.Marshal(map[string]any{"name": name, "chartRef": "log"})
				if a := s.call(t, "CreateRelease", string(body)).want(t, 400, "name"); a.code(t) != "invalid_argument" {
					t.Errorf("%q: %s", name, a.Body)
				}
			}
			for _, name := range []string{strings.Repeat("a", 53), "a", "0", "a-b.c0", "a--b"} {
				s.call(t, "CreateRelease", `{"dryRun":true,"chartRef":"log","name":"`+name+`"}`).want(t, 200, `"name":"`+name+`"`)
			}
		}},
		{"18 no name", func(t *testing.T) {
			names := map[string]bool{}
			for _, body := range []string{`{"chartRef":"log"}`, `{"chartRef":"log","name":""}`, `{"chartRef":"log","name":null}`} {
				r := s.call(t, "CreateRelease", body).release(t)
				if r.Name == "" || names[r.Name] || r.Revision != 1 {
					t.Errorf("%+v after %v", r, names)
				}
				names[r.Name] = true
				s.call(t, "CreateRelease", `{"chartRef":"log","name":"`+r.Name+`"}`).want(t, 409, "already_exists")
			}
		}},
		{"19 unknown charts and scopes", func(t *testing.T) {
			for _, body := range []string{
				`{"name":"no","chartRef":"nosuch"}`, `{"name":"no","chartRef":"log:9.9.9"}`, `{"name":"no","chartRef":"log","scope":"nosuch"}`,
				`{"name":"no","chartRef":"nosuch/log"}`, `{"name":"no","chartRef":"https://a.example/nosuch-1.0.0.tgz"}`, `{"name":"no","chartRef":"LOG"}`,
			} {
				if a := s.call(t, "CreateRelease", body).want(t, 404, ""); a.code(t) != "not_found" {
					t.Errorf("%s: %s", body, a.Body)
				}
			}
		}},
		{"21 a refusal of a binary message", func(t *testing.T) {
			if a := s.post(t, "CreateRelease", protoType, mustHex(t, "1a03646576")).want(t, 400, ""); a.code(t) != "invalid_argument" {
				t.Error(a.Body)
			}
			s.post(t, "CreateRelease", protoType, []byte{0xff}).want(t, 400, "invalid_argument")
			s.post(t, "CreateRelease", protoType, mustHex(t, "1a0164"+"2201ff"+"5a036c6f67")).want(t, 400, "invalid_argument") // no UTF-8
		}},
		{"22 encodings", func(t *testing.T) {
			const body = `{"name":"zip","chartRef":"log","dryRun":true}`
			if a := s.call(t, "CreateRelease", body, "Content-Encoding: br").want(t, 501, "gzip"); a.code(t) != "unimplemented" {
				t.Error(a.Body)
			}
			a := s.post(t, "CreateRelease", jsonType, packed(t, body), "Content-Encoding: gzip")
			if a.want(t, 200, `"name":"zip"`); a.Header.Get("Content-Encoding") != "" {
				t.Errorf("nobody has asked for %v", a.Header)
			}
			s.call(t, "CreateRelease", body, "Content-Encoding: identity").want(t, 200, `"name":"zip"`)
			s.call(t, "CreateRelease", body, "Content-Encoding: gzip").want(t, 400, "invalid_argument")
		}},
		{"23 an unknown call", func(t *testing.T) {
			for _, procedure := range []string{"CreateReleases", "createRelease", "CreateRelease/", "CreateRelease/x", ""} {
				a := s.call(t, procedure, `{"chartRef":"log"}`)
				if a.Status != 404 || strings.Contains(a.Body, "{") {
					t.Errorf("%q: %+v", procedure, a)
				}
			}
		}},
	}
	for _, row := range rows {
		t.Run(row.rule, row.do)
	}
}

const guarded = `
purser:
  dialects:
    connect:
      strict-protocol-version: true
      default-scope: default
      tokens:
        - {token: t-ann, subject: ann}
        - {token: t-bob, subject: bob}
`

// Cases 10 and 20 where the configuration is strict, and has tokens.
func TestTokensAndTheStrictVersion(t *testing.T) {
	s := MustSite(t, guarded)
	const ann, version = "Authorization: Bearer t-ann", "Connect-Protocol-Version: 1"
	s.call(t, "ListReleases", "{}", ann).want(t, 400, "Connect-Protocol-Version")
	s.call(t, "ListReleases", "{}", ann, version).want(t, 200, "{}")
	for _, wrong := range []string{"X-Nothing: 1", "Authorization: Bearer t-eve", "Authorization: Basic t-ann", "Authorization: t-ann", "Authorization: Bearer", "Authorization: Bearer t-ann t-ann"} {
		a := s.call(t, "CreateRelease", `{"chartRef":"log"}`, wrong, version).want(t, 401, "")
		if a.code(t) != "unauthenticated" || a.Header.Get("Www-Authenticate") != "Bearer" {
			t.Errorf("%s: %+v", wrong, a)
		}
		// It is told before the message is read.
		s.call(t, "CreateRelease", `{`, wrong, version).want(t, 401, "unauthenticated")
	}
	s.call(t, "CreateRelease", `{"name":"web","chartRef":"log"}`, "authorization: bearer t-bob", version).want(t, 200, "")
	db := s.mustOpen(t)
	defer db.Close()
	var by string
	if err := db.QueryRowContext(t.Context(), `SELECT created_by FROM releases WHERE name = 'web'`).Scan(&by); err != nil || by != "bob" {
		t.Errorf("it was made by %q, %v", by, err)
	}
	if a := s.do(t, "GET", "/otterscale/application/v1/application.proto", nil); a.Status != 200 || !strings.Contains(a.Body, "rpc CreateRelease") {
		t.Errorf("%+v", a)
	}
}

func TestDisabled(t *testing.T) {
	s := MustSite(t, "purser: {dialects: {connect: {enabled: false}}}\n")
	s.disabled = true
	for _, path := range []string{service + "CreateRelease", "/otterscale/application/v1/application.proto", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"} {
		if a := s.do(t, "POST", path, []byte("{}"), "Content-Type: application/json"); a.Status != 404 {
			t.Errorf("%s: %+v", path, a)
		}
	}
}
