package config

import (
	"fmt"
	"strings"
)

// arguments is a command line, parted.
type arguments struct {
	settings []property
	files    []string // of --config, in order
}

// commandLine is the source of settings that stand there.
const commandLine = "command line"

// readArguments parts a command line: --config FILE (or --config=FILE), --any.key=value and --any.key, which means true
// or empty. A value in an argument of its own is not understood, as in Spring.
func (s *schema) readArguments(args []string) (arguments, error) {
	var a arguments
	for i := 0; i < len(args); i++ {
		body, ok := strings.CutPrefix(args[i], "--")
		name, value, assigned := strings.Cut(body, "=")
		switch {
		case !ok && strings.HasPrefix(args[i], "-D"):
			return a, fmt.Errorf("%s: settings are written --key=value, not -Dkey=value", commandLine)
		case !ok:
			return a, fmt.Errorf("%s: '%s' was not expected, settings are written --key=value", commandLine, maskText(args[i]))
		case name == "":
			return a, fmt.Errorf("%s: '%s' has no key, settings are written --key=value", commandLine, maskText(args[i]))
		case name == "config" && assigned && value != "":
			a.files = append(a.files, value)
		case name == "config" && !assigned && i+1 < len(args) && !strings.HasPrefix(args[i+1], "--"):
			i++
			a.files = append(a.files, args[i])
		case name == "config":
			return a, fmt.Errorf("%s: --config needs a file", commandLine)
		default:
			if known := s.scalars[canonical(name)]; !assigned && known != nil && known.Kind == Bool {
				value = "true"
			}
			a.settings = append(a.settings, property{name, &node{text: value, plain: true, origin: Origin{Source: commandLine}}})
		}
	}
	return a, nil
}

// find gives the value of a setting that is needed before all sources are read.
func (a arguments) find(name string) (string, bool) {
	value, found := "", false
	for _, p := range a.settings {
		if canonical(p.name) == canonical(name) {
			value, found = p.value.text, true
		}
	}
	return value, found
}
