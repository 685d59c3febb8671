package rest

import (
	"errors"
	"strings"

	"purser"
)

// unspecific is what the reference says of every change that fails for a reason that is none of Skipper's own
// (spec/rest.md §3.1). It hides the cause and scripts wait for it, so that here it stands behind the cause.
const unspecific = "Error waiting to get Release from a statemachine"

// specific are the beginnings of the messages about a request or a manifest that are answered as they are: the texts that
// the reference has for them (spec/rest.md §3.3), and what it does not refuse.
var specific = []string{
	"Was expecting override values to produce a Map",
	"Config Values that are not a map",
	"No release manager available for ",
	"Can't parse manifest, ",
	"JsonMappingException - ",
	"SpringCloudDeployerApplicationManifest must define a 'name'",
	"Could not load Resource ",
	"Could not install AppDeployRequest ",
	"Document ",
	"The package file of ",
}

// changeFailed is the failure of a change to a release: the cause, and behind it the reference's unspecific text where
// the reference would have said that alone.
func changeFailed(err error) error {
	e, ok := errors.AsType[*purser.Error](err)
	if !ok || e.Code != purser.CodeInvalid && e.Code != purser.CodePlatform {
		return err
	}
	for _, beginning := range specific {
		if strings.HasPrefix(e.Message, beginning) {
			return err
		}
	}
	told := *e
	told.Message += " (" + unspecific + ")"
	told.Err = err
	return &told
}
