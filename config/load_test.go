package config

import (
	"os"
	"path/filepath"
	"testing"
)

// accountKeys are what the local platform tells of its accounts.
var accountKeys = map[string][]string{"local": {"shutdown-timeout", "java-opts", "port-range.low", "port-range.high", "env-vars-to-inherit", "java-home-path.*", "app-admin.password", "hostname"}}

// MustDir makes a folder with files.
func MustDir(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// options are those of a server in a folder, on a machine with a known address.
func options(dir string) Options {
	return Options{Dir: dir, AccountKeys: accountKeys, HostAddress: "10.0.0.5"}
}

// MustLoad loads a configuration of files in the working directory.
func MustLoad(tb testing.TB, files map[string]string) (*Config, Report) {
	tb.Helper()
	return MustLoadWith(tb, options(MustDir(tb, files)))
}

// MustLoadWith loads a configuration that has no problems.
func MustLoadWith(tb testing.TB, o Options) (*Config, Report) {
	tb.Helper()
	c, report, err := Load(o)
	if err != nil {
		tb.Fatal(err)
	}
	return c, report
}
