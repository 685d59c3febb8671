package principals

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// claims are what a signed token says.
type claims struct {
	Subject   string `json:"sub"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf,omitempty"`
	ExpiresAt int64  `json:"exp"`
}

var (
	header   = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))
	encoding = base64.RawURLEncoding.Strict()
)

// Sign makes a JWT (HS256) for a subject, that is good for TokenLife from now.
func Sign(key, subject string, now time.Time) string {
	body, err := json.Marshal(claims{Subject: subject, IssuedAt: now.Unix(), ExpiresAt: now.Add(TokenLife).Unix()})
	if err != nil { // two numbers and a text always have a JSON form
		return ""
	}
	signed := header + "." + base64.RawURLEncoding.EncodeToString(body)
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature(key, signed))
}

// verify gives the subject of a token that was signed with the key and is good now. No other algorithm than HS256 counts,
// whatever the token says.
func verify(key, token string, now time.Time) (subject string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", false
	}
	given, err := encoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(given, signature(key, parts[0]+"."+parts[1])) {
		return "", false
	}
	var head struct {
		Algorithm string `json:"alg"`
	}
	var body claims
	if !decode(parts[0], &head) || head.Algorithm != "HS256" || !decode(parts[1], &body) {
		return "", false
	}
	if at := now.Unix(); body.ExpiresAt == 0 || at >= body.ExpiresAt || at < body.NotBefore {
		return "", false
	}
	return body.Subject, true
}

func decode(part string, into any) bool {
	text, err := encoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

func signature(key, text string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
