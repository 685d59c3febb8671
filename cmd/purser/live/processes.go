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
		if p, ok := readProcess(pid, folder); ok {
			found = append(found, p)
		}
	}
	return found
}

// readProcess gives a process if it is one of the folder's. One that has ended has no command line.
func readProcess(pid int, folder string) (p Process, ok bool) {
	at := filepath.Join("/proc", strconv.Itoa(pid))
	line, err := os.ReadFile(filepath.Join(at, "cmdline"))
	if err != nil || len(line) == 0 {
		return p, false
	}
	p.PID, p.Args = pid, strings.Split(strings.TrimRight(string(line), "\x00"), "\x00")
	p.Dir, _ = os.Readlink(filepath.Join(at, "cwd"))
	if !bytes.Contains(line, []byte(folder)) && !strings.HasPrefix(p.Dir, folder) {
		environ, err := os.ReadFile(filepath.Join(at, "environ"))
		if err != nil || !bytes.Contains(environ, []byte(folder)) {
			return p, false
		}
	}
	stat, _ := os.ReadFile(filepath.Join(at, "stat"))
	// Behind the name in parentheses: state, parent.
	if fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])); len(fields) > 1 {
		p.Parent, _ = strconv.Atoi(fields[1])
	}
	return p, true
}

// Leftovers lists the processes of a folder by pid.
func Leftovers(folder string) []int {
	var pids []int
	for _, p := range Processes(folder) {
		pids = append(pids, p.PID)
	}
	return pids
}
