package conformance_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// HAL clients off the shelf find their way from the root to the install of a package and to the status of the release,
// knowing names of relations and not one address.
func TestHALClients(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/hal")); err != nil {
		t.Fatal(err)
	}
	mustHave(t, "nodejs", "node", "--version")
	mustHave(t, "npm", "npm", "--version")
	mustHave(t, "python3 python3-pip", "python3", "-m", "pip", "--version")
	mustRun(t, folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	mustRun(t, folder, "python3", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile", "--require-hashes",
		"--target", "python", "-r", "requirements.txt")

	s, a := MustServe(t)
	mustUpload(t, a, "demo-1.0.0")
	for _, client := range []struct{ name, program, script string }{
		{"ketting", "node", "ketting_walk.mjs"},
		{"traverson", "node", "traverson_walk.mjs"},
		{"restnavigator", "python3", "restnavigator_walk.py"},
	} {
		t.Run(client.name, func(t *testing.T) {
			var saw struct {
				Package, Status, Description string
				Version                      int
				Installed                    bool
			}
			out := mustRun(t, folder, client.program, client.script, s.Base()+"/api", client.name)
			if err := json.Unmarshal(out, &saw); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if saw.Package != "demo" || saw.Status != "DEPLOYED" || saw.Description != "Install complete" || saw.Version != 1 || !saw.Installed {
				t.Errorf("it saw %+v", saw)
			}
			// What it says that it did was done.
			if i, err := a.Status(t.Context(), client.name, 1); err != nil || i.Status.StatusCode != "DEPLOYED" {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
}

// mustHave sees to it that a program runs: root gets it from the packages of the system.
func mustHave(t *testing.T, packages, program string, args ...string) {
	t.Helper()
	if exec.CommandContext(t.Context(), program, args...).Run() == nil {
		return
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil || os.Getuid() != 0 {
		t.Fatalf("%s is needed for the HAL clients (Debian: apt-get install %s)", program, packages)
	}
	mustRun(t, "", "sh", "-c", apt+" update -qq && "+apt+" install -y -qq --no-install-recommends "+packages)
}

// mustRun runs a program in a folder and gives what it prints.
func mustRun(t *testing.T, folder, program string, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), "PYTHONPATH="+filepath.Join(folder, "python"), "DEBIAN_FRONTEND=noninteractive")
	out, err := command.Output()
	if err == nil {
		return out
	}
	var said string
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		said = string(e.Stderr)
	}
	t.Fatalf("%s %v: %v\n%s%s", program, args, err, out, said)
	return nil
}
