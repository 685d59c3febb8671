package shelltest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Places are what differs from run to run, with what stands for it in recorded answers.
type Places struct {
	Base    string // of the server, without /api
	Payload string // folder of the applications
	Work    string // folder of the session
	Ports   []int  // of the session, from 1
	Server  string // name and version as the server tells them
}

var (
	printedDate = regexp.MustCompile(`[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}`)
	cancelled   = regexp.MustCompile(`Cancelled after \d+ ms`)
	documents   = regexp.MustCompile(`(?m)^---\s*$`)
)

// Text puts the recorded names in place of what differs.
func (p Places) Text(s string) string {
	s = strings.NewReplacer(
		p.Work, "<work>", p.Base, "<base>", "file:"+p.Payload, "file:<payload>", p.Payload, "<payload>", p.Server, "<server> v<version>",
	).Replace(s)
	s = cancelled.ReplaceAllString(s, "Cancelled after <n> ms")
	s = printedDate.ReplaceAllString(s, "<date>")
	for i, port := range p.Ports {
		s = regexp.MustCompile(fmt.Sprintf(`\b%d\b`, port)).ReplaceAllString(s, fmt.Sprintf("<port%d>", i+1))
	}
	return s
}

// Normalise gives what a command printed in the form of the recorded answers: lines, and tables as their cells.
func (p Places) Normalise(printed string, step Step) []any {
	lines := strings.Split(strings.ReplaceAll(printed, "\r", ""), "\n")
	out := []any{}
	for i := 0; i < len(lines); {
		if !tableLine(lines[i]) {
			out = append(out, p.Text(strings.TrimRight(lines[i], " ")))
			i++
			continue
		}
		end := i
		for end < len(lines) && tableLine(lines[end]) {
			end++
		}
		out = append(out, map[string]any{"table": p.cells(lines[i:end], step.Ignored)})
		i = end
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	if strings.HasPrefix(step.Line, "manifest get") && slices.Contains(out, any(`"apiVersion": "skipper.spring.io/v1"`)) {
		return manifest(out)
	}
	if step.Sorted {
		slices.SortFunc(out, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return out
}

func tableLine(line string) bool {
	return strings.HasPrefix(line, "╔") || strings.HasPrefix(line, "║") || strings.HasPrefix(line, "╠") || strings.HasPrefix(line, "╚")
}

// cells gives the rows of a table. A line without a first cell goes on with the row above.
func (p Places) cells(lines, ignored []string) []any {
	var rows [][]string
	for _, line := range lines {
		inner, ok := strings.CutPrefix(line, "║")
		if !ok {
			continue
		}
		cells := strings.FieldsFunc(strings.TrimSuffix(inner, "║"), func(r rune) bool { return r == '│' })
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if cells[0] != "" || len(rows) == 0 {
			rows = append(rows, cells)
			continue
		}
		above := rows[len(rows)-1]
		for i, c := range cells {
			if c != "" {
				above[i] += "\n" + c
			}
		}
	}
	out := []any{}
	for n, row := range rows {
		one := []any{}
		for i, cell := range row {
			if n > 0 && slices.Contains(ignored, rows[0][i]) {
				cell = "…"
			}
			one = append(one, p.Text(cell))
		}
		out = append(out, one)
	}
	return out
}

// manifest gives the lines of a manifest, each behind the keys above it, in text order: the order of keys does not count.
func manifest(lines []any) []any {
	var text []string
	for _, l := range lines {
		text = append(text, fmt.Sprint(l))
	}
	var all []any
	for _, d := range documents.Split(strings.Join(text, "\n"), -1) {
		if strings.TrimSpace(d) != "" {
			all = append(all, flat(d))
		}
	}
	if len(all) == 1 {
		return all[0].([]any)
	}
	return all
}

func flat(document string) []any {
	var keys, found []string
	for line := range strings.SplitSeq(strings.Trim(document, "\n"), "\n") {
		body := strings.TrimLeft(line, " ")
		depth := min((len(line)-len(body))/2, len(keys))
		keys = keys[:depth]
		found = append(found, strings.TrimSpace(strings.Join(keys, " ")+" "+body))
		key, _, _ := strings.Cut(body, ":")
		keys = append(keys, key)
	}
	slices.Sort(found)
	out := make([]any, len(found))
	for i, l := range found {
		out[i] = l
	}
	return out
}
