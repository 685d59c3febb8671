package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"purser/client"
)

func logsCommand() *Command {
	return &Command{
		Name: "release logs", Group: groupRelease, Summary: "Show the logs of the applications of a release.",
		Details: "Each line begins with the instance that wrote it; --quiet leaves that out.",
		Options: []Option{
			{Name: "releaseName", Help: "the name of the release", Required: true, Values: Releases},
			{Name: "app", Help: "only this application, by its name or deployment id", Values: Applications},
			{Name: "lines", Kind: Number, Help: "how many of the last lines of each instance", Default: "100", Named: true},
			{Name: "follow", Short: "f", Kind: Flag, Help: "go on with what is added, until the version is gone or Ctrl-C", Named: true},
		},
		Examples: []string{"release logs hello", "release logs hello --app demo --follow"},
		Run:      showLogs,
	}
}

func showLogs(ctx context.Context, c *Call) error {
	server, err := c.Client()
	if err != nil {
		return err
	}
	lines := c.Number("lines")
	if lines < 0 {
		return usageErrorf("--lines is 0 or more, not '%d'", lines)
	}
	name, query := c.Text("releaseName"), client.LogQuery{Application: c.Text("app"), Lines: &lines}
	if c.Flag("follow") {
		_, err := server.FollowLogs(ctx, name, query, c.logEntry)
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	found, err := server.TailLogs(ctx, name, query)
	if _, ok := errors.AsType[*client.UnsupportedError](err); ok {
		found, err = wholeLogs(ctx, server, name, query)
	}
	if err != nil {
		return err
	}
	if c.output != formTable {
		return c.Show(Result{Data: found})
	}
	for _, e := range found.Logs {
		if err := c.logEntry(e); err != nil {
			return err
		}
	}
	return nil
}

// wholeLogs reads the logs of a server that can only give all of them.
func wholeLogs(ctx context.Context, server *client.Client, name string, q client.LogQuery) (client.LogTail, error) {
	logs, err := server.Logs(ctx, name, q.Application)
	if err != nil {
		return client.LogTail{}, err
	}
	found := client.LogTail{Name: name, Logs: []client.LogEntry{}}
	for _, id := range slices.Sorted(maps.Keys(logs)) {
		lines := strings.Split(strings.TrimSuffix(logs[id], "\n"), "\n")
		lines = lines[max(0, len(lines)-*q.Lines):]
		found.Logs = append(found.Logs, client.LogEntry{DeploymentID: id, Instance: id, Stream: "stdout", Text: strings.Join(lines, "\n")})
	}
	return found, nil
}

// logEntry writes one piece: for people each line behind its instance, else one JSON text a line or one YAML document.
func (c *Call) logEntry(e client.LogEntry) error {
	switch c.output {
	case formJSON:
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.Streams.Out, "%s\n", line)
		return err
	case formYAML:
		text, err := yamlText(e)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.Streams.Out, "---\n%s", text)
		return err
	case formTable:
	}
	if e.Text == "" {
		return nil
	}
	before := ""
	if !c.Quiet() {
		code := green
		if e.Stream == "stderr" {
			code = yellow
		}
		before = colour(code, e.Instance, c.Streams.OutTerminal) + " "
	}
	var b strings.Builder
	for line := range strings.SplitSeq(e.Text, "\n") {
		fmt.Fprintf(&b, "%s%s\n", before, line)
	}
	_, err := c.Streams.Out.Write([]byte(b.String()))
	return err
}
