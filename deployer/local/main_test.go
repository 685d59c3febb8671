package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"purser/deployer/local"
)

// TestMain lets the test's binary be three things: the tests, a supervisor, and the application that is supervised.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "shim" {
		os.Exit(local.RunShim(context.Background(), os.Args[2]))
	}
	if text := os.Getenv("SPRING_APPLICATION_JSON"); text != "" {
		var p map[string]string
		if err := json.Unmarshal([]byte(text), &p); err == nil && p["test.app"] != "" {
			os.Exit(application(p))
		}
	}
	goleak.VerifyTestMain(m)
}

// application is what runs in the tests; test.app says how it behaves.
func application(p map[string]string) int {
	fmt.Println("hello from", p["spring.cloud.application.guid"])
	fmt.Fprintln(os.Stderr, "stderr of", p["spring.cloud.application.guid"])
	switch p["test.app"] {
	case "crash":
		return 3
	case "slow":
		delay, err := time.ParseDuration(p["test.delay"])
		if err != nil {
			return 64
		}
		time.Sleep(delay)
	case "hang":
		for {
			time.Sleep(time.Hour)
		}
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
	case "family":
		// A child in the same group and one that has left it, both of which ignore SIGTERM.
		for _, detached := range []bool{false, true} {
			child := exec.Command("/bin/sh", "-c", "trap '' TERM; while :; do sleep 60; done")
			child.SysProcAttr = &syscall.SysProcAttr{Setsid: detached}
			if err := child.Start(); err != nil {
				return 65
			}
		}
	}
	return serve(p)
}

func serve(p map[string]string) int {
	healthy := true
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, os.Getpid()) })
	mux.HandleFunc("GET /actuator/health", func(w http.ResponseWriter, _ *http.Request) {
		if !healthy {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":"UP"}`)
	})
	mux.HandleFunc("/actuator/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.Header.Get("Authorization"), body)
	})
	mux.HandleFunc("POST /sick", func(http.ResponseWriter, *http.Request) { healthy = false })
	mux.HandleFunc("POST /well", func(http.ResponseWriter, *http.Request) { healthy = true })
	mux.HandleFunc("POST /exit", func(http.ResponseWriter, *http.Request) { os.Exit(7) })
	mux.HandleFunc("GET /environ", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(os.Environ()) })
	mux.HandleFunc("POST /print", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(os.Stdout, r.Body) })
	if p["test.shutdown"] != "" {
		mux.HandleFunc("POST /actuator/shutdown", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Println("asked to end")
			time.AfterFunc(10*time.Millisecond, func() { os.Exit(0) })
		})
	}
	l, err := net.Listen("tcp", ":"+p["server.port"])
	for err != nil && p["test.app"] == "patient" {
		time.Sleep(time.Millisecond)
		l, err = net.Listen("tcp", ":"+p["server.port"])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	mux.HandleFunc("POST /deaf", func(http.ResponseWriter, *http.Request) { time.AfterFunc(5*time.Millisecond, func() { _ = l.Close() }) })
	_ = http.Serve(l, mux)
	for { // deaf, but there
		time.Sleep(time.Hour)
	}
}
