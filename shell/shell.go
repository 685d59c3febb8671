package shell

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Options is what a Shell needs; Streams and Target are required.
type Options struct {
	Streams Streams
	Target  Target
	Version string // of the program, for `version`
	// Zone is where dates are shown; nil is the local zone.
	Zone *time.Location
	// Prompt runs the interactive session until its end; nil reads standard input as a script.
	Prompt func(ctx context.Context, s *Shell) error
	// Configuration is the file that settings were read from, "" for none: `skipper config --save` writes it.
	Configuration string
	// OpenArchive looks at a package on disk, a folder or a zip file; nil: folders cannot be uploaded.
	OpenArchive func(path string) (Archive, error)
}

// Shell is the commands and the server that they speak to. It runs one line at a time.
type Shell struct {
	streams       Streams
	zone          *time.Location
	version       string
	prompt        func(ctx context.Context, s *Shell) error
	configuration string
	openArchive   func(path string) (Archive, error)
	commands      []*Command
	connection    connection
	known         nameCache
	entered       []string // lines that were run, for `history`
	history       func() []string
	failure       error // the last one, for `stacktrace`
	scripts       int   // how deep scripts call scripts
}

// New makes a shell with all commands of the language.
func New(o Options) *Shell {
	s := &Shell{
		streams: o.Streams, zone: o.Zone, version: o.Version, prompt: o.Prompt, configuration: o.Configuration,
		openArchive: o.OpenArchive,
	}
	if s.zone == nil {
		s.zone = time.Local
	}
	if o.Target.URI == "" {
		o.Target.URI = DefaultURI
	}
	s.connection.target = o.Target
	s.commands = table()
	return s
}

// Register adds commands. A name that is taken is an error.
func (s *Shell) Register(commands ...*Command) error {
	for _, c := range commands {
		for _, name := range c.Names() {
			if s.Command(name) != nil {
				return fmt.Errorf("there is a command '%s' already", name)
			}
		}
		s.commands = append(s.commands, c)
	}
	return nil
}

// Commands gives all commands, in the order of their groups in `help` and by name within.
func (s *Shell) Commands() []*Command {
	all := slices.Clone(s.commands)
	slices.SortStableFunc(all, func(a, b *Command) int {
		if d := strings.Compare(a.Group, b.Group); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
}

// Command finds a command by its whole name or an alias; nil when there is none.
func (s *Shell) Command(name string) *Command {
	for _, c := range s.commands {
		if c.Name == name || slices.Contains(c.Aliases, name) {
			return c
		}
	}
	return nil
}

// Match finds the command with the longest name that the words begin with, and how many words that name has; nil and 0
// when there is none.
func (s *Shell) Match(mode Mode, words []string) (*Command, int) {
	var found *Command
	length := 0
	for _, c := range s.commands {
		if !c.In(mode) {
			continue
		}
		for _, name := range c.Names() {
			parts := strings.Fields(name)
			if len(parts) > length && len(parts) <= len(words) && slices.Equal(parts, words[:len(parts)]) {
				found, length = c, len(parts)
			}
		}
	}
	return found, length
}

// Streams gives the streams, for those who read and write beside the commands.
func (s *Shell) Streams() Streams { return s.streams }

// Connection tells which server is meant and whether it answered last.
func (s *Shell) Connection() Connection { return s.connection.now() }

// SetHistory says where `history` finds the lines that were typed; without it, it shows those that this shell ran.
func (s *Shell) SetHistory(lines func() []string) { s.history = lines }

// Execute runs one line: empty ones and comments do nothing. The error is a *UsageError, an *UnknownCommandError,
// ErrExit, or what the command met; Report shows it and ExitStatus gives its code.
func (s *Shell) Execute(ctx context.Context, mode Mode, line string) error {
	tokens := Tokenize(line)
	if len(tokens) == 0 || strings.HasPrefix(tokens[0].Text, "//") {
		return nil
	}
	if last := tokens[len(tokens)-1]; isQuote(last.Open) {
		return usageErrorf("The line ends before its quote %c is closed", last.Open)
	}
	err := s.run(ctx, mode, strings.TrimSpace(line), tokens)
	s.known.forget()
	s.entered = append(s.entered, strings.TrimSpace(line))
	if err != nil && !isExit(err) {
		s.failure = err
	}
	return err
}

// ExecuteWords is Execute for words that are divided already, as the arguments of a program are.
func (s *Shell) ExecuteWords(ctx context.Context, mode Mode, words []string) error {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = Quote(w)
	}
	return s.Execute(ctx, mode, strings.Join(quoted, " "))
}

func (s *Shell) run(ctx context.Context, mode Mode, line string, tokens []Token) error {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.Text
	}
	command, length := s.Match(mode, words)
	if command == nil {
		return &UnknownCommandError{Line: line, Nearest: s.nearest(mode, words)}
	}
	given, err := ParseArguments(command, tokens[length:])
	if err != nil {
		return err
	}
	return s.call(ctx, mode, command, given)
}

func (s *Shell) call(ctx context.Context, mode Mode, command *Command, given Arguments) error {
	c := &Call{Shell: s, Command: command, Mode: mode, Streams: s.streams, given: given}
	form, err := c.form()
	if err != nil {
		return err
	}
	c.output = form
	err = command.Run(ctx, c)
	if c.called {
		s.connection.answered(err)
	}
	return s.plain(err)
}
