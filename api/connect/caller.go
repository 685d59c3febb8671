package connect

import (
	"context"
	"net/http"
	"strings"

	rpc "connectrpc.com/connect"

	"purser"
)

type callerKey struct{}

// gate finds out who calls, before any message is read (spec/dialects.md §1.3).
func (h *Handler) gate(ctx context.Context, spec rpc.Spec, _ rpc.Peer, header http.Header) (context.Context, error) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(header.Get("Authorization")), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	caller, err := h.Callers.Authenticate(ctx, purser.Credentials{Bearer: strings.TrimSpace(token)})
	if err != nil {
		refusal := h.told(ctx, spec.Procedure, err)
		refusal.Meta().Set("WWW-Authenticate", "Bearer")
		return nil, refusal
	}
	return context.WithValue(ctx, callerKey{}, caller), nil
}

// subject is who calls, for what the call leaves behind.
func subject(ctx context.Context) string {
	caller, _ := ctx.Value(callerKey{}).(purser.Principal)
	return caller.Subject
}
