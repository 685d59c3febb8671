package memory

import (
	"slices"

	"purser"
	"purser/repository"
)

// appendEvents puts events behind those of the state, which readers of earlier states may share: they never look beyond
// the end of their own, and only one writer is at work.
func (st *state) appendEvents(events []purser.Event) []purser.Event {
	if len(events) == 0 {
		return nil
	}
	_, last := st.eventRange()
	kept := slices.Clone(events)
	for i := range kept {
		kept[i].ID, kept[i].At = last+1+int64(i), repository.Millis(kept[i].At)
	}
	st.events = append(st.events, kept...)
	drop := repository.EventsToDrop(last+1, kept[len(kept)-1].ID, repository.DefaultKeepEvents)
	st.events = st.events[st.eventsUpTo(drop):]
	return kept
}

// eventsUpTo counts the events with at most that id. There are no gaps between ids.
func (st *state) eventsUpTo(id int64) int {
	oldest, _ := st.eventRange()
	return int(min(max(id-oldest+1, 0), int64(len(st.events))))
}

func (st *state) eventRange() (oldest, newest int64) {
	if len(st.events) == 0 {
		return 0, 0
	}
	return st.events[0].ID, st.events[len(st.events)-1].ID
}

func (st *state) findEvents(f purser.EventFilter) []purser.Event {
	var found []purser.Event
	for _, e := range st.events[st.eventsUpTo(f.After):] {
		if f.Limit > 0 && len(found) == f.Limit {
			break
		}
		if (f.AllSpaces || e.Key.Space == f.Space) && (f.Names == nil || slices.Contains(f.Names, e.Key.Name)) {
			found = append(found, e)
		}
	}
	return found
}
