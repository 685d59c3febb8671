package shell

import (
	"strings"
	"time"
)

// javaDate writes a date as Java's Date.toString does (spec/clients.md §1.4), "" for none. Zones without letters are
// GMT and their offset.
func javaDate(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(zone)
	name, _ := t.Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		name = "GMT" + t.Format("-07:00")
	}
	return t.Format("Mon Jan 02 15:04:05 ") + name + t.Format(" 2006")
}
