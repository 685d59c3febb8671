package purser

import "time"

// Backoff is the pause between attempts: twice as long after each, and somewhere between half and all of that, so that
// what failed together does not come back together.
type Backoff struct {
	First  time.Duration // after the first attempt
	Last   time.Duration // is not exceeded
	Jitter func() float64
}

// After gives the pause after so many attempts, of which there was one at least.
func (b Backoff) After(attempts int) time.Duration {
	d := b.First
	for range attempts - 1 {
		if d >= b.Last/2 {
			d = b.Last
			break
		}
		d *= 2
	}
	d = min(d, b.Last)
	return d/2 + time.Duration(b.Jitter()*float64(d/2))
}
