package shell

import (
	"context"
	"fmt"
	"strings"
	"time"

	"purser/client"
)

var (
	waitOption = Option{
		Name: "wait", Kind: Duration, Bare: true, Named: true, Added: true,
		Help: "wait until the operation is over, at most so long: --wait=90s; without a time 5 minutes",
	}
	dryRunOption = Option{
		Name: "dryRun", Kind: Flag, Named: true, Added: true, Help: "only show what would change",
	}
	fileOption       = Option{Name: "file", Kind: File, Help: "specify values in a YAML file", Values: Files}
	propertiesOption = Option{Name: "properties"}
	setOption        = Option{
		Name: "set", Many: true, Named: true, Added: true,
		Help: "a value by its path, as helm has it: a.b=1, list[0]=x, a={x,y}, a=null; several divided by commas, or several times",
	}
)

func installCommand() *Command {
	properties := propertiesOption
	properties.Help = "the comma separated set of properties to override during install"
	return &Command{
		Name: "package install", Group: groupPackage, Summary: "Install a package.",
		Details: "Values of --set go before those of --properties, these before those of --file.",
		Options: []Option{
			{Name: "packageName", Help: "name of the package to install", Required: true, Values: Packages},
			{Name: "packageVersion", Help: "version of the package to install, if not specified latest version will be used", Values: PackageVersions},
			fileOption,
			properties,
			{Name: "releaseName", Help: "the release name to use", Required: true},
			{Name: "platformName", Help: "the platform name to use", Default: "default", Values: Platforms},
			setOption, dryRunOption, waitOption,
		},
		Examples: []string{
			"package install log --releaseName mylog",
			"package install log --releaseName mylog --set spec.deploymentProperties.memory=1g",
			"package install log 1.0.0 --releaseName mylog --properties spec.applicationProperties.server.port=8080 --wait",
		},
		Run: install,
	}
}

func install(ctx context.Context, c *Call) error {
	values, err := c.values()
	if err != nil {
		return err
	}
	server, err := c.Client()
	if err != nil {
		return err
	}
	r := client.InstallRequest{
		ReleaseName:  c.Text("releaseName"),
		Package:      client.PackageIdentifier{Name: c.Text("packageName"), Version: c.Text("packageVersion")},
		PlatformName: c.Text("platformName"), Values: values,
	}
	if c.Flag("dryRun") {
		p, err := server.PreviewInstall(ctx, r)
		if err != nil {
			return err
		}
		return c.Show(previewResult("Install", p, c.Streams.OutTerminal))
	}
	made, err := server.Install(ctx, r)
	if err != nil {
		return err
	}
	return c.changed(ctx, made, client.UntilDeployed, fmt.Sprintf("Released %s. Now at version v%d.", made.Name, made.Version))
}

func upgradeCommand() *Command {
	properties := propertiesOption
	properties.Help = "the comma separated set of properties to override during upgrade"
	return &Command{
		Name: "release upgrade", Group: groupRelease, Summary: "Upgrade a release.",
		Details: "Values of --set go before those of --properties, these before those of --file.",
		Options: []Option{
			{Name: "releaseName", Help: "the name of the release to upgrade", Required: true, Values: Releases},
			{Name: "packageName", Help: "the name of the package to use for the upgrade", Required: true, Values: Packages},
			{Name: "packageVersion", Help: "the version of the package to use for the upgrade, if not specified latest version will be used", Values: PackageVersions},
			fileOption,
			{Name: "timeoutExpression", Help: "the expression for upgrade timeout"},
			properties,
			{Name: "force", Kind: Flag, Help: "force upgrade"},
			{Name: "appNames", Help: "application names to force upgrade. If no specific list is provided, all the apps in the packages are force upgraded", Many: true, Values: Applications},
			setOption, dryRunOption, waitOption,
		},
		Examples: []string{
			"release upgrade mylog log --packageVersion 1.1.0 --file values.yml",
			"release upgrade mylog log --properties version=1.2.0 --dryRun",
		},
		Run: upgrade,
	}
}

