package local_test

import (
	"testing"

	"purser"
	"purser/deployer/deployertest"
)

func TestConformance(t *testing.T) {
	grounds := map[purser.Deployer]*ground{}
	like := func(behaviour string, pairs ...string) func(*testing.T, purser.Deployer, *purser.Deployment) {
		return func(_ *testing.T, _ purser.Deployer, d *purser.Deployment) {
			made := app(d.App, behaviour, pairs...)
			d.Resource, d.Properties = made.Resource, made.Properties
		}
	}
	deployertest.Run(t, deployertest.Harness{
		Open: func(t *testing.T) purser.Deployer {
			g := MustGround(t, nil)
			d := g.MustOpenAndClear()
			grounds[d] = g
			return d
		},
		Healthy:  like("serve"),
		Slow:     like("slow", "test.delay", "300ms"),
		Crashing: like("crash"),
		Reopen: func(t *testing.T, d purser.Deployer) purser.Deployer {
			return grounds[d].MustOpen()
		},
		Patience: patience,
	})
}
