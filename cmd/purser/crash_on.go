//go:build crashpoints

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// crashVariable tells a build for tests where to die: a point of the engine as in upgrade/deploy/after, or * for any
// point, and behind a colon the how-manieth time it is reached, the first when there is none. ? only prints the points.
const crashVariable = "PURSER_CRASH_AT"

// crashHook gives the hook that kills this process, without a last word, at the point that the environment names.
func crashHook() func(point string) {
	at := os.Getenv(crashVariable)
	switch at {
	case "":
		return nil
	case "?":
		return func(point string) { fmt.Fprintf(os.Stderr, "crash point %s\n", point) }
	}
	wanted, times := at, 1
	if name, count, ok := strings.Cut(at, ":"); ok {
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 {
			panic(crashVariable + " is " + at + ", expected a point, or a point and a number as in upgrade/deploy/after:2")
		}
		wanted, times = name, n
	}
	var mu sync.Mutex
	return func(point string) {
		if wanted != "*" && wanted != point {
			return
		}
		mu.Lock() // and never unlocked by the one that dies: nobody passes a point meanwhile
		if times--; times > 0 {
			mu.Unlock()
			return
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}
