package shell

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseArguments reads the words after a command's name. Words without a name fill options in the order of the command:
// those before the first named option one after the other, later ones the next required option that has nothing yet,
// then the next other one (spec/clients.md §1.1). All problems are told at once, in a *UsageError.
func ParseArguments(command *Command, tokens []Token) (Arguments, error) {
	p := &argumentParser{command: command, given: Arguments{}}
	for i := 0; i < len(tokens); {
		i += p.take(tokens, i)
	}
	p.place()
	p.check()
	if len(p.problems) > 0 {
		return nil, &UsageError{Problems: p.problems}
	}
	return p.given, nil
}

type argumentParser struct {
	command  *Command
	given    Arguments
	leading  []string // words without a name before the first named option
	trailing []string // and after it
	named    bool
	problems []string
}

func (p *argumentParser) problem(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

// take reads the word at i, with the value that belongs to it, and tells how many words that were.
func (p *argumentParser) take(tokens []Token, i int) int {
	word := tokens[i]
	name, value, attached := optionName(word)
	if name == "" {
		if p.named {
			p.trailing = append(p.trailing, word.Text)
		} else {
			p.leading = append(p.leading, word.Text)
		}
		return 1
	}
	p.named = true
	o := p.command.Option(name)
	switch {
	case o == nil || (len(name) == 1 && strings.HasPrefix(word.Text, "--")):
		p.problem("Unrecognised option '%s'", word.Text)
		// its value, if that is one, is no value of another option
		if !attached && i+1 < len(tokens) && !isOption(tokens[i+1]) {
			return 2
		}
		return 1
	case attached:
		p.put(o, value)
		return 1
	case i+1 < len(tokens) && o.takes(tokens[i+1]):
		p.put(o, tokens[i+1].Text)
		return 2
	}
	if !o.Many || p.given[o.Name] == nil {
		p.given[o.Name] = nil
	}
	return 1
}

// takes tells whether the word after an option is its value.
func (o *Option) takes(next Token) bool {
	switch {
	case o.Kind == Flag:
		return isTruth(next.Text) || slices.Contains([]string{"yes", "no", "on", "off"}, strings.ToLower(next.Text)) // refused by check
	case o.Bare:
		return bareDuration().MatchString(next.Text)
	}
	return next.Quoted || !isOption(next)
}

func (p *argumentParser) put(o *Option, value string) {
	if o.Many {
		p.given[o.Name] = append(p.given[o.Name], value)
		return
	}
	p.given[o.Name] = []string{value}
}

// optionName gives the name of an option, and its value when that is attached to it: --name, --name=value, -n.
func optionName(t Token) (name, value string, attached bool) {
	if !isOption(t) {
		return "", "", false
	}
	name, value, attached = strings.Cut(strings.TrimLeft(t.Text, "-"), "=")
	return name, value, attached
}

// isOption tells whether a word names an option: --name, or a hyphen and a letter.
func isOption(t Token) bool {
	w := t.Text
	if strings.HasPrefix(w, "--") {
		return len(w) > 2 && w[2] != '-' && w[2] != '='
	}
	return len(w) >= 2 && w[0] == '-' && isLetter(w[1]) && (len(w) == 2 || w[2] == '=')
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// place gives the words without a name to options.
func (p *argumentParser) place() {
	var free []*Option
	for i := range p.command.Options {
		o := &p.command.Options[i]
		if _, ok := p.given[o.Name]; !ok && !o.Named {
			free = append(free, o)
		}
	}
	rest := p.command.rest()
	free = slices.DeleteFunc(free, func(o *Option) bool { return o == rest })
	var surplus []string
	fill := func(word string, next int) {
		switch {
		case next >= 0:
			p.put(free[next], word)
			free = slices.Delete(free, next, next+1)
		case rest != nil:
			p.given[rest.Name] = append(p.given[rest.Name], word)
		default:
			surplus = append(surplus, word)
		}
	}
	for _, word := range p.leading {
		fill(word, min(0, len(free)-1))
	}
	for _, word := range p.trailing {
		next := slices.IndexFunc(free, func(o *Option) bool { return o.Required })
		if next < 0 {
			next = min(0, len(free)-1)
		}
		fill(word, next)
	}
	if len(surplus) > 0 {
		p.problem("Too many arguments: the following could not be mapped to parameters: '%s'", strings.Join(surplus, " "))
	}
}

// check finds what is missing and what cannot be a value.
func (p *argumentParser) check() {
	for i := range p.command.Options {
		o := &p.command.Options[i]
		if o.Required && len(p.given[o.Name]) == 0 {
			p.problem("Missing option, longnames='%s', shortnames='%s'", o.Name, o.Short)
		}
	}
	for _, o := range p.command.AllOptions() {
		for j, v := range p.given[o.Name] {
			switch o.Kind {
			case Flag:
				if !isTruth(v) {
					p.problem("--%s is true or false, not '%s'", o.Name, v)
				}
				p.given[o.Name][j] = strings.ToLower(v)
			case Number:
				if _, err := strconv.ParseInt(v, 10, 32); err != nil {
					p.problem("--%s is a whole number, not '%s'", o.Name, v)
				}
			case Duration:
				if _, err := ParseDuration(v); err != nil {
					p.problem("%s", err)
				}
			case Text, File:
			}
		}
	}
}

func isTruth(word string) bool {
	return strings.EqualFold(word, "true") || strings.EqualFold(word, "false")
}
