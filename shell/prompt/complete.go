package prompt

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/reeflective/readline"

	"purser/shell"
)

// patience is how long a key waits for names that only the server knows.
const patience = 250 * time.Millisecond

// completer offers what may stand where the cursor is.
type completer struct {
	shell    *shell.Shell
	ended    context.Context
	patience time.Duration
	late     func()     // is called when an answer has come after all
	room     func() int // rows that there are to show candidates
}

// complete implements readline.Shell.Completer. Names that the server does not give in time are there the next time.
func (c *completer) complete(line []rune, cursor int) readline.Completions {
	before := joined(string(line[:min(cursor, len(line))]))
	type answer struct {
		start int
		found []shell.Candidate
	}
	answered := make(chan answer, 1)
	go func() {
		start, found := c.shell.Complete(c.ended, shell.Interactive, before)
		answered <- answer{start, found}
	}()
	wait := time.NewTimer(c.patience)
	defer wait.Stop()
	select {
	case a := <-answered:
		return completions(a.found, before[a.start:], c.room())
	case <-wait.C:
		go func() {
			<-answered
			c.late()
		}()
		return readline.CompleteMessage("the server has not answered yet; press Tab again in a moment")
	}
}

// completions writes candidates the way the word was begun. More of them than there is room for are not shown: the word is
// completed as far as all of them agree, and their number told.
func completions(found []shell.Candidate, typed string, room int) readline.Completions {
	values := make([]readline.Completion, 0, len(found))
	for _, f := range found {
		value := quoteLike(typed, f.Text)
		if !f.More {
			value += " "
		}
		values = append(values, readline.Completion{
			Value: value, Display: f.Text, Description: strings.TrimSuffix(f.Help, "."), Tag: f.Tag,
		})
	}
	if len(values) > room {
		common := commonPrefix(values)
		if len(common) <= len(typed) {
			return readline.CompleteMessage("%d possibilities; type a little more", len(values))
		}
		values = []readline.Completion{{Value: common, Display: common}}
	}
	all := readline.CompleteRaw(values)
	all.PREFIX = typed
	return all
}

func commonPrefix(values []readline.Completion) string {
	common := values[0].Value
	for _, v := range values[1:] {
		n := 0
		for n < min(len(common), len(v.Value)) && common[n] == v.Value[n] {
			n++
		}
		common = common[:n]
	}
	return strings.ToValidUTF8(common, "")
}

// quoteLike writes a word so that it begins like what was typed of it: in the same quotes, or with backslashes. The
// closing quote ends the word, so that one that goes on is left open.
func quoteLike(typed, word string) string {
	quote := ""
	if strings.HasPrefix(typed, `"`) || strings.HasPrefix(typed, "'") {
		quote = typed[:1]
	}
	var b strings.Builder
	b.WriteString(quote)
	for _, r := range word {
		switch {
		case r == '\\', quote != "" && string(r) == quote, quote == "" && (unicode.IsSpace(r) || r == '\'' || r == '"'):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	if quote != "" && !strings.HasSuffix(word, "/") {
		b.WriteString(quote)
	}
	return b.String()
}
