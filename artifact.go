package purser

import (
	"context"
	"io"
	"time"
)

// Artifact is a file that belongs to a package version, and how far its bytes have come.
type Artifact struct {
	ID        int64
	VersionID int64 // of PackageVersion
	Name      string
	Platform  string
	Size      int64  // bytes that it should have
	SHA256    string // that it should have, in lower case hexadecimal digits
	Source    string // URL it is fetched from; may hold a password

	Executable *bool   // nil: nothing was said
	Arguments  *string // of the command line; nil: nothing was said
	Metadata   string  // a JSON object as it was given; "" for none

	State    ArtifactState
	Received int64  // bytes that came so far
	Actual   string // SHA-256 of what came, once all of it has come
	Error    string // why it failed; "" when it has not. Also of the last attempt, while there will be another one

	Attempts   int       // that have failed
	NextAt     time.Time // when it is tried next; zero: never
	Owner      string    // the server that fetches it
	LeaseUntil time.Time // after this another server may
}

// ArtifactState is how far the bytes of an artifact have come.
type ArtifactState string

// The states.
const (
	ArtifactPending   ArtifactState = "pending"   // nothing is under way
	ArtifactUploading ArtifactState = "uploading" // bytes come in
	ArtifactUploaded  ArtifactState = "uploaded"  // they are here, and have the right checksum
	ArtifactError     ArtifactState = "error"     // they will not come
	ArtifactRemoved   ArtifactState = "removed"   // they were here
)

// Open tells whether bytes may still come.
func (s ArtifactState) Open() bool { return s == ArtifactPending || s == ArtifactUploading }

// Progress is how much of the artifact is here, from 0 to 100.
func (a Artifact) Progress() int {
	switch {
	case a.State == ArtifactUploaded:
		return 100
	case a.Size <= 0:
		return 0
	}
	return int(min(99, float64(a.Received)/float64(a.Size)*100)) // 100 are for what is checked
}

// ArtifactContent is the bytes of an artifact; whoever asked for them closes them.
type ArtifactContent interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// ArchiveExaminer finds out whether the bytes of an artifact are a package.
type ArchiveExaminer interface {
	// Examine reads an archive that is to be installed as this version of this package, whatever it is called inside. nil
	// when it has not the layout of a package; CodeInvalid or CodeTooLarge when it has, but is none.
	Examine(ctx context.Context, id PackageIdentifier, archive io.ReaderAt, size int64) (*PackageArchive, error)
}

// PackageArchive is a package that can be stored (Tx.CreatePackage).
type PackageArchive struct {
	Metadata PackageMetadata // without an ID
	Bytes    []byte
}
