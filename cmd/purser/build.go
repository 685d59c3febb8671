package main

import "purser/api/rest"

// buildInfo describes the program for GET /actuator/info. Its version is the one of GET /api/about: clients compare them.
func buildInfo(serverVersion string) rest.Build {
	return rest.Build{Artifact: "purser", Name: "Purser", Group: "purser", Version: serverVersion, Time: buildTime}
}
