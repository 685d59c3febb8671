package purser

import "time"

// The requests below are for dialects whose releases are numbered snapshots: staged first, deployed later, once or again.
// All of them need a space: Skipper's own has no drafts (CodeInvalid). The engine (package release) performs them:
//
//	Stage(ctx, StageRequest) (Release, error)             CodeInvalid, CodeNotFound for package, platform; CodeConflict for the tag;
//	                                                      CodeReleaseNotFound for the version to copy
//	Submit(ctx, SubmitRequest) (Release, error)           the same
//	Activate(ctx, ActivateRequest) (ActivateResult, error) CodeReleaseNotFound; CodeConflict when the version's stage does not fit
//	                                                      the mode at its turn; CodePlatform when it was not deployed or not healthy
//	Archive(ctx, ArchiveRequest) (Release, error)         CodeReleaseNotFound; CodeConflict while it is deployed or about to be
//	Discard(ctx, DiscardRequest) error                    the same
//	KeyUUID(ctx, ReleaseKey) (string, error)              made when it is asked for the first time
//	CreateCheck(ctx, CheckRequest) (Check, error)         CodeReleaseNotFound, CodeInvalid, CodeConflict for the context
//	UpdateCheck(ctx, CheckRequest) (Check, error)         CodeNotFound, CodeInvalid
//	ReportHealthy(ctx, release UUID string) (Release, error) a report of health from outside; CodeReleaseNotFound
//
// All give CodeUnavailable once the engine closes. What is only read comes from the store: FindVersions, CountVersions,
// FindVersion, FindKey, FindChecks, FindOperations, FindPackages.

// StageRequest freezes a package with values as a draft, a new version that is not deployed (Engine.Stage). Nothing is
// told to the platform.
type StageRequest struct {
	Key       ReleaseKey
	Package   PackageIdentifier // without a version: the highest by SemVer
	PackageID int64             // when not 0 the package is named by id
	Copy      int               // when not 0 package, values, manifest and platform are those of this version of the key
	Platform  string
	Values    *string // override values

	Tag         string
	Notes       string
	Trigger     Trigger
	RequestedBy string

	// Describe, when not nil, makes Facts and may set Notes of the new version, which has its manifest, its UUID and its number
	// already. It may be called more than once. Its error refuses the request and comes out as it is.
	Describe func(draft *Release, apps []AppSpec) error
}

// SubmitRequest stages a version and queues its activation in one transaction (Engine.Submit). It answers with the draft,
// before anything is deployed; a version whose activation fails becomes failed and stays.
type SubmitRequest struct {
	StageRequest
	Timeout *time.Duration // of the health check; nil: the server's default
	Lenient bool           // silence of the platform until then is taken for consent
}

// ActivateRequest deploys a stored version in place of the deployed one, as it was frozen (Engine.Activate). Activations of
// one key take turns; one that fails leaves both versions as they were.
type ActivateRequest struct {
	Key         ReleaseKey
	Version     int
	Mode        ActivationMode
	Archive     bool           // set the archived flag of the version that is replaced
	Timeout     *time.Duration // of the health check; nil: the server's default
	Wait        bool           // answer when the platform has reported health, or the activation has failed; else when it is queued
	RequestedBy string
}

// ActivateResult is the answer to an activation.
type ActivateResult struct {
	Release  Release  // the version as it is now
	Replaced *Release // the version that was deployed until then; nil when there was none, or nothing was done
	Changed  bool     // false: the version was deployed already. True without Wait means that it is queued
}

// ArchiveRequest sets the archived flag of a version (Engine.Archive).
type ArchiveRequest struct {
	Key         ReleaseKey
	Version     int
	RequestedBy string
}

// DiscardRequest removes a version that is not deployed, for good; its number is not used again (Engine.Discard).
type DiscardRequest struct {
	Key         ReleaseKey
	Version     int
	RequestedBy string
}

// CheckRequest attaches an external check to a version, or changes one (Engine.CreateCheck, Engine.UpdateCheck). With
// UpdateCheck nil fields stay as they are.
type CheckRequest struct {
	Release     string // UUID of the version
	UUID        string // of the check, with UpdateCheck
	Context     string // with CreateCheck
	State       *CheckState
	Name        *string
	Description *string
	TargetURL   *string
	ImageURL    *string
}
