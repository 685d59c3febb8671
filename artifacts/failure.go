package artifacts

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
)

var (
	errBroken  = errors.New("the answer was cut off")
	errStalled = errors.New("the server stopped sending")
	errSlow    = errors.New("the server is too slow")
	errTooLong = errors.New("it took too long")
	errTimeout = errors.New("the server did not answer in time")
	errRefused = errors.New("the connection was refused")
	errNoHost  = errors.New("the host was not found")
	errAnswer  = errors.New("no valid answer")
)

// failure is why a file has not come. The text has no secrets: no address, and nothing that a server has sent.
type failure struct {
	cause error
	again bool // it may come at another time
}

// Error implements error.
func (f *failure) Error() string { return f.cause.Error() }

// Unwrap gives the cause.
func (f *failure) Unwrap() error { return f.cause }

func final(cause error) error { return &failure{cause: cause} }
func again(cause error) error { return &failure{cause: cause, again: true} }

// mayComeAgain tells whether another attempt makes sense. Errors that are not of the net may pass.
func mayComeAgain(err error) bool {
	f, ok := errors.AsType[*failure](err)
	return !ok || f.again
}

// refused is the failure for a status.
func refused(status int) error {
	cause := fmt.Errorf("the server answered %d", status)
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return again(cause)
	}
	if status >= http.StatusInternalServerError {
		return again(cause)
	}
	return final(cause)
}

// connectFailure says in few words why there is no answer: the errors themselves tell addresses.
func (t *transfer) connectFailure(err error) error {
	for _, known := range []error{errPrivate, errScheme, errNoURL, errDowngrade} {
		if errors.Is(err, known) {
			return final(known)
		}
	}
	if errors.Is(err, errRedirects) {
		return final(fmt.Errorf("more than %d redirects", t.fetcher.redirects))
	}
	var (
		dns   *net.DNSError
		cert  *tls.CertificateVerificationError
		timed net.Error
	)
	switch {
	case errors.As(err, &cert):
		return final(errors.New("the certificate of the server is not trusted"))
	case errors.As(err, &dns):
		return again(errNoHost)
	case errors.Is(err, syscall.ECONNREFUSED):
		return again(errRefused)
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &timed) && timed.Timeout():
		return again(errTimeout)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return again(errBroken)
	}
	return again(errAnswer)
}
