package purser

import "context"

// MaxLogText is how long the text of one LogLine may be, in bytes.
const MaxLogText = 64 << 10

// LogStream is an output of an instance.
type LogStream string

// The outputs.
const (
	LogStdout LogStream = "stdout"
	LogStderr LogStream = "stderr"
)

// LogLine is a piece of what an instance printed: one or more whole lines, at most MaxLogText bytes of them. A line that
// is longer comes in pieces, all but its last one with More.
type LogLine struct {
	Application  string // name; deployers, which do not know it, leave it empty
	DeploymentID string
	Instance     string // its ID, as in AppStatus; "" where the platform does not tell instances apart
	Stream       LogStream
	Text         string // without the last line feed; UTF-8, what was none is replaced
	More         bool   // the line goes on in the next piece of this stream
}

// LogFollower is what a deployer can do besides, on platforms that tell what is printed while it is printed. Whoever
// uses it asks by a type assertion and falls back to Logs.
type LogFollower interface {
	// TailLogs gives the last lines of each output of each instance, one LogLine for each output that has any, in the
	// order of instances, stderr before stdout. Its Text may be longer than MaxLogText, but all of them together are
	// bounded: then there are fewer lines. lines is 0 or more. No lines, and no error, for unknown ids. CodePlatform.
	TailLogs(ctx context.Context, id string, lines int) ([]LogLine, error)
	// FollowLogs sends the last lines of each output of each instance, and then what is printed, instances that come
	// later included, until ctx ends, the deployer is closed, or the deployment is no more and all that it printed was
	// sent; then the channel is closed. An unknown id has nothing to send and is closed at once. The lines of one output
	// come in their order. A slow receiver is waited for, in bounded memory; what leaves the platform's logs meanwhile it
	// misses. CodePlatform.
	FollowLogs(ctx context.Context, id string, lines int) (<-chan LogLine, error)
}

// LogRequest asks for what the applications of a version print.
type LogRequest struct {
	Key   ReleaseKey
	App   string // name of an application or a deployment id, in any case; "": all
	Lines int    // how many last lines of each output of each instance; 0: none
}

// Logs is what the applications of a version have printed.
type Logs struct {
	Version int
	Lines   []LogLine // in manifest order; the text of each holds all lines of one output
}

// LogFeed is a stream of what the applications of a version print.
type LogFeed struct {
	Version int
	Lines   <-chan LogLine // closed when ctx has ended or nothing can come any more
	Reason  func() string  // why Lines was closed, in words for people; "" when ctx has ended. To be asked after that
}
