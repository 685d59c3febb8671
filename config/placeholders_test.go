package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlaceholders(t *testing.T) {
	for _, row := range []struct{ rule, text, want string }{
		{"no placeholder", "plain $ {x} }", "plain $ {x} }"},
		{"another setting", "${my.host}", "h"},
		{"in any spelling", "${MY.HOST}/${my.other_name}", "h/o"},
		{"a variable by its name", "${HOME_DIR}", "/home"},
		{"a variable by a dotted name", "${home.dir}", "/home"},
		{"a setting before a variable", "${both}", "setting"},
		{"the default of a known setting", "${server.port}", "7577"},
		{"an alias", "${spring.cloud.skipper.server.synchronizeIndexOnContextRefresh}", "true"},
		{"a setting of an account", "${spring.cloud.skipper.server.platform.local.accounts.a.hostname}", "acc"},
		{"a setting of a tree", "${purser.dialects.akkeris.key}", "k"},
		{"a default", "${nosuch:d}", "d"},
		{"an empty default", "[${nosuch:}]", "[]"},
		{"a default with colons", "${nosuch:http://h:1}", "http://h:1"},
		{"a default that is not needed", "${my.host:d}", "h"},
		{"a placeholder in a default", "${nosuch:${my.host}}", "h"},
		{"a placeholder in a name", "${my.${what}}", "h"},
		{"a setting made of others", "${chain}", "h-o"},
		{"several", "${my.host}${my.host}", "hh"},
		{"nobody knows it", "a${nosuch}b", "a${nosuch}b"},
		{"not closed", "a${my.host", "a${my.host"},
		{"no name", "${}", "${}"},
		{"braces in a default", "${nosuch:{a}}", "{a}"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := options(MustDir(t, map[string]string{"purser.yml": `
my: {host: h, otherName: o}
what: host
both: setting
chain: ${my.host}-${my.other-name}
spring.cloud.skipper.server.platform.local.accounts.a: {hostname: acc, java-opts: "` + row.text + `"}
purser.dialects: {akkeris: {key: k}, connect: {tokens: [{token: t, subject: "` + row.text + `"}]}}
spring.cloud.skipper.server.deployer-properties.group-includes: ["` + row.text + `"]
server.address: "` + row.text + `"`}))
			o.Environ = []string{"HOME_DIR=/home", "BOTH=variable"}
			c, _ := MustLoadWith(t, o)
			got := []any{c.Server.Address, c.Options.GroupIncludes[0], c.Accounts[0].Settings["java-opts"], c.Dialects.Connect.Tokens[0].Subject}
			if diff := cmp.Diff([]any{row.want, row.want, row.want, row.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlaceholderCircles(t *testing.T) {
	for rule, text := range map[string]string{
		"itself":               "${server.address}",
		"by another":           "${a}",
		"by a default":         "${nosuch:${a}}",
		"by a name":            "${x${a}}",
		"in a known setting":   "${server.port:1}${a}",
		"through an old style": "${SERVER_ADDRESS:x}${server.address}",
	} {
		t.Run(rule, func(t *testing.T) {
			o := options(MustDir(t, map[string]string{"purser.yml": "server.address: " + text + "\na: ${b}\nb: ${a}"}))
			_, _, err := Load(o)
			if err == nil || !strings.Contains(err.Error(), "leads back to itself") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPlaceholderGrowth(t *testing.T) {
	file := "p0: xxxxxxxxxx\n"
	for i := 1; i < 30; i++ {
		file += fmt.Sprintf("p%d: ${p%d}${p%d}${p%d}\n", i, i-1, i-1, i-1)
	}
	_, _, err := Load(options(MustDir(t, map[string]string{"purser.yml": file + "server.address: ${p29}"})))
	if err == nil || !strings.Contains(err.Error(), "unfold to more than") {
		t.Errorf("got %v", err)
	}
}
