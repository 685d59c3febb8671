// Command hello is the sample application of the example packages: a web server that greets, configured the way Spring
// applications are, by the JSON in SPRING_APPLICATION_JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is set when the program is linked.
var version = "dev"

// broken is the version whose application cannot work: it says so and ends.
const broken = "2.0.0"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "hello:", err)
		os.Exit(1)
	}
}

func run() error {
	properties := map[string]any{}
	if text := os.Getenv("SPRING_APPLICATION_JSON"); text != "" {
		if err := json.Unmarshal([]byte(text), &properties); err != nil {
			return fmt.Errorf("reading SPRING_APPLICATION_JSON: %w", err)
		}
	}
	property := func(name, fallback string) string {
		if v, ok := properties[name]; ok {
			return fmt.Sprint(v)
		}
		return fallback
	}

	port, greeting := property("server.port", "8080"), property("hello.greeting", "Hello")
	fmt.Printf("hello %s listens on port %s\n", version, port)
	if version == broken {
		return errors.New("this version is broken on purpose")
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s from version %s\n", greeting, version)
	})
	mux.HandleFunc("GET /actuator/health", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"status":"UP"}`)
	})

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Addr: ":" + port, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
