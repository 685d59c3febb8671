package local

import (
	"purser"
	"purser/deployer"
)

// prefix stands before the deployment properties of this platform.
const prefix = deployer.GenericPrefix + "local."

// scope says where an option may stand.
type scope int

const (
	both        scope = iota // in the account, and in a request for one deployment
	accountOnly              // in the account
	requestOnly              // in a request
)

// option is one row of the table that everything about an option comes from: decoding of accounts, deployment
// properties of requests, the list of GET /api/deployers and the known keys of the configuration.
type option struct {
	name     string // below the prefix, in kebab case
	scope    scope
	javaType string
	text     string
	value    func(*Account) value
}

const (
	javaString  = "java.lang.String"
	javaInteger = "java.lang.Integer"
	javaBoolean = "java.lang.Boolean"
	javaStrings = "java.lang.String[]"
	javaMap     = "java.util.Map<java.lang.String,java.lang.String>"
)

// options is the table, by name.
func options() []option {
	return []option{
		{
			"app-admin.password", accountOnly, javaString, "Password of the account with which management endpoints of applications are called.",
			func(a *Account) value { return secret{&a.AppAdminPassword} },
		},
		{
			"app-admin.user", accountOnly, javaString, "User of the account with which management endpoints of applications are called.",
			func(a *Account) value { return text{&a.AppAdminUser} },
		},
		{
			"debug-address", both, javaString, "Address for a remote debugger, as port or host:port; the index of the instance is added to the port.",
			func(a *Account) value { return text{&a.DebugAddress} },
		},
		{
			"debug-port", both, javaInteger, "Port for a remote debugger; the index of the instance is added. debug-address wins.",
			func(a *Account) value { return text{&a.DebugPort} },
		},
		{
			"debug-suspend", both, javaString, "Whether the application waits for the debugger before it starts, y or n.",
			func(a *Account) value { return text{&a.DebugSuspend} },
		},
		{
			"delete-files-on-exit", accountOnly, javaBoolean, "Whether run folders are deleted some time after their instance was undeployed, at the latest when the server ends.",
			func(a *Account) value { return truth{&a.DeleteFilesOnExit} },
		},
		{
			"env-vars-to-inherit", both, javaStrings, "Regular expressions for the names of the server's environment variables that applications get.",
			func(a *Account) value { return patterns{&a.EnvVarsToInherit} },
		},
		{
			"health-probe.path", both, javaString, "Path of an HTTP probe; an instance that started is deployed while it answers 2xx, else failed.",
			func(a *Account) value { return text{&a.HealthProbePath} },
		},
		{
			"hostname", both, javaString, "Host of the instances' URLs; the address of the machine when there is none.",
			func(a *Account) value { return text{&a.Hostname} },
		},
		{
			"inherit-logging", both, javaBoolean, "Whether applications write to the output of the server instead of files.",
			func(a *Account) value { return truth{&a.InheritLogging} },
		},
		{
			"java-cmd", both, javaString, "Java command.",
			func(a *Account) value { return text{&a.JavaCmd} },
		},
		{
			"java-home-path", both, javaMap, "Home folder of the Java installation for each major version of Spring Boot (2, 3).",
			func(a *Account) value { return textMap{&a.JavaHomePath} },
		},
		{
			"java-opts", both, javaString, "Options for the Java virtual machine, parted by blanks.",
			func(a *Account) value { return text{&a.JavaOpts} },
		},
		{
			"port-range.high", accountOnly, javaInteger, "First port above the range that random ports are taken from.",
			func(a *Account) value { return number{&a.PortRangeHigh, 2, 65536} },
		},
		{
			"port-range.low", accountOnly, javaInteger, "Lowest port of the range that random ports are taken from.",
			func(a *Account) value { return number{&a.PortRangeLow, 1, 65535} },
		},
		{
			"shutdown-timeout", accountOnly, javaInteger, "Seconds that an application gets to end before it is killed; 0 and -1 leave the call of its shutdown endpoint out.",
			func(a *Account) value { return number{&a.ShutdownTimeout, -1, 86400} },
		},
		{
			"startup-probe.path", both, javaString, "Path of an HTTP probe; an instance is deploying until it has answered 2xx once.",
			func(a *Account) value { return text{&a.StartupProbePath} },
		},
		{
			"use-spring-application-json", accountOnly, javaBoolean, "Whether applications get their properties as one variable SPRING_APPLICATION_JSON.",
			func(a *Account) value { return truth{&a.UseSpringApplicationJSON} },
		},
		{
			"working-directories-root", both, javaString, "Folder in which each deployment gets its run folder.",
			func(a *Account) value { return text{&a.WorkingDirectoriesRoot} },
		},
	}
}

// bind stores what p says of the option, if it says anything.
func (o option) bind(p deployer.Properties, a *Account) error {
	expected, given := o.value(a).take(p, o.name)
	if expected == "" {
		return nil
	}
	return purser.Errorf(purser.CodeInvalid, "%s is '%s', expected %s", o.name, given, expected)
}

// AccountKeys lists the keys that an account may have, in kebab case. A key that ends with .* stands for any name.
func AccountKeys() []string {
	var keys []string
	for _, o := range options() {
		switch {
		case o.scope == requestOnly:
		case o.javaType == javaMap:
			keys = append(keys, o.name+".*")
		default:
			keys = append(keys, o.name)
		}
	}
	return keys
}

// platformOptions is the table as GET /api/deployers shows it.
func platformOptions() []purser.PlatformOption {
	defaults := DefaultAccount("")
	var shown []purser.PlatformOption
	for _, o := range options() {
		shown = append(shown, purser.PlatformOption{
			ID: prefix + o.name, Name: o.name, Type: o.javaType, Description: o.text, Default: o.value(&defaults).shown(),
		})
	}
	return shown
}
