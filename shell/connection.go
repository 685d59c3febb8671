package shell

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"purser/client"
)

// ConnectionState says how the shell stands with its server.
type ConnectionState uint8

// The states of the connection.
const (
	Untried     ConnectionState = iota // no command needed the server yet
	Connected                          // the last call was answered
	Unreachable                        // the last call was not
)

// Connection is what the prompt shows.
type Connection struct {
	URI   string
	State ConnectionState
}

// connection is the server that commands speak to.
type connection struct {
	mu     sync.Mutex
	target Target
	state  ConnectionState
	client *client.Client // nil until it is needed
}

func (c *connection) now() Connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Connection{URI: c.target.URI, State: c.state}
}

// use points the connection to another server.
func (c *connection) use(t Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil {
		c.client.Close()
	}
	c.target, c.state, c.client = t, Untried, nil
}

// open gives the client, which is made when it is first needed.
func (c *connection) open() (*client.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil {
		made, err := newClient(c.target)
		if err != nil {
			c.state = Unreachable
			return nil, err
		}
		c.client = made
	}
	return c.client, nil
}

// answered notes how a call went.
func (c *connection) answered(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.client == nil, errors.Is(err, context.Canceled): // a call that was given up tells nothing
	case lost(err), errors.Is(err, context.DeadlineExceeded):
		c.state = Unreachable
	default:
		c.state = Connected
	}
}

// lost tells whether an error means that the server cannot be used at all.
func lost(err error) bool {
	_, unreachable := errors.AsType[*client.UnreachableError](err)
	_, insecure := errors.AsType[*client.TLSError](err)
	return unreachable || insecure || errors.Is(err, client.ErrUnauthorized)
}

func newClient(t Target) (*client.Client, error) {
	o := client.Options{
		Username: t.Username, Password: t.Password, SkipTLSVerification: t.SkipSSLValidation, UserAgent: "purser-shell",
		Retry: client.Retry{Times: -1},
	}
	if t.CredentialsProviderCommand != "" {
		o.Username, o.Password = "", ""
		o.Authorization = provider(t.CredentialsProviderCommand)
	}
	return client.New(t.URI, o)
}

// providerTime is how long a credentials provider may take.
const providerTime = 30 * time.Second

// provider runs a command for each request; what it prints is the Authorization header (spec/clients.md §1.5).
func provider(command string) func(ctx context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		words := strings.Fields(command)
		if len(words) == 0 {
			return "", nil
		}
		ctx, cancel := context.WithTimeout(ctx, providerTime)
		defer cancel()
		out, err := exec.CommandContext(ctx, words[0], words[1:]...).Output()
		if err != nil {
			var exit *exec.ExitError
			if errors.As(err, &exit) && len(exit.Stderr) > 0 {
				return "", fmt.Errorf("the provider '%s' failed: %w: %s", words[0], err, strings.TrimSpace(string(exit.Stderr)))
			}
			return "", fmt.Errorf("the provider '%s' failed: %w", words[0], err)
		}
		header := strings.TrimSpace(string(out))
		if header == "" || strings.ContainsAny(header, "\r\n") {
			return "", fmt.Errorf("the provider '%s' must print one line, such as 'Bearer abc'", words[0])
		}
		return header, nil
	}
}

// Connect asks the server what it is, for those who want to know before the first command does.
func (s *Shell) Connect(ctx context.Context) error {
	c, err := s.connection.open()
	if err == nil {
		_, err = c.About(ctx)
		s.connection.answered(err)
	}
	return s.plain(err)
}

// Client gives the client of the server that commands speak to; it is made when it is first needed and nothing is sent.
func (s *Shell) Client() (*client.Client, error) { return s.connection.open() }
