package browse

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"purser/api"
)

// A form is taken from the browser that this server gave it to, and from nobody else: it carries a token that belongs to a
// cookie which no other site can read or send (SameSite), and the browser says that it comes from a page of this server.
// Neither is kept in the server: a form is good after a restart, and on another server of the same store.

const (
	cookieName = "purser-forms"
	fieldToken = "token"
	maxForm    = 1 << 30 // bytes of a form that are kept in memory; the server bounds the body before
)

// token gives the token of the forms of this browser, and the browser its cookie.
func (v *visit) token() string {
	secret := v.secret()
	if secret == "" {
		secret = rand.Text()
		http.SetCookie(v.w, &http.Cookie{
			Name: cookieName, Value: secret, Path: v.root + "/",
			HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: strings.HasPrefix(v.base, "https:"),
		})
	}
	return tokenOf(secret)
}

func (v *visit) secret() string {
	c, err := v.r.Cookie(cookieName)
	if err != nil || len(c.Value) < len(rand.Text()) {
		return ""
	}
	return c.Value
}

func tokenOf(secret string) string {
	sum := sha256.Sum256([]byte("a form of Purser for " + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// admitted reads a form and refuses it with 403 unless it is one of this browser's own.
func (v *visit) admitted() error {
	if !v.sameOrigin() {
		return refused("The form was sent by a page of another site.")
	}
	kind, _, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "multipart/form-data":
		err = v.r.ParseMultipartForm(maxForm)
	case "application/x-www-form-urlencoded":
		err = v.r.ParseForm()
	default:
		return api.UnsupportedType("Content type '" + kind + "' not supported: this takes forms")
	}
	if err != nil {
		return unreadable(err)
	}
	secret := v.secret()
	sent := v.r.PostFormValue(fieldToken)
	if secret == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(tokenOf(secret))) != 1 {
		return refused("The form is not one that this server gave to this browser. Open it again; cookies of this site are needed.")
	}
	return nil
}

// sameOrigin asks what the browser says about the page that sends: old ones may say nothing.
func (v *visit) sameOrigin() bool {
	r := v.r.Clone(v.r.Context())
	if u, err := url.Parse(v.base); err == nil {
		r.Host = u.Host // what the browser knows the server by
	}
	if r.Header.Get("Sec-Fetch-Site") == "same-site" {
		return false
	}
	return http.NewCrossOriginProtection().Check(r) == nil
}

func refused(message string) error {
	return &api.Failure{Status: http.StatusForbidden, Message: message}
}
