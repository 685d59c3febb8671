package sqlite

import (
	"context"
	"errors"
	"fmt"

	"purser"
)

// Why Open refuses a file. The errors it returns wrap one of these and name the file; the file is as it was.
var (
	ErrNewer   = errors.New("it was written by a newer version of Purser")
	ErrForeign = errors.New("it is not a store of Purser")
	ErrCorrupt = errors.New("it is damaged")
)

// fault is an error of the database that has no meaning in the domain. doing says what failed. When the context has
// ended, errors.Is finds its error, for then the driver's may be about a transaction that is gone.
func fault(ctx context.Context, doing string, err error) error {
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		err = fmt.Errorf("%w: %w", ended, err)
	}
	message := "the store failed to " + doing
	if isLocked(err) {
		message += ", for another process kept its file locked"
	}
	return &purser.Error{Code: purser.CodeInternal, Message: message, Err: err}
}
