package conformance_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"purser/cmd/purser/conformance"
)

// onPurpose is the list of the steps that Purser answers better: "scenario: NN step".
const onPurpose = "../../../conformance-differences.txt"

// mostOnPurpose is how many they may be.
const mostOnPurpose = 30

// Every recorded conversation has the answers of the reference, but for the steps that are listed; and those differ.
func TestScenarios(t *testing.T) {
	folder := os.DirFS("testdata")
	names, err := conformance.Names(folder)
	if err != nil || len(names) < 15 {
		t.Fatalf("%d scenarios, %v", len(names), err)
	}
	listed, steps := MustRead(t, onPurpose), 0
	for _, of := range listed {
		steps += len(of)
	}
	if steps > mostOnPurpose {
		t.Errorf("%s lists %d steps, more than %d", onPurpose, steps, mostOnPurpose)
	}
	for scenario, steps := range listed {
		if !slices.Contains(names, scenario) {
			t.Errorf("%s lists steps of %s, which is no scenario: %v", onPurpose, scenario, slices.Sorted(maps.Keys(steps)))
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := conformance.Load(folder, name)
			if err != nil {
				t.Fatal(err)
			}
			server, _ := MustServe(t)
			packages := os.DirFS("testdata/packages")
			expected := listed[name]
			run := conformance.Run{Base: server.Base(), Payload: theBuilt.payload, Packages: packages, Expected: maps.Clone(expected)}
			compared, differing, err := run.Replay(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differing {
				if expected[d.Step.Key] {
					delete(expected, d.Step.Key)
					continue
				}
				t.Errorf("%s  (%s)\n    %s", d.Step.Key, d.Step.Do, strings.Join(d.Lines, "\n    "))
			}
			for _, key := range slices.Sorted(maps.Keys(expected)) {
				t.Errorf("%s: listed, and yet it has the answer of the reference", key)
			}
			t.Logf("%d steps compared, %d of them differ", compared, len(differing))
		})
	}
}

// MustRead reads a list of steps, by scenario.
func MustRead(tb testing.TB, file string) map[string]map[string]bool {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	listed := map[string]map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		scenario, key, ok := strings.Cut(line, ": ")
		if !ok {
			tb.Fatalf("%s: %q is not scenario: NN step", file, line)
		}
		if listed[scenario] == nil {
			listed[scenario] = map[string]bool{}
		}
		listed[scenario][key] = true
	}
	return listed
}
