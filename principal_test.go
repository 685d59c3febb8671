package purser_test

import (
	"testing"

	"purser"
)

func TestPrincipal(t *testing.T) {
	p := purser.Principal{Permissions: []string{"release:read", "app:*"}, Roles: []string{"create-release"}, Tenants: []string{"acme"}}
	for _, row := range []struct {
		rule string
		got  bool
		want bool
	}{
		{"a permission it has", p.May("release:read"), true},
		{"one it has not", p.May("release:create"), false},
		{"all of an area", p.May("app:delete"), true},
		{"an area is no prefix", p.May("apple:delete"), false},
		{"everything", purser.Principal{Permissions: []string{"*"}}.May("release:create"), true},
		{"nothing", purser.Principal{}.May("release:read"), false},
		{"one of the roles", p.Has("upload-artifact", "create-release"), true},
		{"none of them", p.Has("upload-artifact"), false},
		{"its tenant", p.Sees("acme"), true},
		{"another one", p.Sees("acme2"), false},
		{"all tenants", purser.Principal{Tenants: []string{"*"}}.Sees("acme2"), true},
	} {
		if row.got != row.want {
			t.Errorf("%s: %v", row.rule, row.got)
		}
	}
}
