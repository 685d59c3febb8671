package native

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"purser/api"
)

// query reads the parameters of a request and keeps the first refusal. A parameter without a value is as good as none; of
// several of one name the first counts.
type query struct {
	values url.Values
	err    error
}

func queryOf(r *http.Request) *query { return &query{values: r.URL.Query()} }

// number reads a whole number from least to most.
func (q *query) number(name string, standard, least, most int) int {
	text := q.values.Get(name)
	if text == "" {
		return standard
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		q.refuse("The parameter '%s' is %.40q, expected a whole number from %d to %d", name, text, least, most)
		return standard
	}
	return n
}

// flag reads a truth.
func (q *query) flag(name string) bool {
	switch text := q.values.Get(name); text {
	case "true":
		return true
	case "", "false":
		return false
	default:
		q.refuse("The parameter '%s' is %.40q, expected true or false", name, text)
		return false
	}
}

// version reads a version of a release, 0 when none is asked for. Numbers below 1 are versions that do not exist.
func (q *query) version(name, release string) int {
	text := q.values.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	switch {
	case err != nil:
		q.refuse("The parameter '%s' is %.40q, expected the number of a version", name, text)
	case n < 1:
		q.fail(api.VersionNotFound(release, int(n)))
	}
	return int(n)
}

func (q *query) refuse(format string, args ...any) { q.fail(badRequest(fmt.Sprintf(format, args...))) }

func (q *query) fail(err error) {
	if q.err == nil {
		q.err = err
	}
}

// badRequest refuses a request that cannot be meant.
func badRequest(message string) error {
	return &api.Failure{Status: http.StatusBadRequest, Exception: api.TypeMismatchException, Message: message}
}
