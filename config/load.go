package config

import (
	"strings"
)

// Options are where a configuration comes from.
type Options struct {
	Args    []string // the command line behind the command's name
	Environ []string // NAME=value, as os.Environ gives it
	Dir     string   // relative files are sought here; "": the working directory
	Files   []string // read besides those of --config, before them

	// AccountKeys are the settings of accounts by type of platform, in kebab case; a key that ends in .* stands for any
	// name. Of platforms without keys everything is taken as it is.
	AccountKeys map[string][]string
	// HostAddress is the machine's address for the URL of the local package repository; "": it is found out.
	HostAddress string
}

// jsonVariable holds settings as JSON. On the command line it is spring.application.json.
const jsonVariable = "SPRING_APPLICATION_JSON"

// Load reads the configuration. Later sources win: defaults, files, environment, SPRING_APPLICATION_JSON, command line.
// The error tells every problem, one a line, with its place; the report is there even then.
func Load(o Options) (*Config, Report, error) {
	var report Report
	s := newSchema(o.AccountKeys)
	arguments, err := s.readArguments(o.Args)
	if err != nil {
		return nil, report, err
	}
	environment := newEnvironment(o.Environ)
	l := newLayers(s, &report)
	profiles := findProfiles(arguments, environment)
	for _, file := range findFiles(o.Dir, append(o.Files, arguments.files...), arguments, environment) {
		if err := l.addFile(file, profiles); err != nil {
			return nil, report, err
		}
	}
	l.next()
	l.addEnvironment(environment)
	if err := l.addJSON(arguments, environment); err != nil {
		return nil, report, err
	}
	l.next()
	for _, p := range arguments.settings {
		l.addFlat(p.name, p.value)
	}
	l.checkUnknown(environment)
	r := &resolver{layers: l, environment: environment}
	l.addDefaults(o.HostAddress)
	l.resolveTrees(r)
	c := l.build(l.scalars(r), environment)
	if err := report.err(); err != nil {
		return nil, report, err
	}
	return c, report, nil
}

// addJSON takes in SPRING_APPLICATION_JSON.
func (l *layers) addJSON(a arguments, e environment) error {
	l.next()
	source, text := jsonVariable, e[jsonVariable]
	if value, ok := a.find("spring.application.json"); ok {
		source, text = commandLine+" spring.application.json", value
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	n, err := readJSON(source, text)
	if err != nil {
		return err
	}
	l.addTree(nil, n)
	return nil
}

// resolveTrees fills the placeholders of all trees in.
func (l *layers) resolveTrees(r *resolver) {
	for _, s := range l.sortedSections() {
		l.trees[s].each(split(s.prefix), func(path []segment, n *node) {
			if n.kind != scalarNode || n.null || !strings.Contains(n.text, "${") {
				return
			}
			text, ok := l.resolved(join(path), n, r)
			if ok && text != n.text {
				n.text, n.plain = text, false
			}
		})
	}
}
