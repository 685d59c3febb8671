package shell

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Candidate is a word that may stand where the cursor is.
type Candidate struct {
	Text string // the word itself, without quotes; use Quote to write it into a line
	Help string // what it is, "" for plain values
	Tag  string // heading: commands, options, releases, files ...
	More bool   // the word goes on: no blank after it (folders)
}

// Complete lists what may stand at the end of a line, and where the word begins that it replaces. before is the text
// before the cursor. Names that only the server knows are asked for within a short time; without an answer there are
// none.
func (s *Shell) Complete(ctx context.Context, mode Mode, before string) (start int, candidates []Candidate) {
	tokens := Tokenize(before)
	current := Token{Start: len(before), End: len(before)}
	if n := len(tokens); n > 0 && tokens[n-1].End == len(before) {
		current, tokens = tokens[n-1], tokens[:n-1]
	}
	return current.Start, s.CompleteWords(ctx, mode, tokens, current.Text)
}

// CompleteWords is Complete for words that are divided already; current is the word that is being typed.
func (s *Shell) CompleteWords(ctx context.Context, mode Mode, tokens []Token, current string) []Candidate {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.Text
	}
	if len(words) > 0 && words[0] == "help" {
		return s.commandWords(mode, words[1:], current)
	}
	candidates := s.commandWords(mode, words, current)
	command, length := s.Match(mode, words)
	if command == nil {
		return candidates
	}
	l := completion{shell: s, mode: mode, command: command, before: tokens[length:], current: current}
	return append(candidates, l.candidates(ctx)...)
}

// commandWords lists the next words of the commands that begin with words.
func (s *Shell) commandWords(mode Mode, words []string, current string) []Candidate {
	var found []Candidate
	for _, c := range s.Commands() {
		if !c.In(mode) {
			continue
		}
		for _, name := range c.Names() {
			parts := strings.Fields(name)
			if len(parts) <= len(words) || !slices.Equal(parts[:len(words)], words) || !strings.HasPrefix(parts[len(words)], current) {
				continue
			}
			candidate := Candidate{Text: parts[len(words)], Tag: "commands"}
			if len(parts) == len(words)+1 {
				candidate.Help = c.Summary
			}
			if !slices.ContainsFunc(found, func(f Candidate) bool { return f.Text == candidate.Text }) {
				found = append(found, candidate)
			}
		}
	}
	slices.SortFunc(found, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
	return found
}

// completion is the end of a line whose command is known.
type completion struct {
	shell   *Shell
	mode    Mode
	command *Command
	before  []Token
	current string
}

func (l completion) candidates(ctx context.Context) []Candidate {
	p := &argumentParser{command: l.command, given: Arguments{}}
	for i := 0; i < len(l.before); {
		i += p.take(l.before, i)
	}
	p.place()
	if name, value, ok := strings.Cut(l.current, "="); ok && strings.HasPrefix(name, "--") {
		return l.attached(ctx, p.given, name, value)
	}
	if o := l.waiting(); o != nil {
		return l.values(ctx, o, p.given, l.current)
	}
	if strings.HasPrefix(l.current, "-") {
		return l.options(p.given)
	}
	for i := range l.command.Options {
		o := &l.command.Options[i]
		_, given := p.given[o.Name]
		if o.Named || (given && o != l.command.rest()) || o.Kind == Flag {
			continue
		}
		if o.Required || !p.named {
			found := l.values(ctx, o, p.given, l.current)
			if l.current == "" && len(found) == 0 {
				break
			}
			return found
		}
	}
	if l.current == "" {
		return l.options(p.given)
	}
	return nil
}

// waiting gives the option whose value the current word is.
func (l completion) waiting() *Option {
	if len(l.before) == 0 {
		return nil
	}
	last := l.before[len(l.before)-1]
	name, _, attached := optionName(last)
	if name == "" || attached {
		return nil
	}
	o := l.command.Option(name)
	if o == nil || o.Kind == Flag || o.Bare {
		return nil
	}
	return o
}

func (l completion) attached(ctx context.Context, given Arguments, name, value string) []Candidate {
	o := l.command.Option(strings.TrimLeft(name, "-"))
	if o == nil {
		return nil
	}
	found := l.values(ctx, o, given, value)
	for i := range found {
		found[i].Text = name + "=" + found[i].Text
	}
	return found
}

// options lists the options that may still be given, in the spelling that the line uses.
func (l completion) options(given Arguments) []Candidate {
	kebab := l.kebab()
	var found []Candidate
	for _, o := range l.command.AllOptions() {
		if _, ok := given[o.Name]; ok && !o.Many {
			continue
		}
		text := "--" + o.Name
		if kebab {
			text = "--" + Kebab(o.Name)
		}
		if strings.HasPrefix(text, l.current) {
			found = append(found, Candidate{Text: text, Help: o.Help, Tag: "options"})
		}
	}
	return found
}

func (l completion) kebab() bool {
	for _, word := range append(slices.Clone(l.before), Token{Text: l.current}) {
		name, ok := strings.CutPrefix(word.Text, "--")
		name, _, _ = strings.Cut(name, "=")
		switch {
		case !ok:
		case strings.Contains(name, "-"):
			return true
		case name != strings.ToLower(name):
			return false
		}
	}
	return l.mode == Direct
}

func (l completion) values(ctx context.Context, o *Option, given Arguments, prefix string) []Candidate {
	if o.Kind == Flag {
		return only(prefix, "values", "true", "false")
	}
	switch o.Values {
	case NoValues:
		return nil
	case Formats:
		return only(prefix, "values", "table", "json", "yaml")
	case Files, Folders:
		return paths(prefix, o.Values == Folders)
	case CommandNames:
		return l.shell.commandWords(l.mode, nil, prefix)
	default:
		return only(prefix, tags[o.Values], l.shell.names(ctx, o.Values, given)...)
	}
}

var tags = [...]string{
	Releases: "releases", ReleaseVersions: "versions", Packages: "packages", PackageVersions: "versions",
	Platforms: "platforms", Repositories: "repositories", Applications: "applications",
	Files: "files", Folders: "folders", CommandNames: "commands", Formats: "values",
}

func only(prefix, tag string, texts ...string) []Candidate {
	var found []Candidate
	for _, t := range texts {
		if strings.HasPrefix(t, prefix) {
			found = append(found, Candidate{Text: t, Tag: tag})
		}
	}
	return found
}

// paths lists files and folders whose path begins with prefix; hidden ones only when asked for.
func paths(prefix string, foldersOnly bool) []Candidate {
	folder, base := filepath.Split(prefix)
	at := folder
	if at == "" {
		at = "."
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return nil
	}
	var found []Candidate
	for _, e := range entries {
		name := e.Name()
		isFolder := e.IsDir()
		if e.Type()&os.ModeSymlink != 0 {
			if info, err := os.Stat(filepath.Join(at, name)); err == nil {
				isFolder = info.IsDir()
			}
		}
		hidden := strings.HasPrefix(name, ".") && !strings.HasPrefix(base, ".")
		if hidden || !strings.HasPrefix(name, base) || (foldersOnly && !isFolder) {
			continue
		}
		candidate := Candidate{Text: folder + name, Tag: "files"}
		if isFolder {
			candidate.Text += string(filepath.Separator)
			candidate.More = true
		}
		found = append(found, candidate)
	}
	return found
}
