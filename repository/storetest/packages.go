package storetest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"purser"
)

var packageRules = slices.Concat([]rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		given := MetadataOf("log", "1.0.0", 7)
		given.Revision = 2
		m := MustCreatePackage(t, s, given, nil)
		if m.ID <= 0 {
			t.Fatalf("id %d", m.ID)
		}
		got, err := s.FindPackage(t.Context(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "FindPackage", got, m)
		list, total, err := s.FindPackages(t.Context(), purser.PackageFilter{})
		if err != nil || total != 1 {
			t.Fatalf("FindPackages: %d, %v", total, err)
		}
		same(t, "FindPackages", list, []purser.PackageMetadata{m})
		*got.Description = "scribble"
		*list[0].Tags = "scribble"
		again, err := s.FindPackage(t.Context(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "after a caller's change", again, m)
	}},
	{"AbsentAndEmptyDiffer", func(t *testing.T, s purser.Store) {
		absent := MustCreatePackage(t, s, purser.PackageMetadata{Name: "absent"}, nil)
		empty := purser.PackageMetadata{Name: "empty"}
		for _, p := range []**string{
			&empty.Origin, &empty.DisplayName, &empty.PackageSourceURL, &empty.PackageHomeURL, &empty.Tags,
			&empty.Maintainer, &empty.Description, &empty.SHA256, &empty.IconURL,
		} {
			*p = ptr("")
		}
		empty = MustCreatePackage(t, s, empty, nil)
		for _, want := range []purser.PackageMetadata{absent, empty} {
			got, err := s.FindPackage(t.Context(), want.ID)
			if err != nil {
				t.Fatal(err)
			}
			same(t, want.Name, got, want)
		}
	}},
	{"AnyTextComesBack", func(t *testing.T, s purser.Store) {
		for i, text := range awkwardTexts {
			want := MustCreatePackage(t, s, purser.PackageMetadata{Name: text, Version: text, Description: &text, RepositoryName: text}, nil)
			got, total, err := s.FindPackages(t.Context(), purser.PackageFilter{Name: text, Version: text, NameContains: text})
			if err != nil || total != 1 {
				t.Fatalf("text %d: %d, %v", i, total, err)
			}
			same(t, fmt.Sprintf("text %d", i), got, []purser.PackageMetadata{want})
		}
	}},
	{"NameAndVersionAreUniqueInTheirRepository", func(t *testing.T, s purser.Store) {
		MustCreatePackage(t, s, MetadataOf("log", "1.0.0", 1), nil)
		again := MetadataOf("log", "1.0.0", 1)
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreatePackage(ctx, &again, []byte("x")) }), purser.CodeConflict)
		MustCreatePackage(t, s, MetadataOf("log", "1.0.0", 2), nil)
		MustCreatePackage(t, s, MetadataOf("log", "1.0.1", 1), nil)
		MustCreatePackage(t, s, MetadataOf("Log", "1.0.0", 1), nil)
	}},
	{"IdsGrowAndAreNotUsedAgain", func(t *testing.T, s purser.Store) {
		a := MustCreatePackage(t, s, MetadataOf("log", "1.0.0", 1), nil)
		b := MustCreatePackage(t, s, MetadataOf("log", "1.0.1", 1), []byte("b"))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeletePackage(ctx, b.ID) })
		c := MustCreatePackage(t, s, MetadataOf("log", "1.0.1", 1), nil)
		if a.ID >= b.ID || b.ID >= c.ID {
			t.Errorf("ids %d, %d, then %d", a.ID, b.ID, c.ID)
		}
	}},
	{"UnknownIdsAreRefused", func(t *testing.T, s purser.Store) {
		_, err := s.FindPackage(t.Context(), 7)
		refused(t, err, purser.CodeNotFound)
		says(t, err, "Package with id='7' can not be found.")
		_, err = s.FindArchive(t.Context(), 7)
		refused(t, err, purser.CodeNotFound)
		for _, archive := range [][]byte{nil, {}, []byte("x")} {
			refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateArchive(ctx, 7, archive) }), purser.CodeNotFound)
		}
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeletePackage(ctx, 7) }), purser.CodeNotFound)
	}},
}, packageListRows())

