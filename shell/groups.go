package shell

import "slices"

// The groups of `help`.
const (
	groupBuiltIn    = "Built-In Commands"
	groupConfig     = "Config Commands"
	groupManifest   = "Manifest Commands"
	groupOperation  = "Operation Commands"
	groupPackage    = "Package Commands"
	groupPlatform   = "Platform Commands"
	groupRelease    = "Release Commands"
	groupRepository = "Repository Commands"
)

// GroupPackage is the group of the commands about packages, for those who add some.
const GroupPackage = groupPackage

// table is all commands of the language.
func table() []*Command {
	return slices.Concat(builtIns(), configCommands(), manifestCommands(), operationCommands(), packageCommands(),
		platformCommands(), releaseCommands(), repositoryCommands())
}
