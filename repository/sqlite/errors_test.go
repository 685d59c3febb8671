package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"purser"
)

// A context that ends takes its transaction along, and the driver may then speak of the transaction alone.
func TestFaultsNameTheContextThatEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{"the transaction's": sql.ErrTxDone, "the context's own": context.Canceled} {
		got := fault(ctx, "find a release", err)
		if !errors.Is(got, context.Canceled) || !errors.Is(got, err) || purser.ErrorCode(got) != purser.CodeInternal {
			t.Errorf("%s error became %v", name, got)
		}
	}
	if got := fault(t.Context(), "find a release", sql.ErrTxDone); errors.Is(got, context.Canceled) {
		t.Errorf("without an ended context: %v", got)
	}
}
