package memory

import (
	"cmp"
	"slices"

	"purser"
)

type orders[T any] map[purser.OrderField]func(a, b *T) int

// sortRows sorts rows that are in storage order; ties stay in it.
func sortRows[T any](rows []*T, order []purser.Order, known orders[T]) {
	slices.SortStableFunc(rows, func(a, b *T) int {
		for _, o := range order {
			compare, ok := known[o.Field]
			if !ok {
				continue
			}
			c := compare(a, b)
			if o.Descending {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
}

// by compares what value gives.
func by[T any, V cmp.Ordered](value func(*T) V) func(a, b *T) int {
	return func(a, b *T) int { return cmp.Compare(value(a), value(b)) }
}

// byOptional compares texts; one that is not there comes before all that are.
func byOptional[T any](value func(*T) *string) func(a, b *T) int {
	return func(a, b *T) int {
		va, vb := value(a), value(b)
		switch {
		case va == nil && vb == nil:
			return 0
		case va == nil:
			return -1
		case vb == nil:
			return 1
		}
		return cmp.Compare(*va, *vb)
	}
}

var releaseOrders = orders[purser.Release]{
	purser.OrderName:         by(func(r *purser.Release) string { return r.Key.Name }),
	purser.OrderVersion:      by(func(r *purser.Release) int { return r.Version }),
	purser.OrderPlatformName: by(func(r *purser.Release) string { return r.Platform }),
}

var packageOrders = orders[storedPackage]{
	purser.OrderAPIVersion:       by(func(p *storedPackage) string { return p.metadata.APIVersion }),
	purser.OrderKind:             by(func(p *storedPackage) string { return p.metadata.Kind }),
	purser.OrderName:             by(func(p *storedPackage) string { return p.metadata.Name }),
	purser.OrderVersion:          by(func(p *storedPackage) string { return p.metadata.Version }),
	purser.OrderRepositoryID:     by(func(p *storedPackage) int64 { return p.metadata.RepositoryID }),
	purser.OrderRepositoryName:   by(func(p *storedPackage) string { return p.metadata.RepositoryName }),
	purser.OrderOrigin:           byOptional(func(p *storedPackage) *string { return p.metadata.Origin }),
	purser.OrderDisplayName:      byOptional(func(p *storedPackage) *string { return p.metadata.DisplayName }),
	purser.OrderPackageSourceURL: byOptional(func(p *storedPackage) *string { return p.metadata.PackageSourceURL }),
	purser.OrderPackageHomeURL:   byOptional(func(p *storedPackage) *string { return p.metadata.PackageHomeURL }),
	purser.OrderTags:             byOptional(func(p *storedPackage) *string { return p.metadata.Tags }),
	purser.OrderMaintainer:       byOptional(func(p *storedPackage) *string { return p.metadata.Maintainer }),
	purser.OrderDescription:      byOptional(func(p *storedPackage) *string { return p.metadata.Description }),
	purser.OrderSHA256:           byOptional(func(p *storedPackage) *string { return p.metadata.SHA256 }),
	purser.OrderIconURL:          byOptional(func(p *storedPackage) *string { return p.metadata.IconURL }),
}

var repositoryOrders = orders[purser.Repository]{
	purser.OrderName:        by(func(r *purser.Repository) string { return r.Name }),
	purser.OrderURL:         by(func(r *purser.Repository) string { return r.URL }),
	purser.OrderSourceURL:   byOptional(func(r *purser.Repository) *string { return r.SourceURL }),
	purser.OrderDescription: byOptional(func(r *purser.Repository) *string { return r.Description }),
	purser.OrderRepoOrder:   by(func(r *purser.Repository) int { return r.Order }),
	purser.OrderLocal: by(func(r *purser.Repository) int {
		if r.Local {
			return 1
		}
		return 0
	}),
}
