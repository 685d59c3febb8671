package shell

import (
	"context"
	"fmt"

	"purser/client"
	"purser/templates"
)

func scaleCommand() *Command {
	return &Command{
		Name: "release scale", Group: groupRelease, Summary: "Change how many instances of an application run.",
		Options: []Option{
			{Name: "releaseName", Help: "the name of the release to scale", Required: true, Values: Releases},
			{Name: "appName", Help: "the name of the application", Required: true, Values: Applications},
			{Name: "count", Kind: Number, Help: "how many instances are to run", Required: true},
			{Name: "properties", Help: "comma separated properties for the platform", Named: true},
			waitOption,
		},
		Examples: []string{"release scale hello demo 3", "release scale hello --appName demo --count 0"},
		Run:      scale,
	}
}

func scale(ctx context.Context, c *Call) error {
	count := c.Number("count")
	if count < 0 {
		return usageErrorf("--count is 0 or more, not '%d'", count)
	}
	server, err := c.Client()
	if err != nil {
		return err
	}
	app := c.Text("appName")
	scaled, err := server.Scale(ctx, c.Text("releaseName"), client.ApplicationScale{
		Name: app, Count: count, Properties: templates.ParseProperties(c.Text("properties")),
	})
	if err != nil {
		return err
	}
	return c.changed(ctx, scaled, client.UntilDeployed, fmt.Sprintf("%s of %s has been scaled to %d.", app, scaled.Name, count))
}
