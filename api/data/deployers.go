package data

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"purser"
	"purser/api/hal"
)

// deployerResource describes /api/deployers: the platform accounts, which live in memory (spec/rest.md §2.24).
func (h *Handler) deployerResource() resource {
	return resource{
		name: "deployers",
		item: "deployer",
		properties: []property{
			{name: "name", kind: kindText, sortable: true},
			{name: "type", kind: kindText, sortable: true},
			{name: "description", kind: kindText, sortable: true},
			{name: "options", kind: kindList},
		},
		searches: []search{{name: "findByName", single: true, unnamed: true, find: h.deployersByName}},
		list: func(_ context.Context, p pageRequest) (elements, int, error) {
			all := sortedDeployers(h.accounts, p.order())
			page := p.page()
			from := min(page.Offset, len(all))
			to := min(from+page.Limit, len(all))
			return mapped(all[from:to], h.deployerElement), len(all), nil
		},
		find: func(_ context.Context, id string) (element, error) {
			for _, a := range h.accounts {
				if a.id == id {
					return h.deployerElement(a), nil
				}
			}
			return element{}, errMissing()
		},
	}
}

func (h *Handler) deployersByName(_ context.Context, name string) (elements, error) {
	i := slices.IndexFunc(h.accounts, func(a account) bool { return a.info.Name == name })
	if i < 0 {
		return nothing, nil
	}
	return mapped(h.accounts[i:i+1], h.deployerElement), nil
}

// account is a platform account with the id it has until the server stops.
type account struct {
	id   string
	info purser.PlatformInfo
}

// listAccounts gives each platform an id, in the order of their names.
func listAccounts(platforms purser.Platforms, newID func() string) []account {
	accounts := make([]account, 0, len(platforms))
	for _, name := range slices.Sorted(maps.Keys(platforms)) {
		info := platforms[name].Info()
		info.Name = name
		accounts = append(accounts, account{id: newID(), info: info})
	}
	return accounts
}

// deployerTexts has the sortable texts of an account.
var deployerTexts = map[purser.OrderField]func(purser.PlatformInfo) string{
	purser.OrderName:        func(i purser.PlatformInfo) string { return i.Name },
	"type":                  func(i purser.PlatformInfo) string { return i.Type },
	purser.OrderDescription: func(i purser.PlatformInfo) string { return i.Description },
}

func sortedDeployers(accounts []account, orders []purser.Order) []account {
	sorted := slices.Clone(accounts)
	slices.SortStableFunc(sorted, func(a, b account) int {
		for _, o := range orders {
			text := deployerTexts[o.Field]
			c := cmp.Compare(text(a.info), text(b.info))
			if o.Descending {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
	return sorted
}

func (h *Handler) deployerElement(a account) element {
	return element{id: a.id, full: hal.FieldsFunc(func(w *hal.Writer) {
		w.Key("name")
		w.String(a.info.Name)
		w.Key("type")
		w.String(a.info.Type)
		w.Key("description")
		w.Text(textOrNull(a.info.Description))
		w.Key("options")
		appendOptions(w, a.info.Options, h.filter)
	})}
}
