package repository

import "purser"

// The refusals below read the same from every store.

// ErrBusy is the refusal of a second open operation on a key (spec/rest.md §3.1). A rollback is told apart by its own
// word whatever kind it is stored as.
func ErrBusy(o purser.Operation) *purser.Error {
	word := o.Kind.Word()
	if o.Rollback {
		word = "ROLLBACK"
	}
	return purser.Errorf(purser.CodeBusy, "Statemachine is not in state ready to do %s", word)
}

// ErrClosed is what a store answers after Close.
func ErrClosed() *purser.Error {
	return purser.Errorf(purser.CodeUnavailable, "The store is closed")
}

// ErrReleaseExists refuses a version that its key has already.
func ErrReleaseExists(r purser.Release) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "Release with the name [%s] and version [%d] already exists", r.Key.Name, r.Version)
}

// ErrTagExists refuses a tag that another version of the key has.
func ErrTagExists(r purser.Release) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "Release with the name [%s] and tag [%s] already exists", r.Key.Name, r.Tag)
}

// ErrNoReleaseUUID is the refusal for the UUID of no release version.
func ErrNoReleaseUUID(uuid string) *purser.Error {
	return purser.Errorf(purser.CodeReleaseNotFound, "Release with uuid='%s' can not be found.", uuid)
}

// ErrNoKey is the answer for a key of which nothing is kept.
func ErrNoKey(key purser.ReleaseKey) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Nothing is kept of release [%s]", key)
}

// ErrNoKeyUUID is the refusal for the UUID of no key.
func ErrNoKeyUUID(uuid string) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Release name with uuid='%s' can not be found.", uuid)
}

// ErrKeyHasUUID refuses a second UUID of a key.
func ErrKeyHasUUID(key purser.ReleaseKey) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "Release [%s] has a UUID already", key)
}

// ErrCheckExists refuses a check whose context its version has already.
func ErrCheckExists(c purser.Check) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "A check with the context [%s] already exists.", c.Context)
}

// ErrNoCheck is the refusal for the UUID of no check.
func ErrNoCheck(uuid string) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Check with uuid='%s' can not be found.", uuid)
}

// ErrNoDelivery is the refusal for the id of no delivery.
func ErrNoDelivery(id int64) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Delivery with id='%d' can not be found.", id)
}

// ErrNoReleaseID is the refusal for the id of no release version.
func ErrNoReleaseID(id int64) *purser.Error {
	return purser.Errorf(purser.CodeReleaseNotFound, "Release with id='%d' can not be found.", id)
}

// ErrNoRelease is the refusal of a search for one version, or with version 0 for the latest.
func ErrNoRelease(key purser.ReleaseKey, version int) *purser.Error {
	if version == 0 {
		return purser.ErrReleaseNotFound(key.Name)
	}
	return purser.ErrVersionNotFound(key.Name, version)
}

// ErrPackageExists refuses a name and version that the repository has already.
func ErrPackageExists(m purser.PackageMetadata) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "Package [%s:%s] in Repository [%s] already exists.", m.Name, m.Version, m.RepositoryName)
}

// ErrNoPackage is the refusal for the id of no package (spec/rest.md §3.3).
func ErrNoPackage(id int64) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Package with id='%d' can not be found.", id)
}

// ErrRepositoryExists refuses a repository whose name is taken.
func ErrRepositoryExists(name string) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "Repository [%s] already exists.", name)
}

// ErrNoOperation is the answer for a key without an open operation.
func ErrNoOperation(key purser.ReleaseKey) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Release [%s] has no operation under way", key)
}

// ErrNoOperationID is the refusal for the id of no operation.
func ErrNoOperationID(id int64) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Operation with id='%d' can not be found.", id)
}
