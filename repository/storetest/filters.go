package storetest

import (
	"fmt"
	"slices"
	"testing"

	"purser"
)

// versionsOf names the versions of a list: "space:name vN", in the list's order.
func versionsOf(list []purser.Release) []string {
	labels := []string{}
	for _, r := range list {
		labels = append(labels, r.Label())
	}
	return labels
}

// population is what the rows below are asked of. The names differ in what only a careful search tells apart.
func population() []purser.Release {
	elsewhere := ReleaseOf("foo", 1, purser.StageDeployed)
	elsewhere.Key.Space = "orgs/x"
	all := []purser.Release{
		ReleaseOf("foo", 1, purser.StageSuperseded),
		ReleaseOf("foo", 2, purser.StageDeployed),
		ReleaseOf("foo", 3, purser.StageDraft),
		ReleaseOf("foobar", 1, purser.StageDeployed),
		ReleaseOf("Foo", 1, purser.StageDeleted),
		ReleaseOf("50%_off", 1, purser.StageFailed),
		ReleaseOf("50x-off", 1, purser.StageDeploying),
		ReleaseOf("Straße", 1, purser.StageDeployed),
		ReleaseOf("ÉCOLE", 1, purser.StageDeployed),
		elsewhere,
	}
	for i := range all {
		all[i].Package.Metadata.ID = int64(1 + i%3)
	}
	return all
}

var releaseFilterRules = slices.Concat(releaseFilterRows(), []rule{
	{"ByID", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, population()...)
		for _, r := range made {
			want := []string{r.Label()}
			if r.Stage == purser.StageDraft {
				want = []string{}
			}
			list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{ID: r.ID, AllSpaces: true})
			if err != nil || total != len(want) {
				t.Fatalf("total %d, %v", total, err)
			}
			same(t, "list", versionsOf(list), want)
		}
		list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{ID: 1 << 40})
		if err != nil || total != 0 || len(list) != 0 {
			t.Errorf("unknown id: %v, %d, %v", list, total, err)
		}
	}},
	{"LightLeavesTheContentOut", func(t *testing.T, s purser.Store) {
		want := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Light: true})
		if err != nil || total != 1 {
			t.Fatalf("%d, %v", total, err)
		}
		want.Package = purser.Package{Metadata: want.Package.Metadata}
		want.Values, want.Manifest = nil, ""
		same(t, "list", list, []purser.Release{want})
	}},
	{"LatestIsByVersionNotByStorage", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 10, purser.StageDeployed), ReleaseOf("a", 9, purser.StageDeployed), ReleaseOf("a", 1, purser.StageDeployed))
		list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Latest: true})
		if err != nil || total != 1 {
			t.Fatalf("%d, %v", total, err)
		}
		same(t, "list", versionsOf(list), []string{"a v10"})
	}},
	{"ManyNames", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, population()...)
		names := []string{"foo", "foo"}
		for i := range 5000 {
			names = append(names, fmt.Sprintf("it's %d", i))
		}
		list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Names: names, Latest: true})
		if err != nil || total != 1 {
			t.Fatalf("%d, %v", total, err)
		}
		same(t, "list", versionsOf(list), []string{"foo v2"})
	}},
})

