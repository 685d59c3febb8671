package shell

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"syscall"

	"purser/client"
)

// failure is an error in the words of the shell.
type failure struct {
	text string
	err  error
}

func (f *failure) Error() string { return f.text }

// Unwrap gives what happened.
func (f *failure) Unwrap() error { return f.err }

// plain puts errors of the client into the words of Skipper's shell (spec/clients.md §1.5); others stay as they are.
func (s *Shell) plain(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*client.UnreachableError](err); ok {
		return &failure{unreachableText(e), err}
	}
	if e, ok := errors.AsType[*client.TLSError](err); ok {
		return &failure{
			fmt.Sprintf("I/O error on request for \"%s\": no secure connection: %v. "+
				"--skip-ssl-validation (or skipper config --skipSslValidation) accepts any certificate.", e.URL, e.Err), err,
		}
	}
	if errors.Is(err, client.ErrUnauthorized) {
		return &failure{
			fmt.Sprintf("Unable to access Skipper Server at '%s': '%v'. Unauthorized, did you forget to authenticate?",
				s.connection.now().URI, err), err,
		}
	}
	return err
}

func unreachableText(e *client.UnreachableError) string {
	cause := e.Err.Error()
	switch {
	case errors.Is(e.Err, syscall.ECONNREFUSED):
		cause = "Connection refused"
	case isTimeout(e.Err):
		cause = "Connection timed out"
	default:
		if dns, ok := errors.AsType[*net.DNSError](e.Err); ok {
			cause = "Unknown host " + dns.Name
		}
	}
	host := e.URL
	if at, err := url.Parse(e.URL); err == nil {
		host = at.Host
	}
	return fmt.Sprintf("I/O error on %s request for \"%s\": Connect to %s failed: %s", e.Method, e.URL, host, cause)
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// tellf makes an error whose text is a sentence for people, often the reference's own: it may begin with a capital.
func tellf(format string, args ...any) error { return fmt.Errorf(format, args...) }
