package local_test

import (
	"net"
	"net/http"
	"testing"
	"time"

	"purser"
)

func TestProbes(t *testing.T) {
	const local = "spring.cloud.deployer.local."

	t.Run("a health probe moves between deployed and failed, never for good", func(t *testing.T) {
		g := MustGround(t, nil)
		g.options.Hasten()
		d := g.MustOpenAndClear()
		a := app("a", "serve")
		a.DeploymentProperties[local+"health-probe.path"] = "/actuator/health"
		url := MustRun(t, d, a, 1).Instances[0].Attributes["url"]
		post(t, url+"/sick", "")
		if s := MustAwait(t, d, a.ID, in(purser.StateFailed, 1)); s.FailedForGood() {
			t.Errorf("%+v", s)
		}
		post(t, url+"/well", "")
		MustAwait(t, d, a.ID, in(purser.StateDeployed, 1))
	})

	t.Run("a startup probe that is not passed leaves it deploying", func(t *testing.T) {
		g := MustGround(t, nil)
		d := g.MustOpenAndClear()
		a := app("a", "serve")
		a.DeploymentProperties[local+"startupProbe.path"] = "/nosuch"
		a.DeploymentProperties[local+"healthProbe.path"] = "/actuator/health"
		MustDeploy(t, d, a)
		url := MustAwait(t, d, a.ID, func(s purser.AppStatus) bool { return s.Instances[0].Attributes["pid"] != "" }).Instances[0].Attributes["url"]
		deadline := time.Now().Add(patience)
		for {
			response, err := http.Get(url)
			if err == nil {
				_ = response.Body.Close()
				http.DefaultClient.CloseIdleConnections()
				break
			}
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
			<-time.After(time.Millisecond)
		}
		<-time.After(100 * time.Millisecond) // several probes
		if s := status(t, d, a.ID); s.State != purser.StateDeploying {
			t.Errorf("%+v", s)
		}
	})

	t.Run("a startup probe that is passed is enough", func(t *testing.T) {
		g := MustGround(t, nil)
		a := app("a", "serve")
		a.DeploymentProperties[local+"startup-probe.path"] = "/actuator/health"
		MustRun(t, g.MustOpenAndClear(), a, 1)
	})

	t.Run("an unknown port is deployed as soon as it runs", func(t *testing.T) {
		g := MustGround(t, nil)
		s := MustRun(t, g.MustOpenAndClear(), app("a", "hang", "server.port", "0"), 1)
		if s.Instances[0].Attributes["port"] != "0" {
			t.Errorf("%+v", s)
		}
	})

	t.Run("the port of the definition wins", func(t *testing.T) {
		l, err := net.Listen("tcp", ":0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(l.Addr().String())
		_ = l.Close()
		g := MustGround(t, nil)
		s := MustRun(t, g.MustOpenAndClear(), app("a", "serve", "server.port", port), 1)
		if s.Instances[0].Attributes["port"] != port {
			t.Errorf("%+v", s)
		}
	})

	t.Run("a port that answers no more makes it deploying again", func(t *testing.T) {
		g := MustGround(t, nil)
		g.options.Hasten()
		d := g.MustOpenAndClear()
		s := MustRun(t, d, app("a", "serve"), 1)
		post(t, s.Instances[0].Attributes["url"]+"/deaf", "")
		MustAwait(t, d, s.DeploymentID, in(purser.StateDeploying, 1))
	})
}

// TestDeployedIsNoticedAtOnce measures the time between the first answer of an application and the event.
func TestDeployedIsNoticedAtOnce(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	a := app("a", "slow", "test.delay", "400ms")
	MustDeploy(t, d, a)
	url := status(t, d, a.ID).Instances[0].Attributes["url"]
	answered := make(chan time.Time, 1)
	go func() {
		for {
			if c, err := net.Dial("tcp", url[len("http://"):]); err == nil {
				answered <- time.Now()
				_ = c.Close()
				return
			}
		}
	}()
	MustAwait(t, d, a.ID, in(purser.StateDeployed, 1))
	took := time.Since(<-answered)
	t.Logf("noticed after %s", took)
	if took > 100*time.Millisecond { // 20 ms on a machine that has nothing else to do
		t.Errorf("noticed after %s", took)
	}
}

func TestPortOfAnother(t *testing.T) {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()
	MustDeploy(t, d, app("a", "patient", "server.port", port))
	s := MustAwait(t, d, "test.a-v1", func(s purser.AppStatus) bool { return s.Instances[0].Reason != "" })
	if s.State != purser.StateDeploying {
		t.Errorf("%+v", s)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	MustAwait(t, d, "test.a-v1", in(purser.StateDeployed, 1))
}
