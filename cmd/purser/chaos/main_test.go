package chaos_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"purser/cmd/purser/live"
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
	os.Exit(live.WithFolder("purser-chaos-", build, m.Run))
}

func build(folder string) error {
	var errs [3]error
	theBuilt.payload = filepath.Join(folder, "payload")
	theBuilt.purser, errs[0] = live.Build(folder, "..")
	theBuilt.crashing, errs[1] = live.Build(folder, "..", "crashpoints")
	errs[2] = live.Compile(theBuilt.payload, "payload")
	return errors.Join(errs[:]...)
}
