// Command payload is an application for tests, told by its properties what to do: payload.delay (milliseconds before it
// listens), payload.starts (a file to which it adds a line with its instance when it starts), payload.exit (the code to end with at once, "" to live), payload.child (true: it starts a process in a session
// of its own) and payload.token (what it answers).
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 { // the child of an application: it lives until it is killed
		signal.Ignore(syscall.SIGTERM, syscall.SIGHUP)
		time.Sleep(time.Hour)
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "payload:", err)
		os.Exit(1)
	}
}

func run() error {
	properties := map[string]any{}
	if err := json.Unmarshal([]byte(os.Getenv("SPRING_APPLICATION_JSON")), &properties); err != nil {
		return fmt.Errorf("reading SPRING_APPLICATION_JSON: %w", err)
	}
	property := func(name string) string {
		if v, ok := properties[name]; ok {
			return fmt.Sprint(v)
		}
		return ""
	}
	if err := record(property("payload.starts"), property("spring.cloud.application.guid")); err != nil {
		return err
	}
	if text := property("payload.exit"); text != "" {
		code, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		os.Exit(code)
	}
	if property("payload.child") == "true" {
		child := exec.Command(os.Args[0], "child") //nolint:gosec,noctx // itself; it is left to the supervisor on purpose
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := child.Start(); err != nil {
			return err
		}
	}
	if text := property("payload.delay"); text != "" {
		ms, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		time.Sleep(time.Duration(ms) * time.Millisecond)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, property("payload.token")) })
	server := &http.Server{Addr: ":" + property("server.port"), Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// record adds a line to a file, in one write, so that lines of several processes do not mix.
func record(file, line string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(line + "\n")
	return err
}