func releaseFilterRows() []rule {
	everything := []string{"foo v1", "foo v2", "foobar v1", "Foo v1", "50%_off v1", "50x-off v1", "Straße v1", "ÉCOLE v1"}
	var rules []rule
	for _, row := range []struct {
		name   string
		filter purser.ReleaseFilter
		want   []string
	}{
		{"NoFilterMeansTheOwnSpaceWithoutDrafts", purser.ReleaseFilter{}, everything},
		{"SpaceIsExact", purser.ReleaseFilter{Space: "orgs/x"}, []string{"orgs/x:foo v1"}},
		{"SpaceIsNoPrefix", purser.ReleaseFilter{Space: "orgs"}, nil},
		{"AllSpaces", purser.ReleaseFilter{AllSpaces: true, Space: "ignored"}, append(slices.Clone(everything), "orgs/x:foo v1")},
		{"NamesAreExact", purser.ReleaseFilter{Names: []string{"foo", "école", "nothing"}}, []string{"foo v1", "foo v2"}},
		{"EmptyNamesFitNothing", purser.ReleaseFilter{Names: []string{}}, nil},
		{"NameContainsInAnyCase", purser.ReleaseFilter{NameContains: "OO"}, []string{"foo v1", "foo v2", "foobar v1", "Foo v1"}},
		{"NameContainsBeyondASCII", purser.ReleaseFilter{NameContains: "école"}, []string{"ÉCOLE v1"}},
		{"NameContainsBeyondASCIIUpper", purser.ReleaseFilter{NameContains: "STRAß"}, []string{"Straße v1"}},
		{"NameContainsPercent", purser.ReleaseFilter{NameContains: "0%"}, []string{"50%_off v1"}},
		{"NameContainsUnderscore", purser.ReleaseFilter{NameContains: "_O"}, []string{"50%_off v1"}},
		{"NameContainsNoPattern", purser.ReleaseFilter{NameContains: "f%r"}, nil},
		{"NameContainsBackslash", purser.ReleaseFilter{NameContains: `\`}, nil},
		{"NameContainsQuote", purser.ReleaseFilter{NameContains: "'"}, nil},
		{"NameContainsZeroByte", purser.ReleaseFilter{NameContains: "o\x00"}, nil},
		{"Version", purser.ReleaseFilter{Version: 2}, []string{"foo v2"}},
		{"VersionOfADraft", purser.ReleaseFilter{Version: 3}, nil},
		{
			"Stages",
			purser.ReleaseFilter{Stages: []purser.Stage{purser.StageDeployed, purser.StageFailed}},
			[]string{"foo v2", "foobar v1", "50%_off v1", "Straße v1", "ÉCOLE v1"},
		},
		{"StagesMayAskForDrafts", purser.ReleaseFilter{Stages: []purser.Stage{purser.StageDraft}}, []string{"foo v3"}},
		{"EmptyStagesFitNothing", purser.ReleaseFilter{Stages: []purser.Stage{}}, nil},
		{"PackageIDs", purser.ReleaseFilter{PackageIDs: []int64{2, 99}}, []string{"foo v2", "Foo v1", "Straße v1"}},
		{"PackageIDsOfDraftsAreLeftOut", purser.ReleaseFilter{PackageIDs: []int64{3}}, []string{"50%_off v1", "ÉCOLE v1"}},
		{"EmptyPackageIDsFitNothing", purser.ReleaseFilter{PackageIDs: []int64{}}, nil},
		{"Latest", purser.ReleaseFilter{Latest: true}, everything[1:]},
		{"LatestOfTheVersionsThatFit", purser.ReleaseFilter{Latest: true, Names: []string{"foo"}, Stages: []purser.Stage{purser.StageSuperseded}}, []string{"foo v1"}},
		{"LatestMayBeADraft", purser.ReleaseFilter{Latest: true, Names: []string{"foo"}, Stages: purser.Stages}, []string{"foo v3"}},
		{"LatestTellsSpacesApart", purser.ReleaseFilter{Latest: true, AllSpaces: true, Names: []string{"foo"}}, []string{"foo v2", "orgs/x:foo v1"}},
		{"AllTogether", purser.ReleaseFilter{NameContains: "fo", Version: 1, Stages: []purser.Stage{purser.StageDeployed}, PackageIDs: []int64{1}}, []string{"foobar v1"}},
		{"TextsAreNoSQL", purser.ReleaseFilter{Names: []string{"x') OR ('1'='1"}}, nil},
	} {
		rules = append(rules, rule{row.name, func(t *testing.T, s purser.Store) {
			MustCreateReleases(t, s, population()...)
			want, filter := append([]string{}, row.want...), row.filter
			for _, light := range []bool{false, true} {
				filter.Light = light
				list, total, err := s.FindReleases(t.Context(), filter)
				if err != nil {
					t.Fatal(err)
				}
				same(t, fmt.Sprintf("list, light %v", light), versionsOf(list), want)
				same(t, "total", total, len(want))
			}
			filter.Page = purser.Page{Limit: 1}
			list, total, err := s.FindReleases(t.Context(), filter)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "page of one", versionsOf(list), want[:min(1, len(want))])
			same(t, "total with a page", total, len(want))
		}})
	}
	return rules
}
