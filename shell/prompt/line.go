package prompt

import (
	"strings"

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
func plainPrompt(c shell.Connection) string {
	return strings.NewReplacer(yellow, "", red, "", reset, "").Replace(promptText(c))
}

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

// highlighted colours a line while it is typed: bold when it begins with a command, red otherwise.
func highlighted(s *shell.Shell, line string) string {
	tokens := shell.Tokenize(joined(line))
	if len(tokens) == 0 || strings.HasPrefix(tokens[0].Text, "//") {
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