// packageLabels names packages: "name version repository id".
func packageLabels(list []purser.PackageMetadata) []string {
	labels := []string{}
	for _, m := range list {
		labels = append(labels, fmt.Sprintf("%s %s %d", m.Name, m.Version, m.RepositoryID))
	}
	return labels
}

func packageListRows() []rule {
	all := []string{"log 1.9.0 1", "log 1.10.0 1", "Log 1.0.0 1", "logger 1.0.0 2", "a_b 1.0.0 2", "axb 1.0.0 2", "ÄPFEL 1.0.0 1"}
	var rules []rule
	for _, row := range []struct {
		name   string
		filter purser.PackageFilter
		want   []string
		total  int
	}{
		{"NoFilter", purser.PackageFilter{}, all, 7},
		{"NameIsExact", purser.PackageFilter{Name: "log"}, all[:2], 2},
		{"NameContainsInAnyCase", purser.PackageFilter{NameContains: "LOG"}, all[:4], 4},
		{"NameContainsBeyondASCII", purser.PackageFilter{NameContains: "äpf"}, all[6:], 1},
		{"NameContainsUnderscore", purser.PackageFilter{NameContains: "A_"}, all[4:5], 1},
		{"NameContainsPercent", purser.PackageFilter{NameContains: "%"}, nil, 0},
		{"Version", purser.PackageFilter{Version: "1.0.0"}, all[2:], 5},
		{"NameAndVersion", purser.PackageFilter{Name: "log", Version: "1.10.0"}, all[1:2], 1},
		{"Repository", purser.PackageFilter{RepositoryID: 2}, all[3:6], 3},
		{"VersionsSortAsText", purser.PackageFilter{Name: "log", Order: []purser.Order{asc(purser.OrderVersion)}}, []string{all[1], all[0]}, 2},
		{"AbsentTextsComeFirst", purser.PackageFilter{NameContains: "log", Order: []purser.Order{asc(purser.OrderTags)}}, []string{all[2], all[0], all[1], all[3]}, 4},
		{"AbsentTextsComeLastDescending", purser.PackageFilter{NameContains: "log", Order: []purser.Order{desc(purser.OrderTags)}}, []string{all[0], all[1], all[3], all[2]}, 4},
		{"RepositoryThenName", purser.PackageFilter{Order: []purser.Order{desc(purser.OrderRepositoryID), asc(purser.OrderName)}}, []string{all[4], all[5], all[3], all[2], all[0], all[1], all[6]}, 7},
		{"UnknownFieldsAreIgnored", purser.PackageFilter{Order: []purser.Order{desc("x"), desc(purser.OrderPlatformName)}, Page: purser.Page{Limit: 1}}, all[:1], 7},
		{"Page", purser.PackageFilter{Version: "1.0.0", Page: purser.Page{Offset: 1, Limit: 2}}, all[3:5], 5},
		{"PageBeyondTheEnd", purser.PackageFilter{Version: "1.0.0", Page: purser.Page{Offset: 9, Limit: 2}}, nil, 5},
	} {
		rules = append(rules, rule{row.name, func(t *testing.T, s purser.Store) {
			for _, label := range all {
				var m purser.PackageMetadata
				if _, err := fmt.Sscan(label, &m.Name, &m.Version, &m.RepositoryID); err != nil {
					t.Fatal(err)
				}
				if m.Name != "Log" {
					m.Tags = ptr("tag")
				}
				MustCreatePackage(t, s, m, nil)
			}
			list, total, err := s.FindPackages(t.Context(), row.filter)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "list", packageLabels(list), append([]string{}, row.want...))
			same(t, "total", total, row.total)
		}})
	}
	return append(rules, rule{"EveryFieldSorts", everyPackageFieldSorts})
}

