package shell

import (
	"fmt"
	"strings"

	"purser/client"
)

// sentences say how all applications of a release are, as `release status` puts it.
var sentences = map[client.State]string{
	client.StateDeploying:  "The applications are being deployed.",
	client.StatePartial:    "The applications are being deployed.",
	client.StateDeployed:   "All applications have been successfully deployed.",
	client.StateUndeployed: "The applications are known to the system, but is not currently deployed.",
	client.StateFailed:     "All apps have failed deployment.",
	client.StateError:      "A system error occurred trying to determine platform status.",
	client.StateUnknown:    "The applications are not known to the system.",
}

// platformStatus lists the applications and their instances (spec/clients.md §1.4).
func platformStatus(s client.Status) string {
	var lines []string
	for _, a := range s.Applications {
		if len(a.Instances) == 0 {
			lines = append(lines, fmt.Sprintf("[%s], State = [%s]", a.DeploymentID, a.State))
			continue
		}
		var instances []string
		for _, i := range a.Instances {
			instances = append(instances, fmt.Sprintf("%s=%s", i.ID, i.State))
		}
		lines = append(lines, fmt.Sprintf("[%s], State = [%s]", a.DeploymentID, strings.Join(instances, "\n")))
	}
	return strings.Join(lines, "\n")
}

// statusText is platformStatus below the sentence about all of them.
func statusText(s client.Status) string {
	sentence, ok := sentences[s.State()]
	if !ok {
		sentence = sentences[client.StateUnknown]
	}
	return strings.TrimSuffix(sentence+"\n"+platformStatus(s), "\n")
}