func upgrade(ctx context.Context, c *Call) error {
	applications := c.Texts("appNames")
	if len(applications) > 0 && !c.Flag("force") {
		return tellf("App names can be used only when the stream update is forced.")
	}
	values, err := c.values()
	if err != nil {
		return err
	}
	timeout, err := c.duration("timeoutExpression")
	if err != nil {
		return err
	}
	server, err := c.Client()
	if err != nil {
		return err
	}
	r := client.UpgradeRequest{
		ReleaseName: c.Text("releaseName"),
		Package:     client.PackageIdentifier{Name: c.Text("packageName"), Version: c.Text("packageVersion")},
		Values:      values, Timeout: timeout, Force: c.Flag("force"), Applications: applications,
	}
	if c.Flag("dryRun") {
		p, err := server.PreviewUpgrade(ctx, r)
		if err != nil {
			return err
		}
		return c.Show(previewResult("Upgrade", p, c.Streams.OutTerminal))
	}
	made, err := server.Upgrade(ctx, r)
	if err != nil {
		return err
	}
	return c.changed(ctx, made, client.UntilDeployed, fmt.Sprintf("%s has been upgraded.  Now at version v%d.", made.Name, made.Version))
}

func rollbackCommand() *Command {
	return &Command{
		Name: "release rollback", Group: groupRelease, Summary: "Rollback the release to a previous or a specific release.",
		Options: []Option{
			{Name: "releaseName", Help: "the name of the release to rollback", Required: true, Values: Releases},
			{
				Name: "releaseVersion", Kind: Number, Type: "int", Default: "0", Values: ReleaseVersions,
				Help: "the specific release version to rollback to. Not specifying the value rolls back to the previous release.",
			},
			{Name: "timeoutExpression", Help: "the expression for rollback timeout"},
			dryRunOption, waitOption,
		},
		Examples: []string{"release rollback mylog", "release rollback mylog 1 --wait"},
		Run:      rollback,
	}
}

func rollback(ctx context.Context, c *Call) error {
	timeout, err := c.duration("timeoutExpression")
	if err != nil {
		return err
	}
	server, err := c.Client()
	if err != nil {
		return err
	}
	r := client.RollbackRequest{ReleaseName: c.Text("releaseName"), Version: c.Number("releaseVersion"), Timeout: timeout}
	if c.Flag("dryRun") {
		p, err := server.PreviewRollback(ctx, r)
		if err != nil {
			return err
		}
		return c.Show(previewResult("Rollback", p, c.Streams.OutTerminal))
	}
	made, err := server.Rollback(ctx, r)
	if err != nil {
		return err
	}
	return c.changed(ctx, made, client.UntilDeployed, fmt.Sprintf("%s has been rolled back.  Now at version v%d.", made.Name, made.Version))
}

func deleteCommand() *Command {
	return &Command{
		Name: "release delete", Group: groupRelease, Summary: "Delete the release.",
		Options: []Option{
			{Name: "releaseName", Help: "the name of the release to delete", Required: true, Values: Releases},
			{Name: "deletePackage", Kind: Flag, Help: "delete the release package"},
			waitOption,
		},
		Examples: []string{"release delete mylog", "release delete mylog --deletePackage --wait"},
		Run:      deleteRelease,
	}
}

func deleteRelease(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	name := c.Text("releaseName")
	end := server.Delete
	if c.Flag("deletePackage") {
		end = server.DeleteWithPackage
	}
	ended, err := end(ctx, name)
	if err != nil {
		return err
	}
	if ended.Name == "" {
		ended.Name = name
	}
	return c.changed(ctx, ended, client.UntilDeleted, fmt.Sprintf("%s has been deleted.", name))
}

// duration gives a duration option, nil when it is not there. As in the reference a wrong one is a failure of the command,
// not of its line.
func (c *Call) duration(name string) (*time.Duration, error) {
	text := strings.TrimSpace(c.Text(name))
	if text == "" {
		return nil, nil
	}
	d, err := ParseDuration(text)
	return &d, err
}
