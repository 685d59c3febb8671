package native

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/hal"
)

// How many last lines of each output of each instance are given.
const (
	defaultLines = 100
	maxLines     = 10_000
)

// logs is GET /api/purser/releases/{name}/logs: what the applications of the latest version have printed or, with follow,
// what they print.
func (h *Handler) logs(w http.ResponseWriter, r *http.Request) error {
	q := queryOf(r)
	request := purser.LogRequest{
		Key: key(chi.URLParam(r, "name")), App: q.values.Get("app"), Lines: q.number("lines", defaultLines, 0, maxLines),
	}
	follow := q.flag("follow")
	if q.err != nil {
		return q.err
	}
	if follow {
		return h.follow(w, r, request)
	}
	logs, err := h.Engine.TailLogs(r.Context(), request)
	if err != nil {
		return missing(err)
	}
	lines := make([]any, len(logs.Lines))
	for i, l := range logs.Lines {
		lines[i] = logLine(l)
	}
	return h.Adapter.HAL(w, r, http.StatusOK, hal.Resource{
		Fields: hal.Members{
			{Key: "name", Value: request.Key.Name}, {Key: "version", Value: logs.Version}, {Key: "logs", Value: lines},
		},
		Links: hal.Links{{Rel: "self", Href: api.Self(r)}},
	})
}

// missing answers 404 for what is asked for by its own address; Skipper's table has 409 for it.
func missing(err error) error {
	if purser.ErrorCode(err) != purser.CodeNotFound {
		return err
	}
	return &api.Failure{Status: http.StatusNotFound, Exception: api.SkipperException, Message: purser.ErrorMessage(err), Err: err}
}

// logLine is a piece of a log on the wire.
type logLine purser.LogLine

// AppendFields implements hal.Fields.
func (l logLine) AppendFields(w *hal.Writer) {
	w.Key("application")
	w.String(l.Application)
	w.Key("deploymentId")
	w.String(l.DeploymentID)
	w.Key("instance")
	w.String(l.Instance)
	w.Key("stream")
	w.String(string(l.Stream))
	w.Key("text")
	w.String(l.Text)
	if l.More {
		w.Key("more")
		w.Bool(true)
	}
}
