package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"purser"
	"purser/repository/memory"
	"purser/repository/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func MustOpen(tb testing.TB) purser.Store {
	tb.Helper()
	s := memory.New()
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) { storetest.Run(t, MustOpen) }
