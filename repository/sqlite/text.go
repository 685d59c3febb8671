package sqlite

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun/schema"
)

// text is a string that comes back from the database as it went in, whatever bytes it has. Bun refuses a zero byte in a
// literal, and both Bun and encoding/json turn what is not UTF-8 into replacement characters.
type text string

var _ schema.QueryAppender = text("")

// AppendQuery implements Bun's schema.QueryAppender.
func (t text) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	if isPlain(string(t)) {
		return gen.Dialect().AppendString(b, string(t)), nil
	}
	b = append(b, "CAST(X'"...)
	b = hex.AppendEncode(b, []byte(t))
	return append(b, "' AS TEXT)"...), nil
}

// isPlain tells whether Bun's own literal keeps the text.
func isPlain(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func toText(s string) text   { return text(s) }
func toString(t text) string { return string(t) }

// rawText is the JSON form of a text that is not UTF-8; all others are JSON strings.
type rawText struct {
	Bytes []byte `json:"bytes"`
}

// MarshalJSON implements json.Marshaler.
func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(rawText{Bytes: []byte(t)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var raw rawText
		if err := json.Unmarshal(b, &raw); err != nil {
			return err
		}
		*t = text(raw.Bytes)
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

// optional turns an optional string into an optional text and back.
func optional[To, From ~string](p *From) *To {
	if p == nil {
		return nil
	}
	v := To(*p)
	return &v
}

// encode gives the JSON of a column. The values are structs of this package, which always have one.
func encode(v any) text {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("sqlite: a row cannot be encoded: %v", err))
	}
	return text(b)
}

// decode reads the JSON of a column.
func decode(column string, t text, v any) error {
	if err := json.Unmarshal([]byte(t), v); err != nil {
		return fmt.Errorf("column %s: %w", column, err)
	}
	return nil
}

// millis and instant turn times into columns and back.
func millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

func instant(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}
