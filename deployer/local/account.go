package local

import (
	"os"
	"time"

	"purser"
	"purser/deployer"
)

// Account is one account of the local platform: its settings and the defaults of its deployments (spec/deployers.md
// §2.1).
type Account struct {
	Name string

	WorkingDirectoriesRoot   string // folder of the run folders
	DeleteFilesOnExit        bool
	EnvVarsToInherit         []string // regular expressions over whole names
	JavaCmd                  string
	JavaHomePath             map[string]string // by Spring Boot version, "2" and "3"
	JavaOpts                 string            // parted at blanks
	ShutdownTimeout          int               // seconds; 0 and -1 leave the shutdown call out
	UseSpringApplicationJSON bool
	PortRangeLow             int
	PortRangeHigh            int // exclusive
	DebugPort                string
	DebugAddress             string
	DebugSuspend             string
	InheritLogging           bool
	Hostname                 string
	StartupProbePath         string
	HealthProbePath          string
	AppAdminUser             string
	AppAdminPassword         string
}

// DefaultAccount is an account without any settings.
func DefaultAccount(name string) Account {
	return Account{
		Name:                   name,
		WorkingDirectoriesRoot: os.TempDir(),
		DeleteFilesOnExit:      true,
		EnvVarsToInherit: []string{
			"TMP", "LANG", "LANGUAGE", "LC_.*", "PATH", "SPRING_APPLICATION_JSON",
		},
		JavaCmd:                  "java",
		JavaHomePath:             map[string]string{},
		ShutdownTimeout:          30,
		UseSpringApplicationJSON: true,
		PortRangeLow:             20000,
		PortRangeHigh:            61000,
		DebugSuspend:             "y",
	}
}

// Decode reads the settings of an account as a configuration file or the environment gives them: relaxed names, nested
// or dotted, values of their own type or as text. Keys that AccountKeys does not have are passed over. CodeInvalid
// names the account, the key, the value and what was expected.
func Decode(name string, settings map[string]any) (Account, error) {
	a := DefaultAccount(name)
	p := deployer.NewSettings(settings)
	for _, o := range options() {
		if o.scope == requestOnly {
			continue
		}
		if err := o.bind(p, &a); err != nil {
			return Account{}, purser.Errorf(purser.CodeInvalid, "account '%s' of the local platform: %w", name, err)
		}
	}
	if err := a.check(); err != nil {
		return Account{}, purser.Errorf(purser.CodeInvalid, "account '%s' of the local platform: %w", name, err)
	}
	return a, nil
}

// check compares settings with each other.
func (a Account) check() error {
	switch {
	case a.PortRangeLow >= a.PortRangeHigh:
		return purser.Errorf(purser.CodeInvalid, "port-range.low is %d and port-range.high is %d, expected the first to be smaller",
			a.PortRangeLow, a.PortRangeHigh)
	case (a.AppAdminUser == "") != (a.AppAdminPassword == ""):
		return purser.Errorf(purser.CodeInvalid, "app-admin.user and app-admin.password, expected both or neither")
	}
	return nil
}

// grace is how long an instance may take to end before it is killed. An account that does not want the shutdown call
// (0 or -1) still gives its applications the default time after SIGTERM.
func (a Account) grace() time.Duration {
	if a.ShutdownTimeout <= 0 {
		return 30 * time.Second
	}
	return time.Duration(a.ShutdownTimeout) * time.Second
}
