package shell

import "context"

// Mode is a way in which commands reach the shell; modes combine as bits.
type Mode uint8

// The modes.
const (
	Interactive Mode = 1 << iota // typed at the prompt
	Script                       // a line of a file or of standard input
	OneShot                      // an argument of `purser shell`
	Direct                       // a command of the program: purser release list
)

// AllModes is every mode.
const AllModes = Interactive | Script | OneShot | Direct

// Kind is what the value of an option is; it says how the value is read and what `help` calls its type.
type Kind uint8

// The kinds.
const (
	Text     Kind = iota // any text
	Flag                 // true or false; given without a value it is true
	Number               // a whole number
	File                 // the path of a file
	Duration             // spec/clients.md §1.2: ISO-8601, or a number and a unit
)

// Values is what the values of an option complete to.
type Values uint8

// What values complete to.
const (
	NoValues        Values = iota
	Releases               // names of releases
	ReleaseVersions        // versions of the release that the line names
	Packages               // names of packages
	PackageVersions        // versions of the package that the line names
	Platforms              // names of platforms
	Repositories           // names of repositories
	Applications           // names of the applications of the release that the line names
	Files                  // files and folders
	Folders                // folders
	CommandNames           // words of commands
	Formats                // forms of output
)

// Option is an option of a command.
type Option struct {
	Name     string // in camelCase, as `help` shows it; the form with hyphens is understood as well
	Short    string // one letter, "" for none
	Kind     Kind
	Type     string // what `help` calls its type; "" for the usual word of its kind
	Help     string
	Default  string
	Required bool
	// Many takes a comma list or several words; Call.Texts gives them.
	Many bool
	// Bare lets the option stand without a value, as --wait besides --wait=30s. Flags are always so.
	Bare bool
	// Named options are never given by position.
	Named bool
	// Added marks what Skipper's shell does not have; `help` shows such options only with --all.
	Added  bool
	Values Values
}

// Command is a command of the language.
type Command struct {
	Name    string   // its words, with single blanks
	Aliases []string // further names
	Group   string   // the heading in `help`
	Summary string   // one sentence
	Details string   // further paragraphs for --help and the manual
	// Examples are lines without the program's name.
	Examples []string
	// Options in the order in which words without a name fill them.
	Options []Option
	// Modes where it exists; 0 means all.
	Modes Mode
	// Rest gives all words that are left to the last option that is not Named.
	Rest bool
	Run  func(ctx context.Context, c *Call) error
}

// In tells whether the command exists in the mode.
func (c *Command) In(m Mode) bool { return c.Modes == 0 || c.Modes&m != 0 }

// Names gives the name and the aliases.
func (c *Command) Names() []string { return append([]string{c.Name}, c.Aliases...) }

// Option finds an option by its name, in either spelling, or by its letter; nil when there is none. The options that
// every command has are among them.
func (c *Command) Option(name string) *Option {
	for i := range c.Options {
		if o := &c.Options[i]; o.answers(name) {
			return o
		}
	}
	for i := range everywhere {
		if o := &everywhere[i]; o.answers(name) {
			return o
		}
	}
	return nil
}

// AllOptions gives the options of the command, followed by those that every command has.
func (c *Command) AllOptions() []Option {
	all := append([]Option(nil), c.Options...)
	for _, o := range everywhere {
		if c.own(o.Name) == nil {
			all = append(all, o)
		}
	}
	return all
}

// rest gives the option that takes all words that are left, nil when there is none.
func (c *Command) rest() *Option {
	if !c.Rest {
		return nil
	}
	for i := len(c.Options) - 1; i >= 0; i-- {
		if !c.Options[i].Named {
			return &c.Options[i]
		}
	}
	return nil
}

func (c *Command) own(name string) *Option {
	for i := range c.Options {
		if c.Options[i].Name == name {
			return &c.Options[i]
		}
	}
	return nil
}

// everywhere are the options of every command.
var everywhere = []Option{
	{
		Name: "output", Short: "o", Help: "the form of the output: table, json or yaml", Default: "table",
		Named: true, Added: true, Values: Formats,
	},
	{Name: "quiet", Short: "q", Kind: Flag, Help: "print only names, one a line, and nothing when all went well", Named: true, Added: true},
}

// TypeName is what `help` calls the option's type.
func (o *Option) TypeName() string {
	if o.Type != "" {
		return o.Type
	}
	return [...]string{Text: "String", Flag: "boolean", Number: "Integer", File: "File", Duration: "String"}[o.Kind]
}

func (o *Option) answers(name string) bool {
	return name == o.Name || Camel(name) == o.Name || (o.Short != "" && name == o.Short)
}
