package templates

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// locateBelow is the size of text up to which a syntax error is looked for again, to say exactly where it is.
const locateBelow = 16 << 10

// locate makes an error of the library into a yamlError. The library often names the line where the surrounding block
// begins; the shortest beginning of the text that fails alike ends where the fault is.
func locate(text string, err error) *yamlError {
	problem := problemOf(err)
	if len(text) <= locateBelow {
		return locateIn(text, problem)
	}
	// of a long text only the document that fails is looked at
	line := 0
	for _, doc := range strings.SplitAfter(text, "\n---") {
		_, err := parseNodes(doc)
		if err != nil && problemOf(err) == problem && len(doc) <= locateBelow {
			e := locateIn(doc, problem)
			e.line += line
			return e
		}
		line += strings.Count(doc, "\n")
	}
	return &yamlError{line: lineOf(err), problem: problem}
}

func locateIn(text, problem string) *yamlError {
	e := &yamlError{problem: problem}
	fails := func(beginning string) bool {
		_, err := parseNodes(beginning)
		return err != nil && problemOf(err) == problem
	}
	lines := strings.SplitAfter(text, "\n")
	ends := make([]int, len(lines))
	for i, l := range lines {
		ends[i] = len(l)
		if i > 0 {
			ends[i] += ends[i-1]
		}
	}
	n := sort.Search(len(ends), func(i int) bool { return fails(text[:ends[i]]) })
	if n == len(ends) {
		return e
	}
	e.line = n + 1
	start := ends[n] - len(lines[n])
	line := strings.TrimRight(lines[n], "\r\n")
	column := sort.Search(len(line), func(i int) bool { return fails(text[:start+i+1]) })
	e.column = utf8.RuneCountInString(line[:min(column+1, len(line))])
	return e
}

// lineOf gives the line that the library names.
func lineOf(err error) int {
	var line int
	if _, err := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); err != nil {
		return 1
	}
	return line
}

// problemOf strips what the library says of itself and of the line.
func problemOf(err error) string {
	s := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(s, "line "); ok {
		if _, after, ok := strings.Cut(rest, ": "); ok {
			s = after
		}
	}
	if plainer, ok := plainerProblems[s]; ok {
		return plainer
	}
	if rest, ok := strings.CutPrefix(s, "unknown anchor "); ok {
		return "there is no anchor " + strings.TrimSuffix(rest, " referenced") + " before this alias"
	}
	return s
}

// plainerProblems says in plain words what the library says in those of its grammar.
var plainerProblems = map[string]string{
	"did not find expected key":                              "a key must stand here; look for a quote that ends too early, or for the indentation",
	"did not find expected node content":                     "a value must stand here",
	"did not find expected ',' or ']'":                       "the list lacks its ']', or a ','",
	"did not find expected ',' or '}'":                       "the map lacks its '}', or a ','",
	"did not find expected '-' indicator":                    "an element of the list must stand here; look for the indentation",
	"could not find expected ':'":                            "the key lacks its ':'",
	"mapping values are not allowed in this context":         "there cannot be a second ': '; put the value in quotes",
	"block sequence entries are not allowed in this context": "a list cannot begin on this line; put the value in quotes",
	"mapping keys are not allowed in this context":           "a key cannot begin here; put the value in quotes",
	"found character that cannot start any token":            "this sign cannot begin a value; put it in quotes, and indent with blanks, not with tabs",
	"found unexpected end of stream":                         "a quote is not closed",
	"found unknown escape character":                         "there is no such escape in double quotes",
	"control characters are not allowed":                     "control characters are not possible",
}
