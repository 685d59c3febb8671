package local

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
)

// logTail is how many bytes of the end of all log files of a deployment are given together.
const logTail = 1 << 20

// Logs implements purser.Deployer: for each instance what it wrote to its error output, then its output, each under a
// line of its own and only when it is not blank (spec/deployers.md §2.5).
func (d *Deployer) Logs(ctx context.Context, id string) (string, error) {
	if err := d.refresh(ctx, id); err != nil {
		return "", err
	}
	d.mu.Lock()
	var slots []slot
	if dep := d.deployments[id]; dep != nil && !dep.record.Removed {
		slots = dep.record.Instances
	}
	d.mu.Unlock()
	var b strings.Builder
	for _, s := range slots {
		if s.Inherit {
			continue
		}
		for _, part := range []struct{ title, file string }{{"stderr:\n", s.stderr()}, {"stdout:\n", s.stdout()}} {
			text, err := tail(part.file, logTail/int64(2*len(slots)))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				text = "Log retrieval returned " + reason(err) + "\n"
			}
			if strings.TrimSpace(text) != "" {
				b.WriteString(part.title + text)
			}
		}
	}
	return b.String(), nil
}

// tail reads the end of a file, from the beginning of a line on when it is cut.
func tail(name string, most int64) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return "", err
	}
	from := max(0, end-most)
	b, err := io.ReadAll(io.NewSectionReader(f, from, end-from))
	if err != nil {
		return "", err
	}
	if from > 0 {
		if at := bytes.IndexByte(b, '\n'); at >= 0 {
			b = b[at+1:]
		}
	}
	return string(b), nil
}
