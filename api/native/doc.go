// Package native is what the server offers beside Skipper's API, below /api/purser: previews of changes, differences
// between versions, logs that can be followed, the operations, and the content of packages. Answers are HAL documents and
// failures have Skipper's form, so that who reads one can read the other.
//
// Invariant: nothing here changes a release; Skipper's own paths do that.
package native
