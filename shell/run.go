package shell

import (
	"context"
	"errors"
	"strings"
)

// Run runs what follows `purser shell` and gives the exit code (spec/clients.md §1.5): @FILE runs a script, any other
// argument is a command; arguments that are not each a command are one command together. Without any, the prompt is
// shown on a terminal, and standard input is a script elsewhere. The first failure is reported and ends the run.
func (s *Shell) Run(ctx context.Context, arguments []string) int {
	var err error
	mode := OneShot
	switch {
	case len(arguments) > 0 && s.each(arguments):
		err = s.runEach(ctx, arguments)
	case len(arguments) > 0:
		err = s.ExecuteWords(ctx, OneShot, arguments)
		var unknown *UnknownCommandError
		if errors.As(err, &unknown) {
			unknown.Line = strings.Join(arguments, " ")
		}
	case s.streams.InTerminal && s.prompt != nil:
		return ExitStatus(s.prompt(ctx, s))
	default:
		mode = Script
		err = s.ScriptLines(ctx, Script, s.streams.In)
	}
	s.Report(mode, err)
	return ExitStatus(err)
}

// RunFiles runs script files one after the other; the first failure is reported and ends the run.
func (s *Shell) RunFiles(ctx context.Context, files []string) int {
	for _, f := range files {
		if err := s.ScriptFile(ctx, Script, f); err != nil {
			s.Report(Script, err)
			return ExitStatus(err)
		}
	}
	return ExitOK
}

func (s *Shell) runEach(ctx context.Context, arguments []string) error {
	for _, a := range arguments {
		var err error
		if file, ok := strings.CutPrefix(a, "@"); ok {
			err = s.ScriptFile(ctx, Script, file)
		} else {
			err = s.Execute(ctx, OneShot, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// each tells whether every argument is a command of its own: the first one has several words, or is a script, or all of
// them begin with a command.
func (s *Shell) each(arguments []string) bool {
	if len(arguments) == 1 || strings.HasPrefix(arguments[0], "@") || len(strings.Fields(arguments[0])) > 1 {
		return true
	}
	for _, a := range arguments {
		if !s.standsAlone(a) {
			return false
		}
	}
	return true
}

func (s *Shell) standsAlone(argument string) bool {
	tokens := Tokenize(argument)
	if strings.HasPrefix(argument, "@") || len(tokens) == 0 || strings.HasPrefix(tokens[0].Text, "//") {
		return true
	}
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.Text
	}
	command, _ := s.Match(OneShot, words)
	return command != nil
}
