package local

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// process names one process for good: pids come again, but not with the same start time in the same boot (spec/deployers.md
// §5.1). The zero value names none.
type process struct {
	PID   int    `json:"pid"`
	Ticks uint64 `json:"startTicks"` // field 22 of /proc/<pid>/stat
	Boot  string `json:"bootId"`
}

// procStat is what /proc/<pid>/stat tells of a process.
type procStat struct {
	state   byte // Z for one that has ended and was not waited for
	parent  int
	group   int
	session int
	ticks   uint64
}

// bootID names the present run of the machine.
func bootID() (string, error) {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(b)), nil
}

// identify names the process that has the pid now.
func identify(pid int) (process, error) {
	boot, err := bootID()
	if err != nil {
		return process{}, err
	}
	s, err := readStat(pid)
	if err != nil {
		return process{}, err
	}
	return process{PID: pid, Ticks: s.ticks, Boot: boot}, nil
}

// alive tells whether the process still runs. One that ended and was not waited for does not.
func (p process) alive() bool {
	if p.PID <= 0 || !p.sameBoot() {
		return false
	}
	s, err := readStat(p.PID)
	return err == nil && s.ticks == p.Ticks && s.state != 'Z' && s.state != 'X'
}

// sameBoot tells whether the machine runs since before the process was started.
func (p process) sameBoot() bool {
	boot, err := bootID()
	return err == nil && boot == p.Boot
}

// signal sends a signal to the process, and to no other that may have its pid by now. It is no error when it has ended.
func (p process) signal(s unix.Signal) error {
	fd, err := unix.PidfdOpen(p.PID, 0)
	if err != nil {
		if !p.alive() {
			return nil
		}
		err = unix.Kill(p.PID, s) // a kernel or a sandbox without pidfd
	} else {
		defer func() { _ = unix.Close(fd) }()
		if !p.alive() {
			return nil
		}
		err = unix.PidfdSendSignal(fd, s, nil, 0)
	}
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}

// readStat reads /proc/<pid>/stat.
func readStat(pid int) (procStat, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return procStat{}, err
	}
	return parseStat(b)
}

// parseStat reads the fields behind the command's name, which may itself hold blanks and parentheses.
func parseStat(b []byte) (procStat, error) {
	end := bytes.LastIndexByte(b, ')')
	if end < 0 {
		return procStat{}, errors.New("no command in the process's stat")
	}
	fields := strings.Fields(string(b[end+1:]))
	if len(fields) < 20 {
		return procStat{}, fmt.Errorf("%d fields in the process's stat", len(fields))
	}
	s := procStat{state: fields[0][0]}
	for i, at := range map[int]*int{1: &s.parent, 2: &s.group, 3: &s.session} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return procStat{}, err
		}
		*at = n
	}
	ticks, err := strconv.ParseUint(fields[19], 10, 64)
	s.ticks = ticks
	return s, err
}

// processes lists the running processes that fit.
func processes(fits func(pid int, s procStat) bool) []int {
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var pids []int
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if err != nil {
			continue
		}
		if s, err := readStat(pid); err == nil && s.state != 'Z' && fits(pid, s) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// marker is the variable by which the processes of an instance are known when nobody supervises them any more.
const marker = "SUPERVISED_INSTANCE"

// marked lists the processes that were started for the instance with that home, the oldest first.
func marked(home string) []int {
	line := []byte(marker + "=" + home)
	return processes(func(pid int, _ procStat) bool {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err != nil {
			return false
		}
		for variable := range bytes.SplitSeq(b, []byte{0}) {
			if bytes.Equal(variable, line) {
				return true
			}
		}
		return false
	})
}
