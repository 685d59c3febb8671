package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"purser/client"
)

// demo is a server with one package and one release, for the examples.
func demo() *httptest.Server {
	answers := map[string]string{
		"GET /api": `{"_links":{"about":{"href":"<base>/api/about"},"release":{"href":"<base>/api/release"},
			"package":{"href":"<base>/api/package"},"releases":{"href":"<base>/api/releases"}}}`,
		"GET /api/purser": `{"_links":{"events":{"href":"<base>/api/events{?names}"},
			"operations":{"href":"<base>/api/purser/operations{?name,open,page,size}"},
			"previewUpgrade":{"href":"<base>/api/purser/preview/upgrade"}}}`,
		"GET /api/package": `{"_links":{"upload":{"href":"<base>/api/package/upload"},"install":{"href":"<base>/api/package/install"}}}`,
		"GET /api/release": `{"_links":{"list":{"href":"<base>/api/release/list"},"upgrade":{"href":"<base>/api/release/upgrade"},
			"status/name":{"href":"<base>/api/release/status/{name}"},"status/name/version":{"href":"<base>/api/release/status/{name}/{version}"}}}`,
		"GET /api/about":            `{"versionInfo":{"server":{"name":"Spring Cloud Skipper Server","version":"2.11.5"}}}`,
		"POST /api/package/upload":  `{"name":"hello","version":"1.0.1"}`,
		"POST /api/package/install": `{"name":"hello","version":1,"info":{"status":{"statusCode":"DEPLOYED"}}}`,
		"POST /api/release/upgrade": `{"name":"hello","version":2,"info":{"status":{"statusCode":"UNKNOWN"}}}`,
		"POST /api/purser/preview/upgrade": `{"name":"hello","version":2,"applications":[{"name":"hello","action":"replace"}],
			"difference":{"applications":[{"name":"hello","properties":[{"name":"hello.greeting","old":"Hello","new":"Good day"}]}]}}`,
		"GET /api/release/list":           `{"_embedded":{"releases":[{"name":"hello","version":1,"info":{"status":{"statusCode":"DEPLOYED"}}}]}}`,
		"GET /api/release/status/hello/2": `{"status":{"statusCode":"DEPLOYED","platformStatus":"[{\"deploymentId\":\"hello.hello-v2\",\"state\":\"deployed\"}]"}}`,
		"GET /api/purser/operations":      `{"_embedded":{"operations":[{"id":2,"kind":"upgrade","phase":"done","outcome":"succeeded","to":2}]}}`,
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		base := "http://" + r.Host
		text, ok := answers[r.Method+" "+r.URL.Path]
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/api/events":
			w.Header().Set("Content-Type", "text/event-stream")
			text = "id: 6\n\nid: 7\nevent: release\ndata: {\"id\":7,\"name\":\"hello\",\"version\":2,\"stage\":\"deployed\"}\n\n"
		case r.URL.Path == "/api":
			w.Header().Set("Link", "<"+base+`/api/purser>;rel="service"`)
		case !ok:
			w.WriteHeader(http.StatusNotFound)
			text = `{"exception":"org.springframework.cloud.skipper.ReleaseNotFoundException","releaseName":"nobody","message":"no"}`
		}
		_, _ = io.WriteString(w, strings.ReplaceAll(text, "<base>", base))
	}))
}

func Example() {
	server := demo() // in place of http://localhost:7577
	defer server.Close()

	c, err := client.New(server.URL+"/api", client.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	about, err := c.About(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(about.VersionInfo.Server.Name, about.VersionInfo.Server.Version)
	releases, err := c.Releases(ctx, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range releases {
		fmt.Println(r.Name, r.Version, r.Info.Status.Code)
	}
	// Output:
	// Spring Cloud Skipper Server 2.11.5
	// hello 1 DEPLOYED
}

func ExampleNew_credentials() {
	c, err := client.New("https://skipper.example.org/api", client.Options{
		// Asked for each request, so that it can renew what has run out.
		Authorization: func(context.Context) (string, error) {
			token, err := os.ReadFile("/run/secrets/token")
			return "Bearer " + strings.TrimSpace(string(token)), err
		},
		Retry: client.Retry{Times: 10, Most: 5 * time.Second}, // a server that restarts is waited for
	})
	fmt.Println(c.URL(), err)
	// Output: https://skipper.example.org/api <nil>
}

func ExampleClient_Upload() {
	server := demo()
	defer server.Close()
	c, err := client.New(server.URL+"/api", client.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	archive := strings.NewReader("the zip") // an *os.File just as well: it is never read into memory
	m, err := c.Upload(context.Background(), client.Upload{Name: "hello", Version: "1.0.1", Archive: archive})
	fmt.Println(m.Name, m.Version, err)
	// Output: hello 1.0.1 <nil>
}

func ExampleClient_Wait() {
	server := demo()
	defer server.Close()
	c, err := client.New(server.URL+"/api", client.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()

	r, err := c.Upgrade(ctx, client.UpgradeRequest{
		ReleaseName: "hello",
		Package:     client.PackageIdentifier{Name: "hello", Version: "1.0.1"},
		Values:      "spec:\n  applicationProperties:\n    hello.greeting: Good day\n",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := c.Wait(ctx, client.WaitRequest{
		ReleaseName: r.Name, Version: r.Version,
		Progress: func(p client.Progress) {
			if p.DeploymentID != "" {
				fmt.Println(p.DeploymentID, p.State)
			}
		},
	})
	fmt.Println(result.Outcome, err)
	// Output:
	// hello.hello-v2 deployed
	// succeeded <nil>
}

func ExampleClient_PreviewUpgrade() {
	server := demo()
	defer server.Close()
	c, err := client.New(server.URL+"/api", client.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	p, err := c.PreviewUpgrade(context.Background(), client.UpgradeRequest{
		ReleaseName: "hello", Package: client.PackageIdentifier{Name: "hello"},
	})
	if missing, ok := errors.AsType[*client.UnsupportedError](err); ok {
		fmt.Println("this is not Purser:", missing)
		return
	}
	for _, a := range p.Difference.Applications {
		for _, property := range a.Properties {
			fmt.Printf("%s: %s: %s -> %s\n", a.Name, property.Name, *property.Old, *property.New)
		}
	}
	// Output: hello: hello.greeting: Hello -> Good day
}

func ExampleClient_Events() {
	server := demo()
	defer server.Close()
	c, err := client.New(server.URL+"/api", client.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	enough := errors.New("enough")
	err = c.Events(context.Background(), client.EventFilter{Names: []string{"hello"}}, func(e client.Event) error {
		fmt.Println(e.Kind, e.Name, e.Version, e.Stage)
		return enough // without it, it goes on as long as the context
	})
	fmt.Println(errors.Is(err, enough))
	// Output:
	// release hello 2 deployed
	// true
}

func ExampleReleaseNotFoundError() {
	server := demo()
	defer server.Close()
	c, err := client.New(server.URL+"/api", client.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	_, err = c.Status(context.Background(), "nobody", 0)
	if e, ok := errors.AsType[*client.ReleaseNotFoundError](err); ok {
		fmt.Println(e.Name, "is not there:", e)
	}
	// Output: nobody is not there: Release with the name [nobody] doesn't exist
}
