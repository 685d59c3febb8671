package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Scenario is a conversation with a server whose store is empty.
type Scenario struct {
	Name   string
	Steps  []Step
	Golden map[string]Answer // what the reference answered, by Step.Key
}

// Step is one request of a conversation, with what to do with its answer.
type Step struct {
	Name      string
	Do        string             // "METHOD /path"; ${var} stands for a saved value
	Headers   map[string]*string // besides Accept: application/json; null leaves one out
	Body      json.RawMessage    // JSON to send; a text is sent as it is
	Upload    json.RawMessage    // an archive, put into the body: the name of a package folder, or an Archive
	Until     *Until             // the request is repeated until the answer holds it
	Save      map[string]Rule    // values kept for later steps
	Ignore    []string           // pointers that are not compared
	Unordered []string           // pointers of lists whose order does not count
	Heads     []string           // further headers that are compared
	Setup     bool               // sent, not compared
	Only      []string           // the parts of the answer that are compared; all of them when there are none

	Key string `json:"-"` // "NN name"
}

// Until is what an answer is waited for: a status, a text in it, or a value at a pointer.
type Until struct {
	Status   int
	Contains string
	Pointer  string
	Equals   any
	Within   float64 // seconds; 0 means 60
}

// Rule says which part of an answer is kept: the first group of Regex in the text at Pointer.
type Rule struct {
	Pointer string
	Regex   string
}

// Archive is a package that a scenario brings along.
type Archive struct {
	Name    string            `json:"name"`
	Version string            `json:"version"`
	Files   map[string]string `json:"files"`
	Top     *string           `json:"top"`        // the folder in the archive, name-version when absent
	Zip     []byte            `json:"zip_base64"` // in place of Files
}

// Answer is what is compared of an answer: status, type, headers, and json or text.
type Answer map[string]any

// Names lists the scenarios of a folder that holds scenarios/ and golden/.
func Names(folder fs.FS) ([]string, error) {
	files, err := fs.Glob(folder, "scenarios/*.json")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f), ".json"))
	}
	return names, nil
}

// Load reads a scenario and the answers of the reference.
func Load(folder fs.FS, name string) (Scenario, error) {
	s := Scenario{Name: name}
	if err := read(folder, "scenarios/"+name+".json", &s.Steps); err != nil {
		return s, err
	}
	for i := range s.Steps {
		s.Steps[i].Key = fmt.Sprintf("%02d %s", i+1, s.Steps[i].Name)
	}
	return s, read(folder, "golden/"+name+".json", &s.Golden)
}

func read(folder fs.FS, file string, into any) error {
	text, err := fs.ReadFile(folder, file)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // 1 and 1.0 are not the same answer
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
