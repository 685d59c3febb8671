package apps

import (
	"encoding/base64"
	"encoding/json"
)

// cursor is where a page of a list ends. It stays good whatever is added or removed meanwhile.
type cursor struct {
	Last     int  `json:"last"`             // release_number
	Archived bool `json:"include_archived"` // the list has archived releases too
}

// String gives the form that callers get: base64url without padding.
func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil { // a number and a truth always have a JSON form
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// parseCursor reads what String has written, and nothing else.
func parseCursor(text string) (c cursor, ok bool) {
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(decoded, &c) != nil {
		return cursor{}, false
	}
	if c.Last < 1 || c.String() != text {
		return cursor{}, false
	}
	return c, true
}
