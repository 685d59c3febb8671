package shell

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"purser/client"
)

// Arguments are the values of a line's options by their camelCase names. An option that was given without a value is
// there with no values.
type Arguments map[string][]string

// Call is a command with the options of its line.
type Call struct {
	Shell   *Shell
	Command *Command
	Mode    Mode
	Streams Streams

	given  Arguments
	output form
	called bool // the server was needed
}

// Given tells whether the option stood on the line, with or without a value.
func (c *Call) Given(name string) bool {
	_, ok := c.given[name]
	return ok
}

// Text gives the value of an option, its default when it has none.
func (c *Call) Text(name string) string {
	if values := c.given[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	if o := c.Command.Option(name); o != nil {
		return o.Default
	}
	return ""
}

// Texts gives all values of an option that takes many, commas divided as well.
func (c *Call) Texts(name string) []string {
	var texts []string
	for _, v := range c.given[name] {
		for _, piece := range strings.Split(v, ",") {
			if piece = strings.TrimSpace(piece); piece != "" {
				texts = append(texts, piece)
			}
		}
	}
	return texts
}

// Words gives all values of an option as they were given.
func (c *Call) Words(name string) []string { return slices.Clone(c.given[name]) }

// Flag tells whether a flag is set; ParseArguments saw to it that its value is one.
func (c *Call) Flag(name string) bool {
	values, ok := c.given[name]
	if !ok {
		return c.Text(name) == "true"
	}
	return len(values) == 0 || values[len(values)-1] == "true"
}

// Number gives the value of an option as a number, 0 without one; ParseArguments saw to it that it is one.
func (c *Call) Number(name string) int {
	n, err := strconv.Atoi(c.Text(name))
	if err != nil {
		return 0
	}
	return n
}

// Print writes a line of the command's result, unless it was asked to be quiet or for another form.
func (c *Call) Print(format string, args ...any) error {
	if c.output != formTable || c.Quiet() {
		return nil
	}
	_, err := fmt.Fprintf(c.Streams.Out, format+"\n", args...)
	return err
}

// Quiet tells whether only names are wanted.
func (c *Call) Quiet() bool { return c.Flag("quiet") }

// Client gives the client of the server that the shell is pointed to.
func (c *Call) Client() (*client.Client, error) {
	c.called = true
	return c.Shell.connection.open()
}
