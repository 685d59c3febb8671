package shell

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Settings is where a shell is pointed to and what it is to run.
type Settings struct {
	Target       Target
	CommandFiles []string // scripts that are run in place of the prompt
	HistoryFile  string   // "" for the usual one
	Config       string   // the configuration file that was read or that would be written
}

// clientPrefix begins the names of the settings of the server that is spoken to.
const clientPrefix = "spring.cloud.skipper.client."

// settingNames are the settings, with the names as people write them; case, hyphens and underscores do not count.
var settingNames = []string{
	clientPrefix + "server-uri", clientPrefix + "username", clientPrefix + "password", clientPrefix + "skip-ssl-validation",
	clientPrefix + "credentials-provider-command", "spring.shell.command-file", "spring.shell.history.name",
	"spring.shell.config.location", "spring.config.location",
}

// LoadSettings reads settings from a configuration file, then the environment (KEY=value), then --name=value arguments; later
// ones win (spec/clients.md §1.5). config names the file; "" is the one in the user's folder, which need not exist. The
// arguments that are no settings come back.
func LoadSettings(arguments, environ []string, config string) (Settings, []string, error) {
	given := map[string]string{}
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok && strings.HasPrefix(name, "SPRING_") {
			given[canonical(name)] = value
		}
	}
	var rest []string
	for _, a := range arguments {
		name, value, ok := bootArgument(a)
		if !ok {
			rest = append(rest, a)
			continue
		}
		if strings.HasPrefix(canonical(name), canonical(clientPrefix)) && !known(name) {
			return Settings{}, nil, usageErrorf("Unknown setting '%s'; known are %s", name, knownNames())
		}
		given[canonical(name)] = value
	}
	var must bool
	if config == "" {
		config = given[canonical("spring.config.location")]
	}
	if config, must = strings.TrimPrefix(config, "file:"), config != ""; !must {
		config = defaultConfig(environ)
	}
	fromFile, err := readConfig(config, must)
	if err != nil {
		return Settings{}, nil, err
	}
	for name, value := range fromFile {
		if _, ok := given[name]; !ok {
			given[name] = value
		}
	}
	settings, err := settingsOf(given)
	settings.Config = config
	return settings, rest, err
}

func settingsOf(given map[string]string) (Settings, error) {
	s := Settings{Target: Target{
		URI: given[canonical(clientPrefix+"server-uri")], Username: given[canonical(clientPrefix+"username")],
		Password:                   given[canonical(clientPrefix+"password")],
		CredentialsProviderCommand: given[canonical(clientPrefix+"credentials-provider-command")],
	}}
	if s.Target.URI == "" {
		s.Target.URI = DefaultURI
	}
	if skip, ok := given[canonical(clientPrefix+"skip-ssl-validation")]; ok && skip != "" {
		value, err := strconv.ParseBool(strings.ToLower(skip))
		if err != nil {
			return s, usageErrorf("%sskip-ssl-validation is true or false, not '%s'", clientPrefix, skip)
		}
		s.Target.SkipSSLValidation = value
	}
	for f := range strings.SplitSeq(given[canonical("spring.shell.command-file")], ",") {
		if f = strings.TrimSpace(f); f != "" {
			s.CommandFiles = append(s.CommandFiles, f)
		}
	}
	s.HistoryFile = given[canonical("spring.shell.history.name")]
	if folder := given[canonical("spring.shell.config.location")]; folder != "" && !filepath.IsAbs(s.HistoryFile) {
		s.HistoryFile = filepath.Join(folder, cmp.Or(s.HistoryFile, HistoryName))
	}
	return s, nil
}

// HistoryName is the history file of Skipper's shell, in its working directory.
const HistoryName = "spring-cloud-skipper-shell.log"

// bootArgument divides --name=value when the name is one of the settings of a Spring program: those are no commands.
func bootArgument(argument string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(argument, "=")
	if !strings.HasPrefix(name, "--") {
		return "", "", false
	}
	name = name[2:]
	for _, prefix := range []string{"spring.", "logging.", "server.", "debug.", "management."} {
		if strings.HasPrefix(name, prefix) {
			if !ok {
				value = "true"
			}
			return name, value, true
		}
	}
	return "", "", false
}

func known(name string) bool {
	for _, n := range settingNames {
		if canonical(n) == canonical(name) {
			return true
		}
	}
	return false
}

func knownNames() string {
	var names []string
	for _, n := range settingNames {
		if short, ok := strings.CutPrefix(n, clientPrefix); ok {
			names = append(names, short)
		}
	}
	return strings.Join(names, ", ")
}

// canonical makes the spellings of a setting equal: dots, hyphens, underscores and case do not count.
func canonical(name string) string {
	return strings.ToLower(strings.NewReplacer(".", "", "-", "", "_", "").Replace(name))
}

// defaultConfig is the configuration file in the user's folder, "" when there is no such folder.
func defaultConfig(environ []string) string {
	value := func(name string) string {
		for _, pair := range environ {
			if v, ok := strings.CutPrefix(pair, name+"="); ok {
				return v
			}
		}
		return ""
	}
	if folder := value("XDG_CONFIG_HOME"); filepath.IsAbs(folder) {
		return filepath.Join(folder, "purser", "shell.yml")
	}
	if home := value("HOME"); home != "" {
		return filepath.Join(home, ".config", "purser", "shell.yml")
	}
	return ""
}

// readConfig gives the settings of a file by their canonical names.
func readConfig(name string, must bool) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	switch {
	case os.IsNotExist(err) && !must:
		return nil, nil
	case err != nil:
		return nil, unreadable(name, err)
	}
	values, err := parseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return values, nil
}
