package chaos_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// built is where the programs are that all tests of this package run.
type built struct {
	purser   string // as users run it
	crashing string // can be told to die at an edge
	payload  string
}

var theBuilt built

// TestMain builds what is run.
func TestMain(m *testing.M) {
	flag.Parse()
	folder, err := os.MkdirTemp("", "purser-chaos-")
	if err == nil {
		theBuilt, err = build(folder)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, "building:", err)
	} else {
		code = m.Run()
	}
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func build(folder string) (built, error) {
	b := built{
		purser: filepath.Join(folder, "purser"), crashing: filepath.Join(folder, "purser-crashing"),
		payload: filepath.Join(folder, "payload"),
	}
	return b, errors.Join(
		goBuild(b.purser, "..", "-tags", "sqlite_omit_load_extension"),
		goBuild(b.crashing, "..", "-tags", "sqlite_omit_load_extension,crashpoints"),
		goBuild(b.payload, "./payload"),
	)
}

func goBuild(to, pkg string, flags ...string) error {
	out, err := exec.Command("go", append(append([]string{"build", "-o", to}, flags...), pkg)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", pkg, err, out)
	}
	return nil
}
