package packages

import "cmp"

// Limits bounds what is read of packages and of indexes. A field of 0 means its default.
type Limits struct {
	ArchiveBytes  int64 // of the zip file. Default 32 MiB
	Entries       int   // files and folders in it. Default 10,000
	EntryBytes    int64 // of one entry, unpacked. Default 16 MiB
	TotalBytes    int64 // of all entries together, unpacked. Default 64 MiB
	Ratio         int64 // unpacked to packed size of an entry above RatioFrom. Default 200
	RatioFrom     int64 // below this unpacked size the ratio does not count. Default 1 MiB
	PathBytes     int   // of an entry's name. Default 1024
	Depth         int   // of packages within packages, the outermost not counted. Default 8
	MetadataBytes int64 // of a package.yml. Default 256 KiB
	IndexBytes    int64 // of a repository's index.yml. Default 16 MiB
	IndexEntries  int   // of the documents in it. Default 50,000
}

// signatures is how many entry signatures an archive may hold at most before it is opened at all: a directory is read as
// a whole, so that a count of entries alone comes too late. Archives kept inside of an archive have some, too.
const signatures = 1 << 16

// withDefaults fills in what was left out.
func (l Limits) withDefaults() Limits {
	return Limits{
		ArchiveBytes:  cmp.Or(l.ArchiveBytes, 32<<20),
		Entries:       cmp.Or(l.Entries, 10_000),
		EntryBytes:    cmp.Or(l.EntryBytes, 16<<20),
		TotalBytes:    cmp.Or(l.TotalBytes, 64<<20),
		Ratio:         cmp.Or(l.Ratio, 200),
		RatioFrom:     cmp.Or(l.RatioFrom, 1<<20),
		PathBytes:     cmp.Or(l.PathBytes, 1024),
		Depth:         cmp.Or(l.Depth, 8),
		MetadataBytes: cmp.Or(l.MetadataBytes, 256<<10),
		IndexBytes:    cmp.Or(l.IndexBytes, 16<<20),
		IndexEntries:  cmp.Or(l.IndexEntries, 50_000),
	}
}
