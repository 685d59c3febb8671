package akkeris_test

import "testing"

// Case 8 of spec/dialects.md §4.5: a release of which the platform reports nothing in time is unknown, and current.
func TestSilence(t *testing.T) {
	s := MustShop(t, setup{unknownAfter: "2s"})
	a := s.app(t, "silent-dev")
	first := a.release("1.0.0")
	a.want(200, "GET /releases/"+first, "").is(t, "current", false)
	a.until(first, "unknown").is(t, "current", true)
	a.isCurrent(first)
	a.want(200, "GET /releases", "").is(t, "0.status", "unknown", "0.current", true)

	t.Run("the next one takes its turn", func(t *testing.T) {
		a := s.app(t, "silent-dev")
		second := a.rollBack(first)
		a.until(second, "unknown").is(t, "current", true, "version", 2)
		a.isCurrent(second)
	})
	t.Run("what is heard of later has succeeded", func(t *testing.T) {
		a := s.app(t, "silent-dev")
		last := a.current()
		s.ask(t, "POST /events", `{"action":"released","key":"silent-dev","release":{"id":"`+last+`"}}`).refuses(t, 200, `{"status":"ok"}`)
		a.until(last, "succeeded").is(t, "current", true)
	})
	t.Run("what has failed by then has failed", func(t *testing.T) {
		a := s.app(t, "shop-dev")
		broken := a.release("0.9.0")
		a.until(broken, "failed").is(t, "current", false)
		a.isCurrent("")
	})
}
