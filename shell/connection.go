package shell

import "sync"

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
}

func (c *connection) now() Connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Connection{URI: c.target.URI, State: c.state}
}

func (c *connection) is(state ConnectionState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = state
}
