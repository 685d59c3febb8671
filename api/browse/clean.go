package browse

import (
	"net/url"
	"reflect"

	"purser/api/markup"
)

// cleanAll makes every text inert that a value points to, so that no page has to think of it.
func cleanAll(value any) { clean(reflect.ValueOf(value)) }

func clean(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			clean(v.Elem())
		}
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		if text, ok := v.Interface().(string); ok {
			v.Set(reflect.ValueOf(markup.Clean(text)))
			return
		}
		clean(v.Elem())
	case reflect.String:
		if v.CanSet() && v.Type() != exactType {
			v.SetString(markup.Clean(v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				clean(f)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			clean(v.Index(i))
		}
	case reflect.Map:
		cleanMap(v)
	}
}

func cleanMap(v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		return
	}
	for iter := v.MapRange(); iter.Next(); {
		key, value := iter.Key(), reflect.New(v.Type().Elem()).Elem()
		value.Set(iter.Value())
		clean(value)
		if shown := markup.Clean(key.String()); shown != key.String() {
			v.SetMapIndex(key, reflect.Value{})
			key = reflect.ValueOf(shown).Convert(key.Type())
		}
		v.SetMapIndex(key, value)
	}
}

// exact is a text that may go back to the API as it came from there, such as a name. Where it is shown it is inert like
// any other.
type exact string

var exactType = reflect.TypeFor[exact]()

// String is the text as it is shown.
func (e exact) String() string { return markup.Clean(string(e)) }

// Raw is the text as it came.
func (e exact) Raw() string { return string(e) }

// Path is the text as a segment of a path.
func (e exact) Path() string { return url.PathEscape(string(e)) }

// Query is the text as a value in a query.
func (e exact) Query() string { return url.QueryEscape(string(e)) }
