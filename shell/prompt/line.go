package prompt

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"purser/shell"
)

// SGR colours of a terminal.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	reset  = "\x1b[0m"
)

// promptText is the prompt: it says whether the server answered last (spec/clients.md §1.4).
func promptText(c shell.Connection) string {
	if c.State == shell.Connected {
		return yellow + "skipper:>" + reset
	}
	return red + "server-unknown:>" + reset
}

// plainPrompt is the prompt without colours.
func plainPrompt(c shell.Connection) string { return uncoloured(promptText(c)) }

func uncoloured(text string) string {
	return strings.NewReplacer(yellow, "", red, "", reset, "").Replace(text)
}

// room is what a line may still grow, by a completion for example, before rows are counted anew.
const room = 40

// rows is how many rows of the terminal a prompt and the line behind it take, with room to grow.
func rows(prompt string, line []rune, columns int) int {
	indent := utf8.RuneCountInString(uncoloured(prompt))
	n := 0
	for text := range strings.SplitSeq(string(line), "\n") {
		n += (indent+uniseg.StringWidth(text)+room)/max(1, columns) + 1
	}
	return n
}

// reserve gives the sequence that makes sure of n rows below the cursor, which comes back to where it was. A vertical tab
// goes down and scrolls like a line feed, but is none to those who count lines.
func reserve(n int) string { return strings.Repeat("\v", n) + fmt.Sprintf("\x1b[%dA", n) }

// joined makes one line of those that a backslash at their end continues, as scripts have it.
func joined(line string) string {
	if !strings.Contains(line, "\\\n") {
		return line
	}
	var b strings.Builder
	slashes := 0
	for _, r := range line {
		switch {
		case r == '\\':
			slashes++
			b.WriteRune(r)
		case r == '\n' && slashes%2 == 1:
			text := strings.TrimSuffix(b.String(), `\`)
			b.Reset()
			b.WriteString(text + " ")
			slashes = 0
		default:
			slashes = 0
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isComment tells whether a line is one: quotes mean nothing in it.
func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "//") }

// unfinished tells whether the last line of a text goes on.
func unfinished(text string) bool {
	_, rest := split(joined(text))
	return rest != ""
}

// split divides a text that was pasted, or typed behind an open quote, into lines that are commands of their own. rest is
// what has no end yet.
func split(text string) (lines []string, rest string) {
	for piece := range strings.SplitSeq(text, "\n") {
		if rest != "" {
			piece = rest + "\n" + piece
		}
		if rest = piece; isComment(piece) || !shell.Unfinished(piece) {
			lines, rest = append(lines, piece), ""
		}
	}
	return lines, rest
}

// highlighted colours a line while it is typed: bold when it begins with a command, red otherwise.
func highlighted(s *shell.Shell, line string) string {
	tokens := shell.Tokenize(joined(line))
	if len(tokens) == 0 || isComment(line) {
		return line
	}
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.Text
	}
	if command, _ := s.Match(shell.Interactive, words); command != nil {
		return bold + line + reset
	}
	return red + line + reset
}
