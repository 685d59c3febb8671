// Package deployertest holds what tests need of a platform: Run, the suite that every purser.Deployer passes, and Fake, a
// scripted platform in memory whose deployments succeed, crash or hang as the test wants and whose calls fail or block
// where the test says.
//
// Invariant: Fake keeps the port's promises (it passes Run), and only tests import this package.
package deployertest
