package shell

import (
	"context"
	"errors"
	"fmt"
)

func configCommands() []*Command {
	return []*Command{
		{
			Name: "skipper config", Group: groupConfig, Summary: "Configure the Spring Cloud Skipper REST server to use.",
			Options: []Option{
				{Name: "uri", Help: "the location of the Spring Cloud Skipper REST endpoint", Default: DefaultURI},
				{Name: "username", Help: "the username for authenticated access to the Admin REST endpoint"},
				{Name: "password", Help: "the password for authenticated access to the Admin REST endpoint (valid only with a username)"},
				{Name: "credentialsProviderCommand", Help: "a command to run that outputs the HTTP credentials used for authentication"},
				{Name: "skipSslValidation", Kind: Flag, Help: "accept any SSL certificate (even self-signed)"},
				{Name: "save", Kind: Flag, Help: "write this target to the configuration file, for the next time", Named: true, Added: true},
			},
			Examples: []string{"skipper config --uri http://localhost:7577/api", "skipper config --uri https://skipper.example/api --username admin --save"},
			Run:      targetServer,
		},
		{
			Name: "skipper info", Group: groupConfig, Summary: "Show the Skipper server being used.",
			Run: serverInfo,
		},
	}
}

// targetServer points the shell to a server, which must answer. When it does not, the shell stays pointed to it.
func targetServer(ctx context.Context, c *Call) error {
	t := Target{
		URI: c.Text("uri"), Username: c.Text("username"), Password: c.Text("password"),
		SkipSSLValidation: c.Flag("skipSslValidation"), CredentialsProviderCommand: c.Text("credentialsProviderCommand"),
	}
	if t.CredentialsProviderCommand == "" && t.Password != "" && t.Username == "" {
		text := "A password may be specified only together with a username"
		return c.Show(Result{Text: text, Data: map[string]string{"message": text}})
	}
	if t.CredentialsProviderCommand == "" && t.Username != "" && !c.Given("password") {
		if c.Streams.Password == nil {
			return errors.New("a password is needed, and there is no terminal to ask for it: give --password")
		}
		var err error
		if t.Password, err = c.Streams.Password("Password: "); err != nil {
			return err
		}
	}
	c.Shell.connection.use(t)
	if err := c.Shell.Connect(ctx); err != nil {
		return err
	}
	if c.Flag("save") {
		if err := saveConfig(c.Shell.configuration, t); err != nil {
			return fmt.Errorf("the target could not be saved: %w", err)
		}
	}
	return c.Show(Result{Text: "Successfully targeted " + t.URI, Data: map[string]string{"uri": t.URI}})
}

func serverInfo(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	about, err := server.About(ctx)
	if err != nil {
		return err
	}
	found := about.VersionInfo.Server
	text := fmt.Sprintf("%s v%s", found.Name, found.Version)
	return c.Show(Result{Text: text, Names: []string{text}, Data: about})
}
