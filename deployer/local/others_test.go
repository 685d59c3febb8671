package local_test

import (
	"testing"
	"time"

	"purser"
)

// A server that dies as soon as an order is durable leaves it to the other servers of its state folder, which need not be
// asked for it.
func TestOthersFinishTheOrdersOfTheDead(t *testing.T) {
	g := MustGround(t, nil)
	second := g.MustOpenAndClear()
	first := g.MustOpen()
	a := app("web", "serve")
	MustRun(t, first, a, 2)
	if err := first.OrderUndeploy(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); len(g.processes()) > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("still there: %v", g.processes())
		}
		<-time.After(10 * time.Millisecond)
	}
	MustAwait(t, second, a.ID, in(purser.StateUnknown, 0))
}

// What one server deploys another one knows, and follows.
func TestOthersFollow(t *testing.T) {
	g := MustGround(t, nil)
	second := g.MustOpenAndClear()
	first := g.MustOpen()
	a := app("web", "serve")
	MustRun(t, first, a, 1)
	MustAwait(t, second, a.ID, in(purser.StateDeployed, 1))
	if err := first.Scale(t.Context(), a.ID, 3, nil); err != nil {
		t.Fatal(err)
	}
	MustAwait(t, second, a.ID, in(purser.StateDeployed, 3))
	MustUndeploy(t, first, a.ID)
	MustAwait(t, second, a.ID, in(purser.StateUnknown, 0))
}
