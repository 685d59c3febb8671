package data_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/api/data"
)

func TestDeployers(t *testing.T) {
	platforms := purser.Platforms{}
	for _, info := range []purser.PlatformInfo{
		{Name: "zeta", Type: "local", Description: "b"},
		{Name: "alpha", Type: "kubernetes", Description: "b"},
		{Name: "mid", Type: "local", Description: "a"},
	} {
		platforms[info.Name] = platform{info: info}
	}
	s := MustServer(t)
	s = s.with(t, s.store, platforms)
	for _, c := range []struct {
		target string
		want   []string
	}{
		{"/api/deployers", []string{"alpha", "mid", "zeta"}},
		{"/api/deployers?sort=name,desc", []string{"zeta", "mid", "alpha"}},
		{"/api/deployers?sort=type,desc&sort=description", []string{"mid", "zeta", "alpha"}},
		{"/api/deployers?sort=options,desc&sort=id,desc", []string{"alpha", "mid", "zeta"}},
		{"/api/deployers?size=2&page=1", []string{"zeta"}},
		{"/api/deployers?size=2&page=2", nil},
		{"/api/deployers?projection=summary", []string{"alpha", "mid", "zeta"}},
	} {
		t.Run(c.target, func(t *testing.T) {
			var names []string
			list, _ := at(s.get(t, c.target), "_embedded", "deployers").([]any)
			for _, e := range list {
				name, _ := at(e, "name").(string)
				names = append(names, name)
			}
			if diff := cmp.Diff(c.want, names); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}

	t.Run("refused writes change nothing", func(t *testing.T) {
		self := href(map[string]any{"_links": at(s.get(t, "/api/deployers"), "_embedded", "deployers", 0, "_links")}, "self")
		before := text(t, s.do(t, http.MethodGet, self, nil))
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
			answer := s.do(t, method, self, []byte(`{"name":"x"}`), "Content-Type", "application/json")
			if answer.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s: %s", method, answer.Status)
			}
		}
		if diff := cmp.Diff(before, text(t, s.do(t, http.MethodGet, self, nil))); diff != "" {
			t.Errorf("-before +after:\n%s", diff)
		}
	})
}

func TestOptionFilter(t *testing.T) {
	options := []purser.PlatformOption{
		{ID: "spring.cloud.deployer.local.java-opts"},
		{ID: "spring.cloud.deployer.local.docker.network"},
		{ID: "spring.cloud.deployer.local.maximum-concurrent-tasks"},
		{ID: "spring.cloud.deployer.kubernetes.fabric8.namespace"},
	}
	short := func(id string) string { return strings.TrimPrefix(id, "spring.cloud.deployer.") }
	for _, c := range []struct {
		rule   string
		filter data.OptionFilter
		want   []string
	}{
		{"nothing is left out", data.OptionFilter{}, []string{"local.java-opts", "local.docker.network", "local.maximum-concurrent-tasks", "kubernetes.fabric8.namespace"}},
		{"what the reference ships", data.DefaultOptionFilter(), []string{"local.java-opts", "local.docker.network"}},
		{"a group", data.OptionFilter{GroupIncludes: []string{"spring.cloud.deployer.local"}}, []string{"local.java-opts", "local.maximum-concurrent-tasks"}},
		{"all but a group", data.OptionFilter{GroupExcludes: []string{"spring.cloud.deployer.local"}}, []string{"local.docker.network", "kubernetes.fabric8.namespace"}},
		{"one property", data.OptionFilter{PropertyIncludes: []string{"spring.cloud.deployer.local.java-opts"}}, []string{"local.java-opts"}},
		{"an exclude wins", data.OptionFilter{
			PropertyIncludes: []string{"spring.cloud.deployer.local.java-opts"},
			PropertyExcludes: []string{"spring.cloud.deployer.local.java-opts"},
		}, nil},
		{"ids are exact", data.OptionFilter{PropertyIncludes: []string{"java-opts"}}, nil},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := MustServer(t)
			s.filter = &c.filter
			s = s.with(t, s.store, purser.Platforms{"default": platform{info: purser.PlatformInfo{Options: options}}})
			var ids []string
			list, _ := at(s.get(t, "/api/deployers"), "_embedded", "deployers", 0, "options").([]any)
			for _, o := range list {
				id, _ := at(o, "id").(string)
				ids = append(ids, short(id))
			}
			if diff := cmp.Diff(c.want, ids); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
