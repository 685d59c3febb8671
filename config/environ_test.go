package config

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// variables of a setting, as Spring forms them: dots become _, dashes are dropped or become _ as well.
func variables(name string) []string {
	upper := strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
	return []string{strings.ReplaceAll(upper, "-", ""), strings.ReplaceAll(upper, "-", "_")}
}

func TestEveryPlainSettingHasItsVariable(t *testing.T) {
	s := newSchema(accountKeys)
	for _, key := range s.scalars {
		for _, variable := range variables(key.Name) {
			l := newLayers(s, &Report{})
			if !l.addVariable(variable, &node{text: "x"}) || l.slots[canonical(key.Name)] == nil || l.slots[canonical(key.Name)].scalar.text != "x" {
				t.Errorf("%s does not set %s", variable, key.Name)
			}
		}
	}
}

func TestEveryChosenSettingHasItsVariable(t *testing.T) {
	s := newSchema(accountKeys)
	for _, section := range s.sections {
		for _, known := range section.known {
			key := strings.ReplaceAll(known, "*", "17")
			for _, variable := range variables(section.prefix + ".some." + key) {
				l := newLayers(s, &Report{})
				if !l.addVariable(variable, &node{text: "x"}) || l.trees[section].find("some", key) == nil {
					t.Errorf("%s does not set %s.some.%s", variable, section.prefix, key)
				}
			}
		}
	}
}

func TestVariablesAndArgumentsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		section := "spring.cloud.skipper.server.platform.local.accounts"
		name := rapid.StringMatching(`[a-z]{1,6}(-[a-z]{1,4})?`).Draw(t, "name")
		key := rapid.SampledFrom(accountKeys["local"]).Draw(t, "key")
		key = strings.ReplaceAll(key, "*", "2")
		value := rapid.StringMatching(`[a-z0-9,]{0,8}`).Draw(t, "value")
		variable := rapid.SampledFrom(variables(section+"."+name+"."+key)).Draw(t, "variable")
		if !strings.Contains(variable, "_ACCOUNTS_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))+"_") {
			name = strings.ReplaceAll(name, "-", "")
		}
		load := func(o Options) string {
			o.AccountKeys, o.HostAddress, o.Dir = accountKeys, "h", "/nosuch"
			c, report, err := Load(o)
			if err != nil || len(report.Warnings) > 0 {
				t.Fatal(err, report.Warnings)
			}
			return printedText(c)
		}
		byVariable := load(Options{Environ: []string{variable + "=" + value}})
		byArgument := load(Options{Args: []string{"--" + section + "." + name + "." + key + "=" + value}})
		if byVariable != byArgument {
			t.Fatalf("%s:\n%s\n%s", variable, byVariable, byArgument)
		}
	})
}

// printedText is the printed configuration without the places.
func printedText(c *Config) string {
	var b strings.Builder
	for _, line := range c.lines {
		b.WriteString(line.key + ": " + line.value + "\n")
	}
	return b.String()
}

func FuzzEnvironment(f *testing.F) {
	for _, name := range []string{
		"SERVER_PORT", "PURSER_DATADIR", "SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_DEFAULT_SHUTDOWNTIMEOUT",
		"SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_KUBERNETES_ACCOUNTS_A_B_0_C", "MAVEN_REMOTE_REPOSITORIES_R_URL", "PURSER_DIALECTS_A_1", "PURSER__", "MAVEN_REMOTE_REPOSITORIES",
		"SPRING_CLOUD_SKIPPER_SERVER_DEPLOYERPROPERTIES_PROPERTYEXCLUDES_0_", "SPRING_CLOUD_SKIPPER_SERVER_PLATFORM_LOCAL_ACCOUNTS_99999", "_PURSER_DIALECTS_0",
	} {
		f.Add(name, "http://h/${x:1}", "{\"a\":[1,{\"b.c[0]\":null}]}")
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, name, value, json string) {
		if strings.ContainsAny(name, "=\x00") || strings.Contains(strings.ToUpper(name), "CONFIG") {
			return // no variable's name, or one that names a file to read
		}
		o := options(dir)
		o.Environ = []string{name + "=" + value, "SPRING_APPLICATION_JSON=" + json}
		o.Args = []string{"--" + name + "=" + value}
		c, report, err := Load(o)
		if (c == nil) != (err != nil) {
			t.Fatalf("%v, %v", c, err)
		}
		if c != nil {
			MustPrint(t, c)
		}
		if strings.HasPrefix(name, "PURSER_") && c != nil && len(report.Warnings) == 0 && len(c.lines) == 0 {
			t.Fatal("nothing is known of it")
		}
	})
}

func FuzzYAML(f *testing.F) {
	f.Add("server.port: 1\n---\npurser: {dialects: {a.b: [1, {c: null}]}}")
	f.Add("a: &a {x: 1}\nspring.cloud.skipper.server.platform.local.accounts: {\"[a.b]\": *a, c[0].d: [[]]}")
	f.Add("<<: {a: 1}\n? [a]\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		var report Report
		l := newLayers(newSchema(accountKeys), &report)
		documents, err := readYAML("f.yml", []byte(text))
		if err != nil {
			return
		}
		for _, document := range documents {
			l.next()
			if findProfiles(arguments{}, nil).hasTree(document) {
				l.addTree(nil, document)
			}
		}
		l.checkUnknown(nil)
		r := &resolver{layers: l}
		l.addDefaults("h")
		l.resolveTrees(r)
		MustPrint(t, l.build(l.scalars(r), nil))
	})
}

func FuzzProperties(f *testing.F) {
	f.Add("a.b=c\n#---\nserver.port : 1\\\n2\n! x")
	f.Fuzz(func(t *testing.T, text string) {
		documents, err := readProperties("f.properties", []byte(text))
		if err != nil {
			return
		}
		l := newLayers(newSchema(accountKeys), &Report{})
		for _, document := range documents {
			l.next()
			for _, line := range document {
				l.addFlat(line.name, line.value)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	o := everywhere(b)
	o.HostAddress = ""
	for b.Loop() {
		if _, _, err := Load(o); err != nil {
			b.Fatal(err)
		}
	}
}

// An empty variable is a value like an empty argument: it puts the default of a plain setting back, and empties a text.
func TestAnEmptyVariableIsAValue(t *testing.T) {
	const account = "spring.cloud.skipper.server.platform.local.accounts.l-a.shutdown-timeout"
	load := func(o Options) *Config {
		c, _, err := Load(o)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	o := options(MustDir(t, map[string]string{"purser.yml": account + ": 7\nserver.address: 127.0.0.1\nserver.port: 1"}))
	for _, variable := range variables(account) {
		o.Environ = []string{variable + "=", "SERVER_ADDRESS=", "SERVER_PORT="}
		byVariable := load(o)
		if byVariable.Server.Address != "" || byVariable.Server.Port != 7577 {
			t.Errorf("%+v", byVariable.Server)
		}
		if strings.Contains(variable, "_L_A_") && byVariable.Accounts[0].Settings["shutdown-timeout"] != "" {
			t.Errorf("%s: %v", variable, byVariable.Accounts[0].Settings)
		}
	}
	o.Environ, o.Args = nil, []string{"--" + account + "=", "--server.address=", "--server.port="}
	byArgument := load(o)
	if byArgument.Server.Address != "" || byArgument.Server.Port != 7577 || byArgument.Accounts[0].Settings["shutdown-timeout"] != "" {
		t.Errorf("%+v %v", byArgument.Server, byArgument.Accounts[0].Settings)
	}
}
