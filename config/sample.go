package config

import (
	"strings"
)

// sampleNames are the names that stand for <name> in the sample, by section.
var sampleNames = []struct{ prefix, name string }{
	{repositoriesKey, "experimental"},
	{remotesKey, "releases"},
	{platform + "local.accounts", "default"},
	{platform + "kubernetes.accounts", "cluster"},
	{platform + "cloudfoundry.accounts", "cloud"},
}

// sampleValues stand in the sample where there is no default, or where the default would mean nothing.
var sampleValues = map[string]string{
	"server.address": "127.0.0.1",
	skipper + "deployer-properties.property-includes": "[]",
	skipper + "deployer-properties.group-includes":    "[]",
	repositoriesKey + ".<name>.url":                   "https://packages.example.org",
	repositoriesKey + ".<name>.source-url":            "https://github.com/example/packages",
	repositoriesKey + ".<name>.description":           "Packages that are not released yet",
	repositoriesKey + ".<name>.name":                  "experimental",
	platform + "local.accounts.<name>":                "{shutdown-timeout: 60, java-opts: -Xmx512m}",
	platform + "kubernetes.accounts.<name>":           "{namespace: dev, limits: {memory: 1024Mi}}",
	platform + "cloudfoundry.accounts.<name>":         "{connection: {url: https://api.example.org, org: acme, space: dev}, deployment: {memory: 1024m}}",
	"maven.proxy.host":                                "proxy.example.org",
	"maven.proxy.non-proxy-hosts":                     "[localhost, \"*.example.org\"]",
	"maven.proxy.auth.username":                       "user",
	"maven.proxy.auth.password":                       "changeit",
	"maven.wagon":                                     "{}",
	remotesKey + ".<name>.url":                        "https://maven.example.org/releases",
	remotesKey + ".<name>.auth.username":              "user",
	remotesKey + ".<name>.auth.password":              "changeit",
}

// Sample gives a configuration file that explains every setting: lines that begin with ## are prose, those that begin
// with # are settings, commented out. Uncommented they hold the defaults, or examples where there are none.
func Sample() string {
	var b strings.Builder
	b.WriteString("## The settings of Purser. Lines that begin with ## explain, the others are settings with their defaults, or with\n" +
		"## examples where there is no default. Take away the # of those that you change, and of the lines they stand under.\n" +
		"##\n" +
		"## Each can also be given as an environment variable (server.port is SERVER_PORT), within SPRING_APPLICATION_JSON, or\n" +
		"## on the command line (--server.port=7577). javaOpts, java-opts and java_opts are the same name.\n")
	var open []string
	for _, k := range Known() {
		parts := strings.Split(sampleName(k.Name), ".")
		shared := 0
		for shared < len(open) && shared < len(parts)-1 && open[shared] == parts[shared] {
			shared++
		}
		if shared == 0 {
			b.WriteByte('\n')
		}
		for depth := shared; depth < len(parts)-1; depth++ {
			b.WriteString("#" + strings.Repeat("  ", depth) + parts[depth] + ":\n")
		}
		open = parts[:len(parts)-1]
		indent := strings.Repeat("  ", len(open))
		for _, line := range wrap(sampleText(k), 116-len(indent)) {
			b.WriteString("##" + indent + line + "\n")
		}
		if k.Name == dialectsKey {
			b.WriteString("#" + indent + parts[len(parts)-1] + ":\n" + sampleDialects(indent+"  "))
			continue
		}
		b.WriteString("#" + indent + parts[len(parts)-1] + ": " + sampleValue(k) + "\n")
	}
	return b.String()
}

// sampleName puts the sample's names in.
func sampleName(name string) string {
	for _, s := range sampleNames {
		if rest, ok := strings.CutPrefix(name, s.prefix+"."+wildcard); ok {
			return s.prefix + "." + s.name + rest
		}
	}
	return name
}

// sampleText is what the sample says of a setting.
func sampleText(k Key) string {
	text := k.Text
	if len(k.Values) > 0 && !strings.Contains(text, strings.Join(k.Values[1:], ", ")) {
		text += " One of " + strings.Join(k.Values, ", ") + "."
	}
	if k.Alias != "" {
		text += " Also: " + k.Alias + "."
	}
	return text
}

// sampleValue writes the value of a setting in the sample.
func sampleValue(k Key) string {
	if value, ok := sampleValues[k.Name]; ok {
		return value
	}
	if k.Kind == List {
		return "[" + strings.Join(splitList(k.Default), ", ") + "]"
	}
	if k.Default == "" && len(k.Values) > 0 {
		return k.Values[0]
	}
	if strings.HasSuffix(k.Name, "update-policy") && k.Default == "" {
		return "daily"
	}
	return quote(k.Default, k.Kind != Text)
}

// wrap parts a text into lines of at most width letters.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
