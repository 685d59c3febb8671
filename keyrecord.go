package purser

// KeyRecord is what is kept of a release key besides its versions.
type KeyRecord struct {
	Key     ReleaseKey
	UUID    string // never changes, cannot be guessed; "" when nobody has asked for it yet
	Highest int    // the highest version that was discarded: its number is not used again; 0 for none
}

// VersionFilter asks for versions of one key, a page at a time. The time that a page takes does not depend on how many
// there are before it.
type VersionFilter struct {
	Key       ReleaseKey
	After     int     // the version that the page before ended with, whether it is still there or not; 0: from the beginning
	Ascending bool    // the oldest first
	Stages    []Stage // nil: all, drafts too; an empty list that is not nil fits nothing
	Archived  bool    // archived ones too
	Light     bool    // leave Package (but for its metadata), Values, Manifest and ChangeLog out
	Limit     int     // 0: no limit
}
