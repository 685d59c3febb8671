package storetest

import (
	"testing"

	"purser"
)

// rule is one thing that every store does. prove gets a store of its own, which is empty.
type rule struct {
	name  string
	prove func(t *testing.T, s purser.Store)
}

// Run proves the rules of purser.Store against the stores that open gives. Each call of open gives a new, empty store
// and sees to it that it is closed when the test ends.
func Run(t *testing.T, open func(tb testing.TB) purser.Store) {
	t.Helper()
	for _, group := range []struct {
		name  string
		rules []rule
	}{
		{"Releases", releaseRules},
		{"ReleaseFilters", releaseFilterRules},
		{"ReleaseOrder", releaseOrderRules},
		{"Packages", packageRules},
		{"Archives", archiveRules},
		{"Repositories", repositoryRules},
		{"Operations", operationRules},
		{"Leases", leaseRules},
		{"Events", eventRules},
		{"Transactions", transactionRules},
		{"Concurrency", concurrencyRules},
		{"Close", closeRules},
		{"Scans", scanRules(t, open)},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, r := range group.rules {
				t.Run(r.name, func(t *testing.T) { r.prove(t, open(t)) })
			}
		})
	}
}
