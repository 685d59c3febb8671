package purser

import (
	"context"
	"slices"
	"strings"
)

// Credentials are what a caller has shown of himself; empty fields were not shown. Each dialect reads them off its own
// requests.
type Credentials struct {
	Bearer       string // Authorization: Bearer ...
	Key          string // a fixed key, e.g. the whole of an Authorization header
	ProjectToken string // X-Project-Token
	User         string // Authorization: Basic ...
	Password     string
}

// PrincipalKind is the kind of credentials that a principal was found by.
type PrincipalKind string

// The kinds.
const (
	PrincipalBearer  PrincipalKind = "bearer"
	PrincipalKey     PrincipalKind = "key"
	PrincipalProject PrincipalKind = "project token"
	PrincipalBasic   PrincipalKind = "basic"
	PrincipalNobody  PrincipalKind = "nobody" // nobody has to show anything
)

// Principal is who a caller is and what he may do.
type Principal struct {
	Subject     string // name, for "created by" and the log
	Kind        PrincipalKind
	Roles       []string
	Permissions []string // "release:create", or "release:*" for all of them; "*" for everything
	Tenants     []string // what he may see, in the words of the dialect; "*" for all
}

// Authenticator finds out who a caller is.
type Authenticator interface {
	// Authenticate gives the principal of the credentials. CodeUnauthenticated when they are nobody's, or when none were
	// shown and some are needed.
	Authenticate(ctx context.Context, c Credentials) (Principal, error)
}

// May tells whether the principal has a permission.
func (p Principal) May(permission string) bool {
	area, _, _ := strings.Cut(permission, ":")
	return slices.ContainsFunc(p.Permissions, func(has string) bool {
		return has == permission || has == "*" || has == area+":*"
	})
}

// Has tells whether the principal has one of the roles.
func (p Principal) Has(roles ...string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(p.Roles, role) })
}

// Sees tells whether the principal may see a tenant.
func (p Principal) Sees(tenant string) bool {
	return slices.Contains(p.Tenants, tenant) || slices.Contains(p.Tenants, "*")
}
