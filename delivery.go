package purser

import (
	"context"
	"time"
)

// Notice is something that hooks outside of the server are to be told.
type Notice struct {
	Event string // in the words of the dialect, e.g. "released"; hooks subscribe to it
	Key   ReleaseKey
	Body  []byte // sent as it is
	Once  string // a hook is told of one text once, whenever that was; "": always
}

// Notifier keeps notices for the hooks that want them.
type Notifier interface {
	// Notify stores a delivery for each hook that wants the notice, in the transaction of what it tells of. Nothing is sent
	// before the commit, and no error comes of a hook that does not answer. Errors are the store's.
	Notify(ctx context.Context, tx Tx, notices ...Notice) error
}

// Outbox turns events of the engine into notices.
type Outbox interface {
	// Collect is called in the transaction of the events, before the commit, with the events of whatever space as they are
	// stored. Its error rolls the change back. It must not block but for tx.
	Collect(ctx context.Context, tx Tx, events []Event) error
}

// Delivery is one notice for one hook: what is to be sent, and what came of it.
type Delivery struct {
	ID    int64
	UUID  string // sent along, so that the receiver can tell repetitions
	Hook  string // name of the hook in the configuration
	Event string
	Key   ReleaseKey
	Body  []byte

	State     DeliveryState
	Attempts  int
	NextAt    time.Time // when it is tried next, while it is pending
	Status    int       // of the last answer; 0: there was none
	Error     string    // why the last attempt failed; "" when it did not
	CreatedAt time.Time
	EndedAt   time.Time // when it was delivered, or given up

	Owner      string    // the server that sends it
	LeaseUntil time.Time // after this another server may
}

// DeliveryState is what became of a delivery.
type DeliveryState string

// The states.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryDead      DeliveryState = "dead" // given up; an operator may have it tried again
)

// DeliveryFilter narrows a list of deliveries; zero fields do not narrow. The newest come first.
type DeliveryFilter struct {
	ID     int64
	UUID   string
	Hook   string
	State  DeliveryState
	Before int64 // only those with a smaller id, for the next page
	Limit  int   // 0: no limit
}
