package browse

// tone gives the colour of a state: good, busy, bad or quiet.
func tone(state any) string {
	switch asText(state) {
	case "DEPLOYED", "deployed", "succeeded", "UP", "added", "keep":
		return "good"
	case "UNKNOWN", "deploying", "partial", "changed", "replace", "deploy", "open":
		return "busy"
	case "FAILED", "failed", "error", "DOWN", "removed", "remove":
		return "bad"
	}
	return "quiet"
}

// word says a status of the API in a word for people.
func word(state any) string {
	switch text := asText(state); text {
	case "DEPLOYED":
		return "Deployed"
	case "FAILED":
		return "Failed"
	case "DELETED":
		return "Deleted"
	case "UNKNOWN":
		return "Under way"
	case "":
		return "unknown"
	default:
		return text
	}
}

// phase is a step of an operation on a page.
type phase struct {
	Name, Meaning string
	State         string // done, now, next, ended
}

// meaningOf says what a phase does.
var meaningOf = map[string]string{
	"deploy": "hand the applications to the platform",
	"wait":   "wait until they are healthy",
	"remove": "take away what is replaced",
	"abort":  "take away what was begun",
	"scale":  "change the number of instances",
	"done":   "all is as asked for",
}

// runs are the phases of each kind, as they follow each other when all goes well.
var runs = map[string][]string{
	"install": {"deploy", "done"},
	"upgrade": {"deploy", "wait", "remove", "done"},
	"delete":  {"remove", "done"},
	"scale":   {"scale", "done"},
}

// phases lays an operation out. An operation that is being undone has left its way.
func phases(o wireOperation) []phase {
	way := runs[o.Kind]
	if o.Phase == "abort" || o.Phase == "done" && asText(o.Outcome) != "succeeded" && o.Kind != "delete" {
		way = []string{"deploy", "abort", "done"}
	}
	at := -1
	for i, name := range way {
		if name == o.Phase {
			at = i
		}
	}
	if at < 0 {
		way, at = []string{o.Phase}, 0
	}
	var out []phase
	for i, name := range way {
		p := phase{Name: name, Meaning: meaningOf[name], State: "next"}
		if name == "done" && o.Outcome != nil && *o.Outcome != "succeeded" {
			p.Meaning, p.State = "it has "+*o.Outcome, "ended"
			if *o.Outcome == "cancelled" {
				p.Meaning = "it was cancelled"
			}
		}
		switch {
		case p.State == "ended":
		case i < at || name == "done" && i == at:
			p.State = "done"
		case i == at:
			p.State = "now"
		}
		out = append(out, p)
	}
	return out
}
