package shell

// Candidate is a word that may stand where the cursor is.
type Candidate struct {
	Text string // the word itself, without quotes; use Quote to write it into a line
	Help string // what it is, "" for plain values
	Tag  string // heading: commands, options, releases, files ...
	More bool   // the word goes on: no blank after it (folders, --name=)
}
