package shell

import "strings"

// nearest finds the command that the words come nearest to, "" when none is near: two letters differ, and no more than
// a quarter of them.
func (s *Shell) nearest(mode Mode, words []string) string {
	best, least := "", -1
	for _, c := range s.commands {
		if !c.In(mode) {
			continue
		}
		for _, name := range c.Names() {
			n := min(len(strings.Fields(name)), len(words))
			d := distance(strings.ToLower(strings.Join(words[:n], " ")), name)
			if d <= min(2, len(name)/4) && (least < 0 || d < least) {
				best, least = name, d
			}
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to make b of a.
func distance(a, b string) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
