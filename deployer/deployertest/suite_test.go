package deployertest_test

import (
	"testing"
	"time"

	"purser"
	"purser/deployer/deployertest"
)

func TestFakeKeepsThePromises(t *testing.T) {
	script := func(s deployertest.Script, delay time.Duration) func(*testing.T, purser.Deployer, *purser.Deployment) {
		return func(_ *testing.T, d purser.Deployer, app *purser.Deployment) {
			f := d.(*deployertest.Fake)
			f.Script(app.ID, s)
			f.Delay(app.ID, delay)
		}
	}
	deployertest.Run(t, deployertest.Harness{
		Open: func(t *testing.T) purser.Deployer {
			f := deployertest.NewFake("default")
			t.Cleanup(func() { _ = f.Close() })
			return f
		},
		Healthy:  script(deployertest.Healthy, 0),
		Slow:     script(deployertest.Healthy, 100*time.Millisecond),
		Crashing: script(deployertest.Crash, time.Millisecond),
		Reopen: func(t *testing.T, d purser.Deployer) purser.Deployer {
			f := d.(*deployertest.Fake).Reopen()
			t.Cleanup(func() { _ = f.Close() })
			return f
		},
	})
}
