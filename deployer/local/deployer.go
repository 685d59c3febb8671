package local

import (
	"context"
	"log/slog"
	"time"

	"purser"
)

// Resources finds what applications are made of.
type Resources interface {
	// Fetch gives the path of a file with the content of a resource.
	Fetch(ctx context.Context, location string) (path string, err error)
}

// Options are what New needs.
type Options struct {
	Account   Account
	StateDir  string   // folder of the account's state; made if it is not there
	Shim      []string // command and arguments that end in a call of RunShim with the folder that is appended
	Resources Resources
	Clock     purser.Clock
	Log       *slog.Logger

	Environ    []string      // what applications may inherit; nil: the process's own environment
	Ports      *Ports        // shared by all accounts of a server; nil: one of the account's own
	LogLimit   int64         // bytes that one log file may grow to before it is cut; 0: 10 MiB
	KeepFiles  time.Duration // how long run folders outlive their instances, if they are deleted; 0: one hour
	StopOnExit bool          // Close stops the applications; the next New starts them again
}

// Deployer is the platform of one account.
type Deployer struct{ purser.Deployer }

// Ports knows which ports are taken.
type Ports struct{}

// NewPorts makes an empty set.
func NewPorts() *Ports { return &Ports{} }

// New opens the account and adopts what runs.
func New(ctx context.Context, o Options) (*Deployer, error) {
	return nil, purser.Errorf(purser.CodeUnavailable, "the local platform is not built yet")
}
