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

// group is the rules of one part of a store.
type group struct {
	name  string
	rules []rule
}

// Run proves the rules of purser.Store, and of the optional ports that the store has, against the stores that open gives.
// Each call of open gives a new, empty store and sees to it that it is closed when the test ends.
func Run(t *testing.T, open func(tb testing.TB) purser.Store) {
	t.Helper()
	prove(t, open, []group{
		{"Releases", releaseRules},
		{"ReleaseFilters", releaseFilterRules},
		{"ReleaseOrder", releaseOrderRules},
		{"Versions", versionRules},
		{"Checks", checkRules},
		{"Packages", packageRules},
		{"Archives", archiveRules},
		{"Repositories", repositoryRules},
		{"Operations", operationRules},
		{"Leases", leaseRules},
		{"Queue", queueRules},
		{"Deliveries", deliveryRules},
		{"PackageVersions", packageVersionRules},
		{"Artifacts", artifactRules},
		{"Events", eventRules},
		{"Transactions", transactionRules},
		{"Concurrency", concurrencyRules},
		{"Close", closeRules},
	})
	if _, ok := open(t).(scanner); ok {
		RunScans(t, open)
	}
}

// RunScans proves the rules of purser.ReleaseScanner against the stores that open gives.
func RunScans(t *testing.T, open func(tb testing.TB) purser.Store) {
	t.Helper()
	prove(t, open, []group{{"Scans", scanRules}})
}

func prove(t *testing.T, open func(tb testing.TB) purser.Store, groups []group) {
	t.Helper()
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, r := range g.rules {
				t.Run(r.name, func(t *testing.T) { r.prove(t, open(t)) })
			}
		})
	}
}
