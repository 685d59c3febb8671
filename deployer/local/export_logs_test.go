package local

// LogReader reads a log file as a follower does.
type LogReader struct{ l *logFile }

// NewLogReader begins at the last lines.
func NewLogReader(name string, lines int, most int64) (*LogReader, error) {
	l, err := openLog(name, lines, most)
	return &LogReader{l}, err
}

// Next gives the next piece; ok is false at the end of the file.
func (r *LogReader) Next(last bool) (text string, more, ok bool, err error) {
	p, err := r.l.next(last)
	return p.text, p.more, p.ok, err
}

// Close closes the files.
func (r *LogReader) Close() { r.l.close() }

// CutLog does what a supervisor does with a file that is too long.
func CutLog(name string, limit int64) { (&logKeeper{limit: limit}).cut(name) }

// TailOf gives the last lines of a file.
func TailOf(name string, lines int, most int64) (string, error) { return tailOf(name, lines, most) }
