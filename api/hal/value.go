package hal

import (
	"fmt"
	"maps"
	"slices"
)

// Member is one member of an object made of values.
type Member struct {
	Key   string
	Value any // see Writer.Value
}

// Members is an object made of values, for documents whose shape is not worth a type.
type Members []Member

// AppendFields implements Fields.
func (m Members) AppendFields(w *Writer) {
	for _, member := range m {
		w.Key(member.Key)
		w.Value(member.Value)
	}
}

// Value writes nil, a text, a number, a bool, Fields, a list or a map with texts as keys (sorted by key) of such
// values. It panics for anything else: what goes over the wire is known when the program is written.
func (w *Writer) Value(v any) {
	switch v := v.(type) {
	case nil:
		w.Null()
	case string:
		w.String(v)
	case *string:
		w.Text(v)
	case bool:
		w.Bool(v)
	case int:
		w.Int(int64(v))
	case int32:
		w.Int(int64(v))
	case int64:
		w.Int(v)
	case float64:
		w.Float(v)
	case []byte:
		w.Base64(v)
	case Fields:
		w.Object(v)
	case []string:
		array(w, v)
	case []Members:
		array(w, v)
	case []any:
		array(w, v)
	case map[string]string:
		w.TextMap(v)
	case map[string]any:
		w.BeginObject()
		for _, key := range slices.Sorted(maps.Keys(v)) {
			w.Key(key)
			w.Value(v[key])
		}
		w.EndObject()
	default:
		panic(fmt.Sprintf("hal: a value of type %T has no form on the wire", v))
	}
}

// TextMap writes an object of texts, sorted by key.
func (w *Writer) TextMap(m map[string]string) {
	keys := w.keys[:0]
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	w.BeginObject()
	for _, key := range keys {
		w.Key(key)
		w.String(m[key])
	}
	w.EndObject()
	clear(keys) // they are the caller's
	w.keys = keys
}

func array[T any](w *Writer, values []T) {
	w.BeginArray()
	for _, v := range values {
		w.Value(v)
	}
	w.EndArray()
}
