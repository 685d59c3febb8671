// Package applicationv1 is what `make proto` makes of proto/otterscale/application/v1/application.proto: the messages of the
// ApplicationService.
//
// Invariant: nothing in it is written by hand but this comment.
package applicationv1
