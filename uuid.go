package purser

import (
	"crypto/sha1"
	"fmt"
)

// packageNamespace is the namespace of the UUIDs of packages, a random one.
const packageNamespace = "\x8d\x0c\x5e\x2b\x97\x41\x4f\x0e\xb3\x6a\x5d\x19\x24\xc7\xf8\x01"

// UUID is the id of the package version beyond this server: the same for the same repository, name and version, always.
func (m PackageMetadata) UUID() string {
	return nameUUID(packageNamespace, fmt.Sprintf("%q %q %q", m.RepositoryName, m.Name, m.Version))
}

// SubjectUUID is an id for a person or an organisation that has a name only: the same for the same name, always.
func SubjectUUID(name string) string { return nameUUID(packageNamespace, "subject "+name) }

// nameUUID gives the UUID of a name (version 5, which is made by SHA-1).
func nameUUID(namespace, name string) string {
	b := sha1.Sum([]byte(namespace + name))
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
