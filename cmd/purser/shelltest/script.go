package shelltest

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Step is a command of a recorded session, or something to wait for.
type Step struct {
	Name     string   // as the recorded answers name it: its number and the line
	Line     string   // the command as it was recorded; "" for a wait
	Wait     string   // PATH POINTER = VALUE, or PATH contains TEXT
	Within   string   // seconds to wait at most, "" for the usual time
	Ignored  []string // columns whose cells do not count
	Sorted   bool     // the order of lines does not count
	NewFiles []File   // to be written before it
}

// File is a file that a session works with.
type File struct {
	Name  string
	Lines []string
}

var within = regexp.MustCompile(`^(.*?)(?: within (\d+))?$`)

// ReadScript reads a session: a command a line, // comments, and directives behind a #.
func ReadScript(from io.Reader) ([]Step, error) {
	var steps []Step
	var next Step
	var file *File
	add := func(name string) {
		next.Name = fmt.Sprintf("%02d %s", len(steps)+1, name)
		steps = append(steps, next)
		next = Step{}
	}
	in := bufio.NewScanner(from)
	for in.Scan() {
		line := in.Text()
		directive, isDirective := strings.CutPrefix(line, "# ")
		word, rest, _ := strings.Cut(directive, " ")
		switch {
		case file != nil && line == "# end":
			next.NewFiles, file = append(next.NewFiles, *file), nil
		case file != nil:
			file.Lines = append(file.Lines, line)
		case strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "//"):
		case isDirective && word == "file":
			file = &File{Name: rest}
		case isDirective && word == "ignore":
			next.Ignored = append(next.Ignored, rest)
		case isDirective && directive == "lines sorted":
			next.Sorted = true
		case isDirective && word == "wait":
			m := within.FindStringSubmatch(rest)
			next.Wait, next.Within = m[1], m[2]
			add(directive)
		case isDirective:
			return nil, fmt.Errorf("unknown directive: %s", line)
		default:
			next.Line = line
			add(line)
		}
	}
	return steps, in.Err()
}

var camel = regexp.MustCompile(`--[a-z]+[A-Z]\w*`)

// Kebab spells the options of a line with hyphens.
func Kebab(line string) string {
	return camel.ReplaceAllStringFunc(line, func(option string) string {
		var b strings.Builder
		for _, r := range option {
			if r >= 'A' && r <= 'Z' {
				b.WriteByte('-')
				r += 'a' - 'A'
			}
			b.WriteRune(r)
		}
		return b.String()
	})
}
