package live

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Process is a running process of the machine.
type Process struct {
	PID, Parent int
	Args        []string // the command line
	Dir         string   // the working directory
}

// Processes lists the running processes whose command line, working directory or environment lies below the folder.
func Processes(folder string) []Process {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []Process
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		p, environ := readProcess(pid)
		if len(p.Args) == 0 { // it has ended, or belongs to the kernel
			continue
		}
		if strings.Contains(strings.Join(p.Args, " "), folder) || strings.HasPrefix(p.Dir, folder) || bytes.Contains(environ, []byte(folder)) {
			found = append(found, p)
		}
	}
	return found
}

func readProcess(pid int) (Process, []byte) {
	at := filepath.Join("/proc", strconv.Itoa(pid))
	line, _ := os.ReadFile(filepath.Join(at, "cmdline"))
	environ, _ := os.ReadFile(filepath.Join(at, "environ"))
	p := Process{PID: pid}
	p.Dir, _ = os.Readlink(filepath.Join(at, "cwd"))
	if text := strings.TrimRight(string(line), "\x00"); text != "" {
		p.Args = strings.Split(text, "\x00")
	}
	stat, _ := os.ReadFile(filepath.Join(at, "stat"))
	// Behind the name in parentheses: state, parent.
	if fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])); len(fields) > 1 {
		p.Parent, _ = strconv.Atoi(fields[1])
	}
	return p, environ
}

// Leftovers lists the processes of a folder by pid.
func Leftovers(folder string) []int {
	var pids []int
	for _, p := range Processes(folder) {
		pids = append(pids, p.PID)
	}
	return pids
}
