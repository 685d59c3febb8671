package live

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// sqliteTag leaves extensions out of the store's C library, which never loads one.
const sqliteTag = "sqlite_omit_load_extension"

// Build compiles the server into a folder the way users get it, with further build tags if need be, and gives the
// binary. source is the folder of its package.
func Build(folder, source string, tags ...string) (string, error) {
	name, list := "purser", sqliteTag
	for _, tag := range tags {
		name, list = name+"-"+tag, list+","+tag
	}
	binary := filepath.Join(folder, name)
	return binary, Compile(binary, source, "-tags", list)
}

// Compile compiles the program whose package is in the folder source into the file to.
func Compile(to, source string, flags ...string) error {
	args := append(append([]string{"build", "-o", to}, flags...), ".")
	command := exec.Command("go", args...) //nolint:noctx // it is over when it is over
	command.Dir = source
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", source, err, out)
	}
	return nil
}

// WithFolder makes a temporary folder, has build fill it, runs and removes it: for TestMain of packages whose tests need
// built programs. It gives the exit code.
func WithFolder(prefix string, build func(folder string) error, run func() int) int {
	folder, err := os.MkdirTemp("", prefix)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := 1
	if err := build(folder); err != nil {
		fmt.Fprintln(os.Stderr, "building:", err)
	} else {
		code = run()
	}
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return code
}
