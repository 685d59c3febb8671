package client

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Retry says how often and when a request is sent again that the server has not received: any request whose connection was
// refused, and a GET whose connection was dropped. The context of the call bounds it as well.
type Retry struct {
	Times int           // how often at most; 0: 3, below 0: never
	First time.Duration // the wait before the first time, doubled each time; 0: 100 ms
	Most  time.Duration // the longest wait; 0: 2 s
}

// Defaults of Retry.
const (
	DefaultRetries    = 3
	DefaultRetryFirst = 100 * time.Millisecond
	DefaultRetryMost  = 2 * time.Second
)

func (r Retry) filled() Retry {
	if r.Times == 0 {
		r.Times = DefaultRetries
	}
	if r.First <= 0 {
		r.First = DefaultRetryFirst
	}
	if r.Most <= 0 {
		r.Most = DefaultRetryMost
	}
	return r
}

// wait gives how long to wait before the nth time, counted from 0: between half and all of the doubled wait, so that
// clients that failed together do not come back together.
func (r Retry) wait(n int) time.Duration {
	most := min(r.First, r.Most)
	for ; n > 0 && most < r.Most; n-- {
		most = min(2*most, r.Most)
	}
	return most/2 + rand.N(most/2+1)
}

// retryable tells whether a request may be sent again after err.
func retryable(method string, err error) bool {
	return refused(err) || (method == http.MethodGet || method == http.MethodHead) && dropped(err)
}

// refused tells whether err says that nobody listens: such a request has never reached a server.
func refused(err error) bool {
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && operation.Op == "dial" && errors.Is(err, syscall.ECONNREFUSED)
}

// dropped tells whether err says that a connection ended before its answer did.
func dropped(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, net.ErrClosed} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// sleep waits; it gives the context's error if that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
