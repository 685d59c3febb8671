package repository

// DefaultKeepEvents is how many events a store keeps when nothing else is said.
const DefaultKeepEvents = 10_000

// EventsToDrop gives the id up to which events leave the log after those with the ids from first to last were put into
// it; 0 for none. It is not due with each event: some more than keep may stay for a while.
func EventsToDrop(first, last int64, keep int) int64 {
	step := int64(max(1, keep/100))
	if (first-1)/step == last/step {
		return 0
	}
	return max(0, min(last-int64(keep), first-1))
}
