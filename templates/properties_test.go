package templates_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/templates"
)

func TestParseProperties(t *testing.T) {
	for _, row := range []struct {
		rule, text string
		want       map[string]string
	}{
		{"nothing", "", map[string]string{}},
		{"pairs", "a=1,b=2", map[string]string{"a": "1", "b": "2"}},
		{"commas and signs in values", "a=1,2,b=x=y", map[string]string{"a": "1,2", "b": "x=y"}},
		{"blanks", " a = 1 , b= 2 ", map[string]string{"a": "1", "b": "2"}},
		{"a first piece without a sign", "x,a=1", map[string]string{"a": "1"}},
		{"the last one counts", "a=1,a=2", map[string]string{"a": "2"}},
		{"an empty value", "a=,b=1", map[string]string{"a": "", "b": "1"}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if diff := cmp.Diff(row.want, templates.ParseProperties(row.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPropertiesYAML(t *testing.T) {
	for _, row := range []struct{ rule, properties, want string }{
		{"nothing", "", ""},
		{"values are text", "server.port=8099,version=1.0,a=true,c=null,g=#z,d=x", "a: 'true'\nc: 'null'\nd: x\ng: '#z'\nserver:\n  port: '8099'\nversion: '1.0'\n"},
		{
			"below the properties names keep their dots", "spec.applicationProperties.server.port=8099,spec.deploymentProperties.a.b=1,spec.version=2",
			"spec:\n  applicationProperties:\n    server.port: '8099'\n  deploymentProperties:\n    a.b: '1'\n  version: '2'\n",
		},
		{
			"of a dependency as well", "log.spec.deploymentProperties.a.b=1,log.version=1.1.1",
			"log:\n  spec:\n    deploymentProperties:\n      a.b: '1'\n  version: 1.1.1\n",
		},
		{"with a hyphen in its name", "my-app.spec.applicationProperties.a.b=1", "my-app:\n  spec:\n    applicationProperties:\n      a.b: '1'\n"},
		{"a name that only begins like them nests", "spec.applicationPropertiesX.a.b=1", "spec:\n  applicationPropertiesX:\n    a:\n      b: '1'\n"},
		{"deeper ones nest", "a.b.spec.applicationProperties.c.d=1", "a:\n  b:\n    spec:\n      applicationProperties:\n        c:\n          d: '1'\n"},
		{"both a value and names below it", "p.a=0,p.a.b=1,p.a.c.d=2", "p:\n  a: '0'\n  a.b: '1'\n  a.c.d: '2'\n"},
		{
			"both among the properties", "spec.applicationProperties.p=0,spec.applicationProperties.p.a=1",
			"spec:\n  applicationProperties:\n    p: '0'\n    p.a: '1'\n",
		},
		{"lists, their gaps closed", "a[0]=x,a[2]=y,b[1].c=z,b[10].c=t", "a:\n- x\n- y\nb:\n- c: z\n- c: t\n"},
		{"indexes among the properties stay text", "spec.applicationProperties.a[0]=x", "spec:\n  applicationProperties:\n    a[0]: x\n"},
		{"brackets hold one key", "a[b.c].d=x", "a:\n  b.c:\n    d: x\n"},
		{"indexes beside names become keys", "a[0]=x,a.b=y", "a:\n  '0': x\n  b: y\n"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := templates.PropertiesYAML(templates.ParseProperties(row.properties))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("an open bracket is refused", func(t *testing.T) {
		if _, err := templates.PropertiesYAML(map[string]string{"a[0": "x"}); err == nil {
			t.Error("not refused")
		}
	})
	t.Run("a property without a name is refused", func(t *testing.T) {
		if _, err := templates.PropertiesYAML(map[string]string{"": "x"}); err == nil {
			t.Error("not refused")
		}
	})
}
