package release

import (
	"context"
	"strings"
	"unicode/utf8"

	"purser"
)

// plan is what a new version is made of, worked out before anything is stored.
type plan struct {
	pkg          purser.Package
	values       *string
	manifest     string
	apps         []purser.AppSpec
	platformName string
	platform     purser.Deployer
	kept         map[string]string // application -> deployment of an earlier version that goes on
	removed      []string          // deployments of the earlier version that go
	difference   purser.Difference // from the earlier version, of an upgrade
}

// fresh lists the applications that are deployed anew, in manifest order.
func (p plan) fresh() []string {
	var names []string
	for _, app := range p.apps {
		if p.kept[app.Name] == "" {
			names = append(names, app.Name)
		}
	}
	return names
}

// stored gives the values as the row keeps them: blank ones are none.
func (p plan) stored() *string {
	if p.values == nil || blank(*p.values) {
		return nil
	}
	return p.values
}

// plan renders a package with values into a plan without kept applications.
func (e *Engine) plan(ctx context.Context, m purser.PackageMetadata, values *string, platform string) (plan, error) {
	pkg, err := e.Packages.Read(ctx, m)
	if err != nil {
		return plan{}, err
	}
	p := plan{pkg: pkg, values: values, platformName: platform}
	if err := e.render(&p, nil); err != nil {
		return plan{}, err
	}
	if p.platform, err = e.Platforms.Find(platform); err != nil {
		return plan{}, err
	}
	return p, nil
}

// render makes the manifest and reads its applications.
func (e *Engine) render(p *plan, counts map[string]int) (err error) {
	request := purser.RenderRequest{Package: p.pkg, Values: p.values, Counts: counts}
	if p.manifest, err = e.Renderer.Render(request); err != nil {
		return err
	}
	p.apps, err = e.Renderer.Applications(p.manifest)
	return err
}

// locatable refuses applications whose resource cannot be told.
func locatable(apps []purser.AppSpec) error {
	for _, app := range apps {
		if _, err := app.Location(); err != nil {
			return err
		}
	}
	return nil
}

// stillThere tells, inside a transaction, whether the planned package was not deleted meanwhile.
func stillThere(ctx context.Context, q purser.Reader, m purser.PackageMetadata) error {
	_, err := q.FindPackage(ctx, m.ID)
	if purser.ErrorCode(err) == purser.CodeNotFound {
		return purser.Errorf(purser.CodeNotFound, "Can not find package '%s', version '%s'", m.Name, m.Version)
	}
	return err
}

const longestName = 255

// validName refuses release names that the contract's columns cannot hold.
func validName(name string) error {
	if utf8.RuneCountInString(name) > longestName {
		return purser.Errorf(purser.CodeInvalid, "Release name must not be longer than %d characters", longestName)
	}
	if strings.ContainsRune(name, 0) {
		return purser.Errorf(purser.CodeInvalid, "Release name must not contain a null character")
	}
	return nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
