package prompt

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/reeflective/readline"

	"purser/shell"
)

// historyKept is how many lines of the file are read; the file itself only grows.
const historyKept = 5000

// history is the lines that were typed, in the form that Skipper's shell has on disk: the time in milliseconds, a colon,
// and the line with \ and line feeds escaped. It is safe for concurrent use, and several sessions may share a file.
type history struct {
	path string // "" for none
	now  func() time.Time
	mu   sync.Mutex
	text []string
}

var _ readline.History = (*history)(nil)

// openHistory reads the history of earlier sessions. A file that is not there yet is made with the first line; with one
// that cannot be used the history is kept in memory, and the error says why.
func openHistory(path string, now func() time.Time) (*history, error) {
	h := &history{now: now}
	if path == "" {
		return h, nil
	}
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return h, fmt.Errorf("the folder of %s does not exist", path)
		}
		h.path = path
		return h, nil
	case err != nil:
		return h, err
	}
	defer func() { _ = file.Close() }() // only read
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 0, 64<<10), 1<<20)
	for lines.Scan() {
		if line := unescape(timestamp.ReplaceAllString(lines.Text(), "")); strings.TrimSpace(line) != "" {
			h.text = append(h.text, line)
		}
	}
	if err := lines.Err(); err != nil {
		return h, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	h.text = slices.Clip(h.text[max(0, len(h.text)-historyKept):])
	h.path = path
	return h, nil
}

var timestamp = regexp.MustCompile(`^\d+:`)

var (
	escaper   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`)
	unescaper = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r")
)

func unescape(line string) string { return unescaper.Replace(line) }

// add keeps a line, unless it is the last one once more, or blank. Passwords are left out of it.
func (h *history) add(line string) {
	line = withoutPasswords(strings.TrimSpace(line))
	h.mu.Lock()
	defer h.mu.Unlock()
	if line == "" || len(h.text) > 0 && h.text[len(h.text)-1] == line {
		return
	}
	h.text = append(h.text, line)
	if h.path == "" {
		return
	}
	file, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		h.path = "" // not a second time; the lines stay in memory
		return
	}
	defer func() { _ = file.Close() }()                                                                      // a line of the history is no loss
	_, _ = file.WriteString(strconv.FormatInt(h.now().UnixMilli(), 10) + ":" + escaper.Replace(line) + "\n") // as above
}

// all gives the lines, the oldest first.
func (h *history) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.text)
}

// withoutPasswords takes --password and its value out of a line: the shell asks for it when the line is used again.
func withoutPasswords(line string) string {
	tokens := shell.Tokenize(line)
	for i := len(tokens) - 1; i >= 0; i-- {
		name, _, attached := strings.Cut(tokens[i].Text, "=")
		if name != "--password" {
			continue
		}
		end := tokens[i].End
		if !attached && i+1 < len(tokens) && !strings.HasPrefix(tokens[i+1].Text, "--") {
			end = tokens[i+1].End
		}
		line = strings.TrimRight(line[:tokens[i].Start], " ") + line[end:]
	}
	return line
}

// Write implements readline.History; the session keeps the lines itself, once it knows that they are whole.
func (h *history) Write(string) (int, error) { return h.Len(), nil }

// GetLine implements readline.History.
func (h *history) GetLine(at int) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at < 0 || at >= len(h.text) {
		return "", fmt.Errorf("there is no line %d in the history", at)
	}
	return h.text[at], nil
}

// Len implements readline.History.
func (h *history) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.text)
}

// Dump implements readline.History.
func (h *history) Dump() any { return h.all() }
