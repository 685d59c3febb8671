package principals

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"time"

	"purser"
)

// Entry is a credential and whose it is. Kind says which field of purser.Credentials must equal Secret; with
// purser.PrincipalBasic User counts as well.
type Entry struct {
	User      string
	Secret    string
	Principal purser.Principal // its Kind tells what kind of credential this is
}

// Options are what a table is made of.
type Options struct {
	Entries []Entry
	// Open is who callers are that show nothing, or anything, when there are no entries and no key for signed tokens; nil:
	// they are refused even then.
	Open *purser.Principal
	// SigningKey checks bearer tokens that Sign has made; empty: there are none.
	SigningKey string
	// Signed is who the bearer of a signed token is, but for the subject, which stands in the token.
	Signed purser.Principal
	Clock  purser.Clock // nil: SystemClock
}

// Table is a purser.Authenticator. It is safe for concurrent use.
type Table struct {
	options Options
	key     [32]byte // of the digests: what is compared is nothing that a caller can choose
	digests []digest
}

type digest [sha256.Size]byte

var _ purser.Authenticator = (*Table)(nil)

// New makes a table.
func New(o Options) *Table {
	if o.Clock == nil {
		o.Clock = purser.SystemClock{}
	}
	t := &Table{options: o}
	_, _ = rand.Read(t.key[:]) // never fails
	for _, e := range o.Entries {
		t.digests = append(t.digests, t.digest(e.Principal.Kind, e.User, e.Secret))
	}
	return t
}

// digest is a credential in a form whose length says nothing.
func (t *Table) digest(kind purser.PrincipalKind, user, secret string) digest {
	h := sha256.New()
	h.Write(t.key[:])
	for _, part := range []string{string(kind), user, secret} {
		sum := sha256.Sum256([]byte(part))
		h.Write(sum[:])
	}
	return digest(h.Sum(nil))
}

// Authenticate implements purser.Authenticator. Of several credentials the first that is somebody's counts, in the order
// of purser.Credentials; one that is shown and is nobody's does no harm as long as another one is somebody's.
func (t *Table) Authenticate(_ context.Context, c purser.Credentials) (purser.Principal, error) {
	if len(t.options.Entries) == 0 && t.options.SigningKey == "" && t.options.Open != nil {
		return *t.options.Open, nil
	}
	shown := []struct {
		kind         purser.PrincipalKind
		user, secret string
	}{
		{purser.PrincipalBearer, "", c.Bearer},
		{purser.PrincipalKey, "", c.Key},
		{purser.PrincipalProject, "", c.ProjectToken},
		{purser.PrincipalBasic, c.User, c.Password},
	}
	given := false
	for _, s := range shown {
		if s.secret == "" {
			continue
		}
		given = true
		if p, ok := t.find(t.digest(s.kind, s.user, s.secret)); ok {
			return p, nil
		}
	}
	if p, ok := t.signed(c.Bearer); ok {
		return p, nil
	}
	if !given {
		return purser.Principal{}, purser.Errorf(purser.CodeUnauthenticated, "No authentication provided")
	}
	return purser.Principal{}, purser.Errorf(purser.CodeUnauthenticated, "The credentials are not known")
}

// find gives the principal of a digest. All digests are compared, whether one fits or not.
func (t *Table) find(wanted digest) (purser.Principal, bool) {
	found := -1
	for i := range t.digests {
		same := subtle.ConstantTimeCompare(t.digests[i][:], wanted[:])
		found = subtle.ConstantTimeSelect(same, i, found)
	}
	if found < 0 {
		return purser.Principal{}, false
	}
	return t.options.Entries[found].Principal, true
}

// signed gives the principal of a token that this server has signed.
func (t *Table) signed(token string) (purser.Principal, bool) {
	if t.options.SigningKey == "" || token == "" {
		return purser.Principal{}, false
	}
	subject, ok := verify(t.options.SigningKey, token, t.options.Clock.Now())
	if !ok {
		return purser.Principal{}, false
	}
	p := t.options.Signed
	p.Subject, p.Kind = subject, purser.PrincipalBearer
	return p, true
}

// TokenLife is how long a signed token is good for.
const TokenLife = time.Hour
