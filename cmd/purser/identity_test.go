package main

import (
	"os"
	"path/filepath"
	"testing"
)

func MustIdentity(tb testing.TB, folder string) *identity {
	tb.Helper()
	i, err := newIdentity(folder)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = i.Close() })
	return i
}

func TestIdentity(t *testing.T) {
	folder := t.TempDir()
	first := MustIdentity(t, folder)
	second := MustIdentity(t, folder)
	if second.name == first.name {
		t.Error("two servers at one time have one name")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if next := MustIdentity(t, folder); next.name != first.name {
		t.Errorf("the successor is called %s, the server was %s", next.name, first.name)
	}
}

func TestIdentityMendsADamagedFile(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "server.id"), []byte("half a na"), 0o600); err != nil {
		t.Fatal(err)
	}
	first := MustIdentity(t, folder)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if next := MustIdentity(t, folder); next.name != first.name {
		t.Errorf("%q is not %q", next.name, first.name)
	}
}
