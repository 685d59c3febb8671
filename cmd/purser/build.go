package main

import (
	"runtime/debug"

	"purser/api/rest"
)

// buildInfo describes the program for GET /actuator/info.
func buildInfo() rest.Build {
	b := rest.Build{Artifact: "purser", Name: "Purser", Group: "purser", Version: version}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				b.Time = s.Value
			}
		}
	}
	return b
}
