package sqlite

import (
	"slices"

	"purser"
	"purser/repository"
)

// decoded keeps what was read ready: neighbours in a list, and the answers to one question asked again and again, mostly
// have the same texts in their JSON columns, and decoding is what takes time.
type decoded struct {
	contents     *cache[purser.Package] // by hash, without Metadata
	metadata     *cache[purser.PackageMetadata]
	applications *cache[[]purser.ReleaseApplication]
	statuses     *cache[[]purser.AppStatus]
}

func newDecoded(limit int64) decoded {
	return decoded{
		contents:     newCache(limit, cloneContent),
		metadata:     newCache(limit/8, repository.CloneMetadata),
		applications: newCache(limit/8, slices.Clone[[]purser.ReleaseApplication]),
		statuses:     newCache(limit/4, repository.CloneStatuses),
	}
}

// cloneContent copies a package content, which never has metadata of its own.
func cloneContent(p purser.Package) purser.Package {
	p.Metadata = purser.PackageMetadata{}
	return repository.ClonePackage(p)
}

// weight is how much room a decoded text takes, in times of its own length.
const weight = 4

// lookUp gives the value of a JSON column: a kept one, or the one that is decoded as a Body.
func lookUp[Body, V any](kept *cache[V], column string, t text, valueOf func(Body) V) (V, error) {
	if value, ok := kept.get(string(t)); ok {
		return value, nil
	}
	var body Body
	if err := decode(column, t, &body); err != nil {
		var none V
		return none, err
	}
	value := valueOf(body)
	kept.put(string(t), weight*int64(len(t)), value)
	return value, nil
}
