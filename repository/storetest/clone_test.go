package storetest_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/repository"
	"purser/repository/storetest"
)

// Each type, cloned with something in every field.
var clones = map[string]struct{ value, clone any }{
	"Release":    pair(storetest.ReleaseOf("a", 1, purser.StageDeployed), repository.CloneRelease),
	"Package":    pair(storetest.PackageOf("a", "1.0.0"), repository.ClonePackage),
	"Metadata":   pair(storetest.MetadataOf("a", "1.0.0", 1), repository.CloneMetadata),
	"Operation":  pair(storetest.OperationOf("a"), repository.CloneOperation),
	"Repository": pair(purser.Repository{Name: "a", SourceURL: new(string), Description: new(string)}, repository.CloneRepository),
}

func pair[T any](v T, clone func(T) T) struct{ value, clone any } {
	return struct{ value, clone any }{v, clone(v)}
}

func TestClonesAreEqual(t *testing.T) {
	for name, c := range clones {
		if diff := cmp.Diff(c.value, c.clone); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	for name, c := range map[string]struct{ value, clone any }{
		"Release":  pair(purser.Release{Statuses: []purser.AppStatus{{}}}, repository.CloneRelease),
		"Statuses": pair([]purser.AppStatus{}, repository.CloneStatuses),
		"Package":  pair(purser.Package{Files: []purser.File{{Bytes: []byte{}}, {}}, Dependencies: []purser.Package{{}}}, repository.ClonePackage),
	} {
		if diff := cmp.Diff(c.value, c.clone); diff != "" {
			t.Errorf("nil and empty in %s:\n%s", name, diff)
		}
	}
}

func TestClonesShareNothing(t *testing.T) {
	for name, c := range clones {
		shared(t, name, reflect.ValueOf(c.value), reflect.ValueOf(c.clone))
	}
}

// shared reports all memory that two equal values have in common and somebody could write to.
func shared(t *testing.T, path string, a, b reflect.Value) {
	t.Helper()
	switch a.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if a.IsNil() {
			return
		}
		if (a.Kind() != reflect.Slice || a.Len() > 0) && a.Pointer() == b.Pointer() {
			t.Errorf("%s is shared", path)
		}
	default:
	}
	switch a.Kind() {
	case reflect.Pointer:
		shared(t, path, a.Elem(), b.Elem())
	case reflect.Slice:
		for i := range a.Len() {
			shared(t, path+"[]", a.Index(i), b.Index(i))
		}
	case reflect.Map:
		for _, k := range a.MapKeys() {
			shared(t, path+"[key]", a.MapIndex(k), b.MapIndex(k))
		}
	case reflect.Struct:
		if a.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range a.NumField() {
			shared(t, path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	default:
	}
}
