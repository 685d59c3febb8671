package purser

import "time"

// OperationKind is what was asked for.
type OperationKind string

// The kinds. A rollback whose current version is deleted is stored as an install, any other as an upgrade whose
// Rollback field is set: they run the same phases. An activation deploys a version that is stored already, in place.
const (
	OperationInstall  OperationKind = "install"
	OperationUpgrade  OperationKind = "upgrade"
	OperationDelete   OperationKind = "delete"
	OperationScale    OperationKind = "scale"
	OperationActivate OperationKind = "activate"
)

// Word is the kind in the words of Skipper's refusals (spec/rest.md §3.1), e.g. INSTALL.
func (k OperationKind) Word() string {
	return map[OperationKind]string{
		OperationInstall: "INSTALL", OperationUpgrade: "UPGRADE",
		OperationDelete: "DELETE", OperationScale: "SCALE", OperationActivate: "ACTIVATE",
	}[k]
}

// Phase is where an open operation stands. Each phase is idempotent: it may be run again after a crash.
type Phase string

// The phases. Which of them a kind runs, and what may follow what, stands in release/phases.go.
const (
	PhaseQueued Phase = "queued" // accepted, and waiting for its turn; any number of operations of a key may
	PhaseDeploy Phase = "deploy" // hand the new applications to the platform
	PhaseWait   Phase = "wait"   // until the platform reports health, the deadline passes or a cancel comes
	PhaseRemove Phase = "remove" // take away what the new version replaces (or what a delete asks for)
	PhaseAbort  Phase = "abort"  // take away what this operation had deployed
	PhaseScale  Phase = "scale"  // tell the platform the new counts
	PhaseDone   Phase = "done"   // closed; Outcome tells how
)

// Outcome is how a closed operation ended; "" while it is open.
type Outcome string

// The outcomes.
const (
	OutcomeSucceeded Outcome = "succeeded"
	OutcomeFailed    Outcome = "failed"
	OutcomeCancelled Outcome = "cancelled"
)

// Operation is the durable record of one change to one release. It is stored before the platform is touched, and at
// most one operation of a key is under way: the store refuses a second one with CodeBusy. Others may be queued behind it,
// and take their turns in the order of their ids.
type Operation struct {
	ID       int64
	Key      ReleaseKey
	Kind     OperationKind
	Phase    Phase
	Rollback bool // the upgrade or install was asked for as a rollback
	From     int  // the version that is replaced; 0 when there is none
	To       int  // the version that the operation works on

	Deploy []string       // names of the applications of To that are deployed anew, in manifest order
	Remove []string       // deployment ids that To replaces (or that a delete removes)
	Scale  []ScaleRequest // with OperationScale, applications named by deployment id

	Activation *Activation // with OperationActivate; with OperationInstall only when a version that fails is kept

	Timeout         time.Duration // of PhaseWait
	Deadline        time.Time     // end of PhaseWait; zero before it. Kept over restarts
	CancelRequested time.Time     // zero: not asked
	RequestedBy     string        // who asked, "" when nobody was named
	FailureReason   string        // why PhaseAbort was entered: the description of the failed version

	Owner      string    // the server that performs it
	LeaseUntil time.Time // after this another server may take it over

	Outcome    Outcome
	Message    string // the failure's text, for people
	StartedAt  time.Time
	FinishedAt time.Time // zero while open
}

// Open tells whether the operation is not at its end.
func (o Operation) Open() bool { return o.Phase != PhaseDone }

// Running tells whether the operation is under way: open, and not queued.
func (o Operation) Running() bool { return o.Phase != PhaseDone && o.Phase != PhaseQueued }

// Activation is what an OperationActivate has besides.
type Activation struct {
	Mode    ActivationMode
	Revert  Stage // of the version when the activation fails: the one it had, or StageFailed
	Archive bool  // set the archived flag of the version that is replaced
	Lenient bool  // silence of the platform until the deadline is taken for consent
}

// ActivationMode says which versions an activation may deploy. What counts is the moment of its turn.
type ActivationMode string

// The modes.
const (
	ActivateStaged     ActivationMode = "staged"     // a draft that is not archived; nothing is done for the deployed version
	ActivateSuperseded ActivationMode = "superseded" // a version that was deployed before and is not now, archived or not
	ActivateEither     ActivationMode = "either"     // one of the two; nothing is done for the deployed version
)

// ScaleRequest asks for a number of instances of one deployment.
type ScaleRequest struct {
	DeploymentID string
	Count        int
	Properties   map[string]string
}
