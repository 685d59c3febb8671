// Package applicationv1connect is what `make proto` makes of proto/otterscale/application/v1/application.proto: the handler
// and the client of the ApplicationService.
//
// Invariant: nothing in it is written by hand but this comment.
package applicationv1connect
