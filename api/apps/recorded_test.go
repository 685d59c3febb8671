package apps

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/api"
)

// recorded is what FastAPI 0.165 with Pydantic 2.14 answered to a request, with the parameters and the body of this dialect.
type recorded struct {
	Query  *string
	Body   string // bytes as characters
	Type   string
	Status int
	Answer any
}

// better are requests that this server answers otherwise, by what was sent, and the status it gives.
var better = map[string]int{
	"cursor=":                            200, // as without a cursor, which is what those who send it mean
	"cursor=a&cursor=b":                  422, // there any text is a cursor
	"cursor=%F0%9F%98%80":                422,
	`{"release_tag":"a\u0000b"}`:         422, // there a tag may hold a null character
	"\xed\xa0\x80":                       400, // half of a character is no UTF-8
	"{\"release_tag\":\"\xed\xa0\x80\"}": 400,
}

// What cannot be written as JSON made the recorded server fail: numbers that are none, and halves of characters.
const failedThere = 500

func TestRequestsAreReadAsRecorded(t *testing.T) {
	text, err := os.ReadFile("testdata/recorded.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []recorded
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			sent, got, err := row.send()
			status, answer := outcome(t, got, err)
			if want, known := better[sent]; known {
				if status != want {
					t.Errorf("%q: %d, want %d", sent, status, want)
				}
				return
			}
			if row.Status == failedThere {
				if status != 422 {
					t.Errorf("%q: %d %v", sent, status, answer)
				}
				return
			}
			if row.Status == 201 {
				row.Status = 200
			}
			if diff := cmp.Diff(row.Answer, answer); status != row.Status || diff != "" {
				t.Errorf("%q: %d, want %d\n-want +got\n%s", sent, status, row.Status, diff)
			}
		})
	}
}

// send reads the request, and gives what the recorded server told of it.
func (r recorded) send() (sent string, got map[string]any, err error) {
	if r.Query != nil {
		p, err := readPage(*r.Query)
		return *r.Query, map[string]any{"limit": p.limit, "include_archived": p.archived, "cursor": nil}, err
	}
	var body []byte
	for _, c := range r.Body {
		body = append(body, byte(c))
	}
	d, err := parseDraft(body, r.Type)
	return string(body), map[string]any{"release_tag": d.tag, "description": d.description}, err
}

// outcome is how the wire shows it.
func outcome(t *testing.T, got map[string]any, err error) (status int, answer any) {
	t.Helper()
	status = http.StatusOK
	var body any = got
	if f, ok := errors.AsType[*api.Failure](err); ok {
		status = f.Status
		if bad, ok := errors.AsType[*invalid](f.Err); ok {
			body = detail{bad.issues}
		} else {
			body = detail{f.Message}
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return status, answer
}