func everyPackageFieldSorts(t *testing.T, s purser.Store) {
	low := purser.PackageMetadata{
		APIVersion: "a", Kind: "a", Name: "a", Version: "a", RepositoryID: 1, RepositoryName: "a", Origin: ptr("a"), DisplayName: ptr("a"),
		PackageSourceURL: ptr("a"), PackageHomeURL: ptr("a"), Tags: ptr("a"), Maintainer: ptr("a"), Description: ptr("a"), SHA256: ptr("a"), IconURL: ptr("a"),
	}
	high := purser.PackageMetadata{
		APIVersion: "b", Kind: "b", Name: "b", Version: "b", RepositoryID: 2, RepositoryName: "b", Origin: ptr("b"), DisplayName: ptr("b"),
		PackageSourceURL: ptr("b"), PackageHomeURL: ptr("b"), Tags: ptr("b"), Maintainer: ptr("b"), Description: ptr("b"), SHA256: ptr("b"), IconURL: ptr("b"),
	}
	high = MustCreatePackage(t, s, high, nil)
	low = MustCreatePackage(t, s, low, nil)
	for _, field := range []purser.OrderField{
		purser.OrderAPIVersion, purser.OrderOrigin, purser.OrderRepositoryID, purser.OrderRepositoryName, purser.OrderKind, purser.OrderName,
		purser.OrderDisplayName, purser.OrderVersion, purser.OrderPackageSourceURL, purser.OrderPackageHomeURL, purser.OrderTags,
		purser.OrderMaintainer, purser.OrderDescription, purser.OrderSHA256, purser.OrderIconURL,
	} {
		list, _, err := s.FindPackages(t.Context(), purser.PackageFilter{Order: []purser.Order{asc(field)}})
		if err != nil {
			t.Fatal(err)
		}
		same(t, string(field), list, []purser.PackageMetadata{low, high})
	}
}

var archiveRules = []rule{
	{"BytesComeBack", func(t *testing.T, s purser.Store) {
		big := make([]byte, 5<<20)
		random := rand.NewChaCha8([32]byte{1})
		_, _ = random.Read(big)
		for i, want := range [][]byte{nil, {}, {0}, []byte("it's\x00"), big} {
			m := MustCreatePackage(t, s, MetadataOf("log", fmt.Sprintf("1.0.%d", i), 1), want)
			wantArchive(t, s, m.ID, want)
			m = MustCreatePackage(t, s, MetadataOf("late", fmt.Sprintf("1.0.%d", i), 1), nil)
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateArchive(ctx, m.ID, want) })
			wantArchive(t, s, m.ID, want)
		}
	}},
	{"AnArchiveMayBeReplaced", func(t *testing.T, s purser.Store) {
		m := MustCreatePackage(t, s, MetadataOf("log", "1.0.0", 1), []byte("old"))
		for _, want := range [][]byte{[]byte("new"), {}, nil, []byte("newer")} {
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateArchive(ctx, m.ID, want) })
			wantArchive(t, s, m.ID, want)
		}
	}},
	{"CallersCannotChangeWhatIsStored", func(t *testing.T, s purser.Store) {
		given := []byte("archive")
		m := MustCreatePackage(t, s, MetadataOf("log", "1.0.0", 1), given)
		given[0] = 'X'
		for range 2 {
			got, err := s.FindArchive(t.Context(), m.ID)
			if err != nil || string(got) != "archive" {
				t.Fatalf("%q, %v", got, err)
			}
			got[0] = 'X'
		}
	}},
	{"DeletePackageTakesTheArchiveAlong", func(t *testing.T, s purser.Store) {
		m := MustCreatePackage(t, s, MetadataOf("log", "1.0.0", 1), []byte("x"))
		other := MustCreatePackage(t, s, MetadataOf("log", "1.0.1", 1), []byte("y"))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeletePackage(ctx, m.ID) })
		_, err := s.FindArchive(t.Context(), m.ID)
		refused(t, err, purser.CodeNotFound)
		_, err = s.FindPackage(t.Context(), m.ID)
		refused(t, err, purser.CodeNotFound)
		wantArchive(t, s, other.ID, []byte("y"))
	}},
}

// wantArchive fails the test when another archive is stored; nil and empty are two things.
func wantArchive(t *testing.T, s purser.Store, id int64, want []byte) {
	t.Helper()
	got, err := s.FindArchive(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if (got == nil) != (want == nil) || !bytes.Equal(got, want) {
		t.Errorf("%d bytes (nil: %v), want %d (nil: %v) and the same ones", len(got), got == nil, len(want), want == nil)
	}
}
