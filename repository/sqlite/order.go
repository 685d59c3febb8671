package sqlite

import (
	"context"
	"math"

	"github.com/uptrace/bun"

	"purser"
)

// The columns that lists are sorted by. SQLite compares texts by their bytes and puts NULL before all of them.
var (
	releaseOrders = map[purser.OrderField]string{
		purser.OrderName:         "name",
		purser.OrderVersion:      "version",
		purser.OrderPlatformName: "platform",
	}
	packageOrders = map[purser.OrderField]string{
		purser.OrderAPIVersion:       "api_version",
		purser.OrderOrigin:           "origin",
		purser.OrderRepositoryID:     "repository_id",
		purser.OrderRepositoryName:   "repository_name",
		purser.OrderKind:             "kind",
		purser.OrderName:             "name",
		purser.OrderDisplayName:      "display_name",
		purser.OrderVersion:          "version",
		purser.OrderPackageSourceURL: "package_source_url",
		purser.OrderPackageHomeURL:   "package_home_url",
		purser.OrderTags:             "tags",
		purser.OrderMaintainer:       "maintainer",
		purser.OrderDescription:      "description",
		purser.OrderSHA256:           "sha256",
		purser.OrderIconURL:          "icon_url",
	}
	repositoryOrders = map[purser.OrderField]string{
		purser.OrderName:        "name",
		purser.OrderURL:         "url",
		purser.OrderSourceURL:   "source_url",
		purser.OrderLocal:       "local",
		purser.OrderDescription: "description",
		purser.OrderRepoOrder:   "repo_order",
	}
)

// sorted puts a list into order, the storage order last, and cuts the page out of it.
func sorted(q *bun.SelectQuery, alias string, columns map[purser.OrderField]string, order []purser.Order, page purser.Page) *bun.SelectQuery {
	for _, o := range order {
		column, ok := columns[o.Field]
		if !ok {
			continue
		}
		direction := bun.OrderAsc
		if o.Descending {
			direction = bun.OrderDesc
		}
		q = q.OrderBy(alias+"."+column, direction)
	}
	q = q.OrderBy(alias+".id", bun.OrderAsc)
	switch {
	case page.Limit > 0:
		q = q.Limit(int64(page.Limit))
	case page.Offset > 0:
		q = q.Limit(math.MaxInt64) // SQLite has no offset without a limit
	}
	if page.Offset > 0 {
		q = q.Offset(int64(page.Offset))
	}
	return q
}

// totalOf gives how many rows there are without the page. It counts only when the rows that were found do not tell.
func totalOf(ctx context.Context, found int, page purser.Page, all func() *bun.SelectQuery) (int, error) {
	offset := max(page.Offset, 0)
	atEnd := page.Limit <= 0 || found < page.Limit
	if atEnd && (found > 0 || offset == 0) {
		return offset + found, nil
	}
	total, err := all().Count(ctx)
	return int(total), err
}
