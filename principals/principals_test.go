package principals_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser"
	"purser/principals"
)

// still is a clock that stands.
type still time.Time

func (s still) Now() time.Time { return time.Time(s) }

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func entries() []principals.Entry {
	return []principals.Entry{
		{Secret: "b-alice", Principal: purser.Principal{Subject: "alice", Kind: purser.PrincipalBearer, Roles: []string{"create-release"}}},
		{Secret: "b-bob", Principal: purser.Principal{Subject: "bob", Kind: purser.PrincipalBearer, Permissions: []string{"release:*"}}},
		{Secret: "s3cret", Principal: purser.Principal{Subject: "operator", Kind: purser.PrincipalKey}},
		{Secret: "pt-demo", Principal: purser.Principal{Subject: "ci", Kind: purser.PrincipalProject, Tenants: []string{"demo"}}},
		{User: "carol", Secret: "pw", Principal: purser.Principal{Subject: "carol", Kind: purser.PrincipalBasic}},
	}
}

func TestAuthenticate(t *testing.T) {
	open := purser.Principal{Subject: "anybody", Kind: purser.PrincipalNobody}
	table := principals.New(principals.Options{
		Entries: entries(), Open: &open, SigningKey: "sign", Signed: purser.Principal{Tenants: []string{"*"}}, Clock: still(noon),
	})
	good := principals.Sign("sign", "hook", noon.Add(-time.Minute))
	for _, row := range []struct {
		rule  string
		shown purser.Credentials
		want  string // "" for nobody
	}{
		{"a bearer", purser.Credentials{Bearer: "b-alice"}, "alice"},
		{"another one", purser.Credentials{Bearer: "b-bob"}, "bob"},
		{"a key", purser.Credentials{Key: "s3cret"}, "operator"},
		{"a token of a project", purser.Credentials{ProjectToken: "pt-demo"}, "ci"},
		{"a user", purser.Credentials{User: "carol", Password: "pw"}, "carol"},
		{"a signed token", purser.Credentials{Bearer: good}, "hook"},
		{"nothing", purser.Credentials{}, ""},
		{"an unknown bearer", purser.Credentials{Bearer: "b-alic"}, ""},
		{"a bearer with more behind it", purser.Credentials{Bearer: "b-alice "}, ""},
		{"in another case", purser.Credentials{Bearer: "B-alice"}, ""},
		{"a key shown as a bearer", purser.Credentials{Bearer: "s3cret"}, ""},
		{"a bearer shown as a key", purser.Credentials{Key: "b-alice"}, ""},
		{"a password without the user", purser.Credentials{Password: "pw"}, ""},
		{"a password of another user", purser.Credentials{User: "dave", Password: "pw"}, ""},
		{"a user without a password", purser.Credentials{User: "carol"}, ""},
		{"a wrong one beside a right one", purser.Credentials{Bearer: "x", ProjectToken: "pt-demo"}, "ci"},
		{"the bearer first", purser.Credentials{Bearer: "b-bob", ProjectToken: "pt-demo"}, "bob"},
		{"a token of another key", purser.Credentials{Bearer: principals.Sign("other", "hook", noon)}, ""},
		{"a token that has run out", purser.Credentials{Bearer: principals.Sign("sign", "hook", noon.Add(-principals.TokenLife))}, ""},
		{"a token in its last second", purser.Credentials{Bearer: principals.Sign("sign", "hook", noon.Add(time.Second-principals.TokenLife))}, "hook"},
		{"a token without a signature", purser.Credentials{Bearer: good[:strings.LastIndexByte(good, '.')+1]}, ""},
		{"a token that claims to need none", purser.Credentials{Bearer: unsigned(good)}, ""},
		{"a token with another subject", purser.Credentials{Bearer: forged(good)}, ""},
		{"text with two dots", purser.Credentials{Bearer: "a.b.c"}, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			p, err := table.Authenticate(t.Context(), row.shown)
			if row.want == "" {
				if purser.ErrorCode(err) != purser.CodeUnauthenticated {
					t.Fatalf("%+v, %v", p, err)
				}
				return
			}
			if err != nil || p.Subject != row.want {
				t.Fatalf("%+v, %v, want %s", p, err, row.want)
			}
		})
	}
}

// unsigned is a token with alg none and no signature.
func unsigned(token string) string {
	parts := strings.Split(token, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
}

// forged is a token for somebody else under the old signature.
func forged(token string) string {
	parts := strings.Split(token, ".")
	return parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"root","exp":99999999999}`)) + "." + parts[2]
}

func TestNothingIsNeeded(t *testing.T) {
	open := purser.Principal{Subject: "anybody", Kind: purser.PrincipalNobody, Permissions: []string{"*"}}
	for _, c := range []purser.Credentials{{}, {Bearer: "x"}} {
		got, err := principals.New(principals.Options{Open: &open}).Authenticate(t.Context(), c)
		if diff := cmp.Diff(open, got); diff != "" || err != nil {
			t.Error(err, diff)
		}
		if _, err := principals.New(principals.Options{}).Authenticate(t.Context(), c); purser.ErrorCode(err) != purser.CodeUnauthenticated {
			t.Error(err)
		}
		if _, err := principals.New(principals.Options{Open: &open, SigningKey: "k"}).Authenticate(t.Context(), c); purser.ErrorCode(err) != purser.CodeUnauthenticated {
			t.Error(err)
		}
	}
}

// Exactly the entries get in, by exactly their kind.
func TestTableIsExact(t *testing.T) {
	kinds := []purser.PrincipalKind{purser.PrincipalBearer, purser.PrincipalKey, purser.PrincipalProject}
	text := rapid.SampledFrom([]string{"a", "ab", "b", "\x00", "a\x00b", "ä"})
	rapid.Check(t, func(t *rapid.T) {
		var list []principals.Entry
		known := map[string]bool{}
		for range rapid.IntRange(1, 5).Draw(t, "entries") {
			kind, secret := rapid.SampledFrom(kinds).Draw(t, "kind"), text.Draw(t, "secret")
			list = append(list, principals.Entry{Secret: secret, Principal: purser.Principal{Subject: secret, Kind: kind}})
			known[string(kind)+" "+secret] = true
		}
		kind, secret := rapid.SampledFrom(kinds).Draw(t, "shown kind"), text.Draw(t, "shown")
		c := map[purser.PrincipalKind]purser.Credentials{
			purser.PrincipalBearer: {Bearer: secret}, purser.PrincipalKey: {Key: secret}, purser.PrincipalProject: {ProjectToken: secret},
		}[kind]
		p, err := principals.New(principals.Options{Entries: list}).Authenticate(t.Context(), c)
		if (err == nil) != known[string(kind)+" "+secret] || err == nil && (p.Subject != secret || p.Kind != kind) {
			t.Fatalf("%+v, %v", p, err)
		}
	})
}

func FuzzToken(f *testing.F) {
	f.Add(principals.Sign("sign", "hook", noon))
	f.Add("a.b.c")
	table := principals.New(principals.Options{SigningKey: "sign", Clock: still(noon)})
	f.Fuzz(func(t *testing.T, token string) {
		p, err := table.Authenticate(t.Context(), purser.Credentials{Bearer: token})
		if err == nil && p.Subject != "hook" {
			t.Errorf("%q is %+v", token, p)
		}
	})
}
