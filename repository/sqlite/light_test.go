package sqlite

import (
	"reflect"
	"testing"

	"purser"
)

// A filter that narrows by anything but what the short way knows goes the long way, new fields included.
func TestTheShortWayTakesNoOtherFilter(t *testing.T) {
	plain := func() purser.ReleaseFilter {
		return purser.ReleaseFilter{Space: "s", Names: []string{"a"}, Latest: true, Light: true}
	}
	if !isLightOne(plain()) {
		t.Error("the latest version of one release takes the long way")
	}
	known := map[string]bool{"Space": true, "Version": true, "Order": true, "Names": true, "Latest": true, "Light": true}
	for i := range reflect.TypeFor[purser.ReleaseFilter]().NumField() {
		name := reflect.TypeFor[purser.ReleaseFilter]().Field(i).Name
		f := plain()
		switch field := reflect.ValueOf(&f).Elem().Field(i); field.Kind() {
		case reflect.Bool:
			field.SetBool(!field.Bool())
		case reflect.Int, reflect.Int64:
			field.SetInt(1)
		case reflect.String:
			field.SetString("x")
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 2, 2))
		case reflect.Struct:
			field.Set(reflect.ValueOf(purser.Page{Limit: 1}))
		default:
			t.Fatalf("%s is of a kind that this test does not know", name)
		}
		if short := isLightOne(f); short && !known[name] || !short && (name == "Space" || name == "Version") {
			t.Errorf("%s: the short way is taken: %v", name, short)
		}
	}
	for name, f := range map[string]purser.ReleaseFilter{
		"no name":     {Latest: true, Light: true},
		"two names":   {Names: []string{"a", "b"}, Latest: true, Light: true},
		"all of them": {Names: []string{"a"}, Light: true},
		"whole":       {Names: []string{"a"}, Latest: true},
	} {
		if isLightOne(f) {
			t.Errorf("%s: the short way is taken", name)
		}
	}
}
