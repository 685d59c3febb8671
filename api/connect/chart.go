package connect

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"

	"purser"
)

// chart is a reference to a package, and with resolve the package.
type chart struct {
	text       string // as it was sent
	identifier purser.PackageIdentifier
	archive    bool // it is the URL of an archive
}

// readChart reads a reference: [repository/]name[:version], or a URL that ends in name-version.tgz or .zip (spec/dialects.md
// §1.3). A reference that is nothing of the kind leads nowhere.
func readChart(text string) (chart, error) {
	c := chart{text: strings.TrimSpace(text)}
	if c.text == "" {
		return c, invalid("chart_ref", "it is empty: name a chart")
	}
	if strings.Contains(c.text, "://") {
		return c, c.readURL()
	}
	rest := c.text
	if repository, name, ok := strings.Cut(rest, "/"); ok {
		if repository == "" || strings.Contains(name, "/") {
			return c, c.nowhere("before the name there may be one repository")
		}
		c.identifier.Repository, rest = repository, name
	}
	name, version, versioned := strings.Cut(rest, ":")
	switch {
	case name == "":
		return c, c.nowhere("it has no name")
	case versioned && version == "":
		return c, c.nowhere("it has no version behind the colon")
	}
	c.identifier.Name, c.identifier.Version = name, version
	return c, nil
}

// readURL reads the name and the version of an archive off its address.
func (c *chart) readURL() error {
	c.archive = true
	u, err := url.Parse(c.text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return c.nowhere("it is no URL of http or https")
	}
	file := path.Base(u.Path)
	base, zip := strings.CutSuffix(file, ".zip")
	base, tgz := strings.CutSuffix(base, ".tgz")
	if zip == tgz {
		return c.nowhere("it does not end in name-version.tgz or name-version.zip")
	}
	name, version, ok := splitArchive(base)
	if !ok {
		return c.nowhere("it does not end in name-version.tgz or name-version.zip")
	}
	c.identifier.Name, c.identifier.Version = name, version
	return nil
}

// splitArchive divides name-version where the version begins: at the first place behind which there is one, or at the last
// hyphen.
func splitArchive(base string) (name, version string, ok bool) {
	for i, r := range base {
		if r != '-' || i == 0 {
			continue
		}
		if _, err := semver.StrictNewVersion(base[i+1:]); err == nil {
			return base[:i], base[i+1:], true
		}
	}
	cut := strings.LastIndexByte(base, '-')
	if cut <= 0 || cut == len(base)-1 {
		return "", "", false
	}
	return base[:cut], base[cut+1:], true
}

// nowhere refuses the reference.
func (c *chart) nowhere(why string) error {
	return missing(typeChart, excerpt(c.text), fmt.Sprintf("The chart '%s' cannot be found: %s. A reference is [repository/]name[:version], "+
		"or a URL that ends in name-version.tgz or name-version.zip", excerpt(c.text), why))
}

// resolve finds the package of a reference. Afterwards the reference has its version. Of a URL name and version count alone:
// nothing is fetched from it.
func (h *Handler) resolve(ctx context.Context, c *chart) (purser.PackageMetadata, error) {
	m, err := h.Packages.Choose(ctx, h.Store, c.identifier)
	switch {
	case purser.ErrorCode(err) == purser.CodeNotFound && c.archive:
		return m, c.nowhere("no repository of this server has such a package, and nothing is fetched from URLs")
	case purser.ErrorCode(err) == purser.CodeNotFound && c.identifier.Repository != "":
		return m, c.nowhere("that repository of this server does not have it")
	case purser.ErrorCode(err) == purser.CodeNotFound:
		return m, c.nowhere("no repository of this server has it")
	case err != nil:
		return m, err
	}
	c.identifier.Version = m.Version
	return m, nil
}

// resolved is the reference with its version.
func (c *chart) resolved() string {
	id := c.identifier
	switch {
	case c.archive:
		return c.text
	case id.Repository != "":
		return id.Repository + "/" + id.Name + ":" + id.Version
	}
	return id.Name + ":" + id.Version
}

// facts are what this dialect keeps of a revision.
type facts struct {
	ChartRef string `json:"chartRef"`
}

// facts gives what is kept, as purser.Release has it.
func (c *chart) facts() (string, error) {
	text, err := json.Marshal(facts{ChartRef: c.resolved()})
	return string(text), err
}

// chartRefOf gives the reference that a revision was made of.
func chartRefOf(r purser.Release) string {
	var kept facts
	if err := json.Unmarshal([]byte(r.Facts), &kept); err == nil && kept.ChartRef != "" {
		return kept.ChartRef
	}
	return r.Package.Metadata.Name + ":" + r.Package.Metadata.Version
}
