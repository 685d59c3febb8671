package local

import (
	"fmt"
	"strings"

	"purser"
)

// info describes an account (spec/deployers.md §3.7).
func (a Account) info() purser.PlatformInfo {
	var parts []string
	if a.JavaOpts != "" {
		parts = append(parts, fmt.Sprintf("JavaOpts = [%s]", a.JavaOpts))
	}
	parts = append(parts,
		fmt.Sprintf("ShutdownTimeout = [%d]", a.ShutdownTimeout),
		fmt.Sprintf("EnvVarsToInherit = [%s]", strings.Join(a.EnvVarsToInherit, ",")),
		fmt.Sprintf("JavaCmd = [%s]", a.JavaCmd),
		fmt.Sprintf("WorkingDirectoriesRoot = [%s]", a.WorkingDirectoriesRoot),
		fmt.Sprintf("DeleteFilesOnExit = [%t]", a.DeleteFilesOnExit),
	)
	return purser.PlatformInfo{Name: a.Name, Type: "local", Description: strings.Join(parts, ", "), Options: platformOptions()}
}
