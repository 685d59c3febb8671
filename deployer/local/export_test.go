package local

import "time"

// Hasten makes deployed instances be probed as often as starting ones.
func (o *Options) Hasten() {
	o.pace = usualPace()
	o.pace.longest, o.pace.health, o.pace.connect, o.pace.confirm = 20*time.Millisecond, 20*time.Millisecond, 20*time.Millisecond, time.Millisecond
}
