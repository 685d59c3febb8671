// Package apps is the dialect in which the releases of an app are numbered snapshots: made as drafts, activated one in place
// of the other, and brought back by a rollback that makes no new one (spec/dialects.md §3). Apps stand in workspaces, these in
// organisations, and all of them in the configuration.
//
// Invariant: an answer is about what its caller may see: whatever belongs to another organisation, workspace or app is
// answered like what does not exist.
package apps
