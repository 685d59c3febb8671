package local

import "context"

// RunShim supervises the instance whose home is dir and gives the exit code of the supervisor. It returns when the
// instance has ended, with everything it had started.
func RunShim(ctx context.Context, dir string) (exitCode int) { return 1 }
