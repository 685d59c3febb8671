package main

import (
	"runtime/debug"

	"purser/api/rest"
)

// buildInfo describes the program for GET /actuator/info. Its version is the one of GET /api/about: clients compare them.
func buildInfo(serverVersion string) rest.Build {
	b := rest.Build{Artifact: "purser", Name: "Purser", Group: "purser", Version: serverVersion}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				b.Time = s.Value
			}
		}
	}
	return b
}
