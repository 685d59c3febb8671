package deployer

import (
	"math"
	"strconv"

	"purser"
)

// Size is an amount of memory or disk in bytes.
type Size int64

// MiB is the unit that the memory and disk of a deployment are counted in.
const MiB Size = 1 << 20

// MiB gives the size in whole mebibytes.
func (s Size) MiB() int64 { return int64(s / MiB) }

// ParseSize reads a size as deployment properties have it: a number of mebibytes, with an optional m or g behind it in
// any case (spec/deployers.md §1.3). CodeInvalid.
func ParseSize(text string) (Size, error) {
	digits, unit := text, MiB
	if n := len(text) - 1; n > 0 {
		switch text[n] {
		case 'm', 'M':
			digits = text[:n]
		case 'g', 'G':
			digits, unit = text[:n], 1024*MiB
		}
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || n > uint64(math.MaxInt64/unit) {
		return 0, purser.Errorf(purser.CodeInvalid,
			"Could not parse '%s' as a byte size. Expected a number with optional 'm' or 'g' suffix", text)
	}
	return Size(n) * unit, nil
}
