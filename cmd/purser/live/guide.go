package live

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Example is a block of commands of a page of the documentation, with what stands behind it.
type Example struct {
	Line   int    // of the block
	Script string // for sh; "" for what is no block of commands
	Want   string // the block that follows: what the commands print; "" for none
	Note   string // <!-- run: ... -->: something that the reader has done in between
}

// ReadExamples gives the blocks of commands (```sh) of a page, each with the block of another language that follows it, and
// the notes between them, in order.
func ReadExamples(page string) ([]Example, error) {
	text, err := os.ReadFile(page)
	if err != nil {
		return nil, err
	}
	var examples []Example
	language, block := "", []string{}
	for n, line := range strings.Split(string(text), "\n") {
		note, noted := strings.CutPrefix(line, "<!-- run: ")
		fence, fenced := strings.CutPrefix(line, "```")
		switch {
		case noted && language == "":
			examples = append(examples, Example{Line: n + 1, Note: strings.TrimSuffix(note, " -->")})
		case fenced && language == "" && fence != "":
			language, block = fence, nil
			if fence == "sh" {
				examples = append(examples, Example{Line: n + 1})
			}
		case fenced && language != "":
			content := strings.Join(block, "\n") + "\n"
			switch last := len(examples) - 1; {
			case language == "sh":
				examples[last].Script = content
			case last >= 0 && examples[last].Script != "" && examples[last].Want == "":
				examples[last].Want = content
			}
			language = ""
		case language != "":
			block = append(block, line)
		}
	}
	if len(examples) == 0 {
		return nil, fmt.Errorf("%s has no examples", page)
	}
	return examples, nil
}

// Block gives the first block of a language on a page.
func Block(page, language string) (string, error) {
	text, err := os.ReadFile(page)
	if err != nil {
		return "", err
	}
	_, rest, found := strings.Cut(string(text), "\n```"+language+"\n")
	block, _, closed := strings.Cut(rest, "\n```")
	if !found || !closed {
		return "", fmt.Errorf("%s has no block of %s", page, language)
	}
	return block + "\n", nil
}

// Terminal runs commands as somebody types them: what one block sets the next one has.
type Terminal struct {
	Replace *strings.Replacer // in the commands, before they are run; nil: nothing
	Env     []string          // KEY=value, besides the environment of this process

	before strings.Builder
}

// mark stands between what earlier commands print and what the new ones do.
const mark = "\x1e"

// Run runs a block behind all blocks before it and gives what it prints.
func (t *Terminal) Run(ctx context.Context, script string) (string, error) {
	if t.Replace != nil {
		script = t.Replace.Replace(script)
	}
	// Earlier blocks were run already: what they set is all that is taken of them.
	command := exec.CommandContext(ctx, "sh", "-c", t.before.String()+"\nset -e\n"+script+"\nprintf '"+mark+"'\nset\n")
	command.Env = append(os.Environ(), t.Env...)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s\n%s%s", err, script, out, complaints.String())
	}
	printed, variables, _ := strings.Cut(string(out), mark)
	for line := range strings.Lines(variables) {
		name, _, _ := strings.Cut(line, "=")
		if isOwn(name) && strings.Contains(script, name+"=") {
			t.before.WriteString(line)
		}
	}
	return printed, nil
}

// isOwn tells whether a variable is one that a page sets: in capital letters, as opposed to what the shell itself has.
func isOwn(name string) bool {
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
