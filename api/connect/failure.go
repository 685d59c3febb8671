package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	rpc "connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"purser"
	"purser/api"
)

// codes is the one table from the domain's codes to those of this dialect (spec/dialects.md §1.3). A code that is not here
// is a fault of the server.
var codes = map[purser.Code]rpc.Code{
	purser.CodeReleaseNotFound: rpc.CodeNotFound,
	purser.CodeNotFound:        rpc.CodeNotFound,
	purser.CodeInvalid:         rpc.CodeInvalidArgument,
	purser.CodeTooLarge:        rpc.CodeResourceExhausted,
	purser.CodeConflict:        rpc.CodeFailedPrecondition,
	purser.CodeBusy:            rpc.CodeAborted,
	purser.CodeNoDifference:    rpc.CodeFailedPrecondition,
	purser.CodePackageInUse:    rpc.CodeFailedPrecondition,
	purser.CodePlatform:        rpc.CodeUnavailable,
	purser.CodeUnauthenticated: rpc.CodeUnauthenticated,
	purser.CodeForbidden:       rpc.CodePermissionDenied,
	purser.CodeUnavailable:     rpc.CodeUnavailable,
}

// The types of resources and reasons in details.
const (
	typeRelease = "release"
	typeScope   = "scope"
	typeChart   = "chart"
	reason      = "DEPLOYMENT_FAILED"
	domain      = "purser"
	retryAfter  = 5 * time.Second
)

// refuse makes an error with details.
func refuse(code rpc.Code, message string, details ...proto.Message) *rpc.Error {
	e := rpc.NewError(code, errors.New(message))
	for _, one := range details {
		if d, err := rpc.NewErrorDetail(one); err == nil { // messages of this program always have a form
			e.AddDetail(d)
		}
	}
	return e
}

// invalid refuses a field.
func invalid(field, format string, args ...any) *rpc.Error {
	text := fmt.Sprintf(format, args...)
	return refuse(rpc.CodeInvalidArgument, field+": "+text, &errdetails.BadRequest{
		FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: field, Description: text}},
	})
}

// missing says that something is not there, taken that it is.
func missing(kind, name, text string) *rpc.Error {
	return refuse(rpc.CodeNotFound, text, &errdetails.ResourceInfo{ResourceType: kind, ResourceName: name, Description: text})
}

func taken(key purser.ReleaseKey, text string) *rpc.Error {
	return refuse(rpc.CodeAlreadyExists, text, &errdetails.ResourceInfo{ResourceType: typeRelease, ResourceName: nameOf(key), Description: text})
}

// notDeployed says that a revision has failed and is kept.
func notDeployed(r purser.Release, text string) *rpc.Error {
	return refuse(rpc.CodeAborted, text, &errdetails.ErrorInfo{Reason: reason, Domain: domain, Metadata: map[string]string{
		"namespace": namespaceOf(r.Key), "name": r.Key.Name, "revision": fmt.Sprint(r.Version),
	}})
}

// guard makes errors of calls, and panics, what clients are told.
func (h *Handler) guard(next rpc.UnaryFunc) rpc.UnaryFunc {
	return func(ctx context.Context, r rpc.AnyRequest) (answer rpc.AnyResponse, err error) {
		defer func() {
			if p := recover(); p != nil {
				if cause, ok := p.(error); ok && errors.Is(cause, http.ErrAbortHandler) {
					panic(p)
				}
				h.Log.ErrorContext(ctx, "call panicked", "procedure", r.Spec().Procedure, "stack", string(debug.Stack()))
				answer, err = nil, h.told(ctx, r.Spec().Procedure, fmt.Errorf("panic: %v", p))
			}
		}()
		if answer, err = next(ctx, r); err != nil {
			return nil, h.told(ctx, r.Spec().Procedure, err)
		}
		return answer, nil
	}
}

// told gives the form of an error that clients get.
func (h *Handler) told(ctx context.Context, procedure string, err error) *rpc.Error {
	if e, ok := errors.AsType[*rpc.Error](err); ok {
		return e
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil:
		return refuse(rpc.CodeDeadlineExceeded, "The time of the call has run out. What it has begun goes on.")
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return refuse(rpc.CodeCanceled, "The call was given up. What it has begun goes on.")
	}
	code, known := codes[purser.ErrorCode(err)]
	switch {
	case !known:
		id := h.NewID()
		h.Log.ErrorContext(ctx, "call failed", "error_id", id, "procedure", procedure, "error", err)
		return refuse(rpc.CodeInternal, purser.ErrorMessage(err)+" Error id: "+id, &errdetails.RequestInfo{RequestId: id})
	case code == rpc.CodeUnavailable:
		return refuse(code, purser.ErrorMessage(err), &errdetails.RetryInfo{RetryDelay: durationpb.New(retryAfter)})
	}
	return refuse(code, purser.ErrorMessage(err))
}

// statuses are the codes of failures that reach no call: broken paths, the end of the server, faults.
var statuses = map[int]rpc.Code{
	http.StatusBadRequest:            rpc.CodeInvalidArgument,
	http.StatusRequestEntityTooLarge: rpc.CodeResourceExhausted,
	http.StatusServiceUnavailable:    rpc.CodeUnavailable,
}

// WriteFailure implements api.Owner. Paths and methods that do not exist are those of a plain server of HTTP (spec/dialects.md
// §1.2).
func (h *Handler) WriteFailure(w http.ResponseWriter, r *http.Request, f *api.Failure) {
	switch f.Status {
	case http.StatusNotFound:
		http.NotFound(w, r)
		return
	case http.StatusMethodNotAllowed:
		w.Header()["Content-Type"] = nil // none, and none guessed
		w.WriteHeader(f.Status)
		return
	}
	code, known := statuses[f.Status]
	if !known {
		code = rpc.CodeInternal
	}
	_ = h.refusals.Write(w, r, refuse(code, f.Message)) // the caller is gone: nobody to tell
}
