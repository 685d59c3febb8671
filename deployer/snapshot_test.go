package deployer

import (
	"path/filepath"
	"testing"
)

func FuzzParseMetadata(f *testing.F) {
	f.Add([]byte(metadataOf("1.0-20261122.1-3")))
	f.Add([]byte(metadataOf("../../x")))
	f.Add([]byte("<metadata><versioning><snapshot><timestamp>/..</timestamp><buildNumber>1</buildNumber></snapshot></versioning></metadata>"))
	f.Add([]byte("<!DOCTYPE m [<!ENTITY a \"aaaa\">]><metadata>&a;</metadata>"))
	c := Coordinates{Group: "g", Artifact: "a", Extension: "jar", Version: "1.0-SNAPSHOT"}
	f.Fuzz(func(t *testing.T, text []byte) {
		version, ok := parseMetadata(text, c)
		if name := c.file(version); ok && (!filepath.IsLocal(name) || filepath.Base(name) != name) {
			t.Fatalf("%q leads to %s", text, name)
		}
	})
}

func FuzzParseChecksum(f *testing.F) {
	f.Add("da39a3ee5e6b4b0d3255bfef95601890afd80709  app.jar\n")
	f.Add("SHA1(app.jar)= DA39A3EE5E6B4B0D3255BFEF95601890AFD80709")
	f.Fuzz(func(t *testing.T, text string) {
		if sum, ok := parseChecksum(text, 40); ok && len(sum) != 40 {
			t.Fatalf("%q gives %q", text, sum)
		}
	})
}
