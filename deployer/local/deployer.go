package local

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
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

	pace pace // the zero value: the usual one
}

// Deployer is the platform of one account. It is safe for concurrent use; several servers may share its state folder.
type Deployer struct {
	options Options
	host    string // of the instances' URLs, when the account has none
	http    *http.Client
	disk    *disk
	exits   *exits
	starts  chan struct{} // holds a token for each supervisor that is being started
	expired *expired

	logEvents logEvents

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup // every goroutine of the deployer

	mu          sync.Mutex
	closed      bool
	deployments map[string]*deployment
	watchers    map[*watcher]struct{}
	starting    int // instances that are probed for the first time
}

var _ purser.Deployer = (*Deployer)(nil)

// deployment is what is known of one deployment.
type deployment struct {
	record record
	stamp  stamp
	live   map[string]*instance // by home; all that the record wants
	dying  map[string]*instance // by home; all that the record dooms
}

// New opens an account: it adopts what runs, starts what was promised and is not there, and finishes what was ordered to
// stop. ctx bounds the opening alone. CodeInvalid for options that cannot be meant, CodePlatform when the state folder
// cannot be used.
func New(ctx context.Context, o Options) (*Deployer, error) {
	if len(o.Shim) == 0 {
		return nil, purser.Errorf(purser.CodeInvalid, "the local platform has no command for its supervisors")
	}
	command, err := exec.LookPath(o.Shim[0])
	if err == nil {
		command, err = filepath.Abs(command)
	}
	if err != nil {
		return nil, purser.Errorf(purser.CodeInvalid, "the command of the local platform's supervisors: %w", err)
	}
	o.Shim = append([]string{command}, o.Shim[1:]...)
	if o.StateDir, err = filepath.Abs(o.StateDir); err != nil {
		return nil, platformError("the state folder", err)
	}
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
	if o.Ports == nil {
		o.Ports = NewPorts()
	}
	if o.LogLimit == 0 {
		o.LogLimit = 10 << 20
	}
	if o.KeepFiles == 0 {
		o.KeepFiles = time.Hour
	}
	if o.pace == (pace{}) {
		o.pace = usualPace()
	}
	d := &Deployer{
		options: o, host: ownAddress(ctx), http: newHTTP(), starts: make(chan struct{}, 8),
		deployments: map[string]*deployment{}, watchers: map[*watcher]struct{}{},
	}
	if d.disk, err = openDisk(o.StateDir); err != nil {
		return nil, platformError("the state folder", err)
	}
	if d.exits, err = newExits(); err != nil {
		_ = d.disk.close()
		return nil, platformError("watching processes", err)
	}
	d.ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	d.expired = newExpired(d)
	if err := d.adopt(ctx); err != nil {
		_ = d.Close() //nolint:contextcheck // what is closed must not end half-way because the opening was given up
		return nil, err
	}
	d.background(d.expired.run)
	d.background(d.followOthers)
	return d, nil
}

// platformError keeps paths, which the cause may name, out of the text for clients.
func platformError(what string, err error) *purser.Error {
	return &purser.Error{Code: purser.CodePlatform, Message: "The local platform failed: " + what + ": " + reason(err), Err: err}
}

// background runs f in a goroutine that Close waits for.
func (d *Deployer) background(f func(ctx context.Context)) {
	d.running.Add(1)
	go func() {
		defer d.running.Done()
		f(d.ctx)
	}()
}

// Info implements purser.Deployer.
func (d *Deployer) Info() purser.PlatformInfo { return d.options.Account.info() }

// DeploymentID implements purser.Deployer.
func (d *Deployer) DeploymentID(group, name string) string {
	if group == "" {
		group = "null" // as the reference has it (spec/deployers.md §1.4)
	}
	return fmt.Sprintf("%s.%s", group, name)
}

// Close implements purser.Deployer. What is being started or stopped is finished by the next New on the same folder.
func (d *Deployer) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	d.mu.Unlock()
	if d.options.StopOnExit {
		d.suspend()
	}
	d.cancel()
	d.running.Wait()
	d.logEvents.wait()
	d.exits.close()
	d.expired.removeAll()
	return d.disk.close()
}

// errClosed is the refusal after Close.
func (d *Deployer) errClosed() error {
	return purser.Errorf(purser.CodeUnavailable, "the platform account '%s' is closed", d.options.Account.Name)
}
