package storetest

import (
	"fmt"
	"testing"

	"purser"
)

var releaseOrderRules = releaseOrderRows()

func asc(f purser.OrderField) purser.Order  { return purser.Order{Field: f} }
func desc(f purser.OrderField) purser.Order { return purser.Order{Field: f, Descending: true} }

func releaseOrderRows() []rule {
	var rules []rule
	for _, row := range []struct {
		name  string
		order []purser.Order
		page  purser.Page
		want  []string
	}{
		{"StorageOrder", nil, purser.Page{}, []string{"b v2", "b v10", "a v1", "B v1", "c v1"}},
		{"NamesByTheirBytes", []purser.Order{asc(purser.OrderName)}, purser.Page{}, []string{"B v1", "a v1", "b v2", "b v10", "c v1"}},
		{"VersionsAreNumbers", []purser.Order{desc(purser.OrderVersion)}, purser.Page{}, []string{"b v10", "b v2", "a v1", "B v1", "c v1"}},
		{"History", []purser.Order{asc(purser.OrderName), desc(purser.OrderVersion)}, purser.Page{}, []string{"B v1", "a v1", "b v10", "b v2", "c v1"}},
		{"TiesInStorageOrder", []purser.Order{desc(purser.OrderPlatformName)}, purser.Page{}, []string{"b v10", "B v1", "b v2", "a v1", "c v1"}},
		{"UnknownFieldsAreIgnored", []purser.Order{desc("nonsense"), asc("id"), desc(purser.OrderKind), desc(purser.OrderName)}, purser.Page{}, []string{"c v1", "b v2", "b v10", "a v1", "B v1"}},
		{"OnlyUnknownFields", []purser.Order{desc("name; DROP TABLE releases")}, purser.Page{}, []string{"b v2", "b v10", "a v1", "B v1", "c v1"}},
		{"TheSameFieldTwice", []purser.Order{asc(purser.OrderName), desc(purser.OrderName)}, purser.Page{}, []string{"B v1", "a v1", "b v2", "b v10", "c v1"}},
		{"FirstPage", []purser.Order{asc(purser.OrderName)}, purser.Page{Limit: 2}, []string{"B v1", "a v1"}},
		{"MiddlePage", []purser.Order{asc(purser.OrderName)}, purser.Page{Offset: 2, Limit: 2}, []string{"b v2", "b v10"}},
		{"LastPage", []purser.Order{asc(purser.OrderName)}, purser.Page{Offset: 4, Limit: 2}, []string{"c v1"}},
		{"FullLastPage", nil, purser.Page{Offset: 3, Limit: 2}, []string{"B v1", "c v1"}},
		{"PageBeyondTheEnd", nil, purser.Page{Offset: 5, Limit: 2}, []string{}},
		{"PageFarBeyondTheEnd", nil, purser.Page{Offset: 500, Limit: 2}, []string{}},
		{"OffsetWithoutLimit", nil, purser.Page{Offset: 3}, []string{"B v1", "c v1"}},
		{"OffsetBeyondTheEndWithoutLimit", nil, purser.Page{Offset: 30}, []string{}},
		{"LimitBeyondTheEnd", nil, purser.Page{Limit: 100}, []string{"b v2", "b v10", "a v1", "B v1", "c v1"}},
	} {
		rules = append(rules, rule{row.name, func(t *testing.T, s purser.Store) {
			all := []purser.Release{
				ReleaseOf("b", 2, purser.StageDeployed), ReleaseOf("b", 10, purser.StageDeployed), ReleaseOf("a", 1, purser.StageDeployed),
				ReleaseOf("B", 1, purser.StageDeployed), ReleaseOf("c", 1, purser.StageDeployed),
			}
			all[1].Platform, all[3].Platform = "other", "other"
			MustCreateReleases(t, s, all...)
			for _, light := range []bool{false, true} {
				list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Order: row.order, Page: row.page, Light: light})
				if err != nil {
					t.Fatal(err)
				}
				same(t, fmt.Sprintf("list, light %v", light), versionsOf(list), row.want)
				same(t, "total", total, len(all))
			}
		}})
	}
	return rules
}
