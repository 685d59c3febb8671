package apps

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Pages of lists.
const (
	defaultLimit = 50
	leastLimit   = 1
	mostLimit    = 200
)

// page is what a list is asked for.
type page struct {
	archived bool
	limit    int
	after    int // release_number; 0: from the beginning
}

// readPage reads the query of a list. All that is wrong with it is told, in the order in which the parameters are
// declared.
func readPage(raw string) (page, error) {
	q := queryOf(raw)
	p := page{limit: defaultLimit}
	var issues []issue
	add := func(i *issue) {
		if i != nil {
			issues = append(issues, *i)
		}
	}
	var bad *issue
	p.archived, bad = q.flag("include_archived")
	add(bad)
	known := bad == nil
	p.limit, bad = q.number("limit", defaultLimit, leastLimit, mostLimit)
	add(bad)
	if text := q["cursor"]; text != "" {
		c, ok := parseCursor(text)
		switch {
		case !ok:
			add(q.refuse("cursor", "this is no cursor that a list has given"))
		case known && c.Archived != p.archived:
			add(q.refuse("cursor", "this cursor belongs to a list with another include_archived"))
		}
		p.after = c.Last
	}
	return p, invalidate(issues)
}

// query holds the parameters of a request. Of several with one name the last counts.
type query map[string]string

// queryOf reads a query as the original does: what is no escape stays as it is, and what is no UTF-8 is replaced.
func queryOf(raw string) query {
	q := query{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		q[decode(name)] = decode(value)
	}
	return q
}

func decode(text string) string {
	text = strings.ReplaceAll(text, "+", " ")
	decoded, err := url.PathUnescape(text)
	if err != nil {
		decoded = decodePartly(text)
	}
	if utf8.ValidString(decoded) {
		return decoded
	}
	return strings.ToValidUTF8(decoded, "\uFFFD")
}

// decodePartly decodes the escapes that are some.
func decodePartly(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if one, err := url.PathUnescape(text[i : i+3]); err == nil {
				b.WriteString(one)
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// truths are the spellings of booleans, in lower case.
var truths = map[string]bool{
	"true": true, "t": true, "yes": true, "y": true, "on": true, "1": true,
	"false": false, "f": false, "no": false, "n": false, "off": false, "0": false,
}

func (q query) flag(name string) (bool, *issue) {
	text, given := q[name]
	if !given {
		return false, nil
	}
	truth, ok := truths[strings.ToLower(text)]
	if !ok {
		return false, &issue{Type: kindBool, Loc: []any{inQuery, name}, Msg: textBool, Input: quote(text)}
	}
	return truth, nil
}

// whole is how a whole number may be spelt: a fraction of zeros, and lines between digits, do not count.
var whole = regexp.MustCompile(`^(\+|-)?([0-9]+(?:_[0-9]+)*)(?:\.0+)?$`)

// longestNumber is the number of characters from which nobody reads a number any more.
const longestNumber = 4300

func (q query) number(name string, standard, least, most int) (int, *issue) {
	text, given := q[name]
	if !given {
		return standard, nil
	}
	bad := &issue{Loc: []any{inQuery, name}, Input: quote(text)}
	parts := whole.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		bad.Type, bad.Msg = kindInt, textInt
		return standard, bad
	}
	digits := strings.TrimLeft(strings.ReplaceAll(parts[2], "_", ""), "0")
	if len(digits) > longestNumber {
		bad.Type, bad.Msg = kindIntSize, textIntSize
		return standard, bad
	}
	n := 0
	for _, digit := range digits {
		n = min(10*n+int(digit-'0'), most+1)
	}
	switch {
	case n < least, parts[1] == "-":
		bad.bound(kindLeast, "ge", least)
	case n > most:
		bad.bound(kindMost, "le", most)
	default:
		return n, nil
	}
	return standard, bad
}

func (q query) refuse(name, why string) *issue {
	i := unworthy([]any{inQuery, name}, quote(q[name]), why)
	return &i
}
