package shell

import "strings"

// ConnectOptions are the options of the program that say which server is meant, for every command that has none of that
// name itself. In the environment and in configuration files they are spring.cloud.skipper.client.*.
func ConnectOptions() []Option {
	return []Option{
		{Name: "serverUri", Help: "the server's API (default " + DefaultURI + ")"},
		{Name: "username", Help: "the user to be let in as"},
		{Name: "password", Help: "the password of that user"},
		{Name: "skipSslValidation", Kind: Flag, Help: "accept any certificate"},
		{Name: "credentialsProviderCommand", Help: "a command that prints the Authorization header, run for each request"},
		{Name: "config", Kind: File, Help: "file with settings (default shell.yml in the folder purser of the user's settings)", Values: Files},
	}
}

// TakeConnectOptions divides arguments into settings, as --spring.cloud.skipper.client.NAME=VALUE, the file of --config, and
// the rest. own tells which names belong to the command. With leading, it stops at the first argument that is none.
func TakeConnectOptions(arguments []string, own func(name string) bool, leading bool) (settings []string, config string, rest []string, err error) {
	options := Command{Options: ConnectOptions()}
	for i := 0; i < len(arguments); i++ {
		a := arguments[i]
		name, value, attached := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		o := options.own(Camel(name))
		if _, _, boot := bootArgument(a); boot {
			rest = append(rest, a)
			continue
		}
		if !strings.HasPrefix(a, "--") || o == nil || own(o.Name) {
			if leading {
				return settings, config, append(rest, arguments[i:]...), nil
			}
			rest = append(rest, a)
			continue
		}
		switch {
		case attached:
		case o.Kind == Flag:
			value = "true"
			if i+1 < len(arguments) && isTruth(arguments[i+1]) {
				i++
				value = arguments[i]
			}
		case i+1 < len(arguments):
			i++
			value = arguments[i]
		default:
			return nil, "", nil, usageErrorf("--%s needs a value", name)
		}
		if o.Name == "config" {
			if config = value; config == "" {
				return nil, "", nil, usageErrorf("--config needs the name of a file")
			}
			continue
		}
		settings = append(settings, "--"+clientPrefix+Kebab(o.Name)+"="+value)
	}
	return settings, config, rest, nil
}
