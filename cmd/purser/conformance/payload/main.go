// Command payload is the application of the recorded conversations: it answers over HTTP, or ends on purpose. Its
// properties say how: demo.greeting, demo.start-delay-ms, demo.exit-after-ms (below 0: never; 0, the default of version
// 2.0.0: at once) and demo.exit-code.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// version is set when the program is built.
var version = "null"

func main() {
	if err := run(os.Getenv("SPRING_APPLICATION_JSON")); err != nil {
		fmt.Fprintln(os.Stderr, "payload:", err)
		os.Exit(1)
	}
}

func run(document string) error {
	properties := map[string]any{}
	if document != "" {
		if err := json.Unmarshal([]byte(document), &properties); err != nil {
			return fmt.Errorf("reading SPRING_APPLICATION_JSON: %w", err)
		}
	}
	property := func(name, fallback string) string {
		if text, ok := properties[name].(string); ok {
			return text
		}
		if text, ok := os.LookupEnv(name); ok {
			return text
		}
		return fallback
	}
	ends := "-1"
	if version == "2.0.0" {
		ends = "0"
	}
	var errs [3]error
	var after, delay, code int
	after, errs[0] = strconv.Atoi(property("demo.exit-after-ms", ends))
	delay, errs[1] = strconv.Atoi(property("demo.start-delay-ms", "0"))
	code, errs[2] = strconv.Atoi(property("demo.exit-code", "3"))
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	greeting, port := property("demo.greeting", "hello"), property("server.port", "8080")
	fmt.Printf("demo %s port %s greeting %s\n", version, port, greeting)
	fmt.Fprintln(os.Stderr, "demo stderr line")
	if after == 0 {
		os.Exit(code)
	}
	time.Sleep(time.Duration(delay) * time.Millisecond)
	if after > 0 {
		time.AfterFunc(time.Duration(after)*time.Millisecond, func() { os.Exit(code) })
	}
	server := &http.Server{Addr: ":" + port, Handler: pages(greeting, document), ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// pages are what the application shows.
func pages(greeting, document string) http.Handler {
	mux := http.NewServeMux()
	page := func(path, kind string, text func(r *http.Request) string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, text(r))
		})
	}
	fixed := func(text string) func(*http.Request) string { return func(*http.Request) string { return text } }
	page("/{$}", "text/plain", fixed(greeting+" from "+version+"\n"))
	page("/actuator/health", "application/json", fixed(`{"status":"UP"}`))
	page("/actuator/info", "application/json", fixed(`{"version":"`+version+`"}`))
	page("/actuator/echo", "application/json", echo)
	page("/properties", "application/json", fixed(document))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "no\n")
	})
	return mux
}

// echo tells what it was asked, quotes of the body made single.
func echo(r *http.Request) string {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return err.Error()
	}
	auth := r.Header.Get("Authorization")
	if auth == "" {
		auth = "null"
	}
	return fmt.Sprintf(`{"method":"%s","auth":"%s","body":"%s"}`, r.Method, auth, strings.ReplaceAll(string(body), `"`, "'"))
}
