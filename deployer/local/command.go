package local

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// kind is what a file can be run as.
type kind int

const (
	unknownFile kind = iota
	archive          // by java -jar
	executable       // as it is
)

// kindOf looks at the first bytes of a file; its name says nothing.
func kindOf(file string) (kind, error) {
	f, err := os.Open(file)
	if err != nil {
		return unknownFile, err
	}
	defer f.Close()
	head := make([]byte, 4)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return unknownFile, err
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK")):
		return archive, nil
	case bytes.HasPrefix(head, []byte("\x7fELF")), bytes.HasPrefix(head, []byte("#!")):
		return executable, nil
	}
	return unknownFile, nil
}

// command gives what is executed for a file (spec/deployers.md §2.3); dir is the run folder, index the instance's.
// Warnings are about settings that were passed over. The errors are reasons for people.
func (s settings) command(file, dir string, index int) (argv, warnings []string, err error) {
	k, err := kindOf(file)
	if err != nil {
		return nil, nil, fmt.Errorf("the application's file cannot be read: %s", reason(err))
	}
	switch k {
	case executable:
		file, err = runnable(file, dir)
		return []string{file}, nil, err
	case archive:
		return s.java(file, index)
	default:
		return nil, nil, errors.New("the application's file is neither an archive for Java (a zip) nor an executable (ELF or #!)")
	}
}

func (s settings) java(file string, index int) (argv, warnings []string, err error) {
	java, err := s.javaCommand()
	if err != nil {
		return nil, nil, err
	}
	argv = []string{java}
	debug, warning := s.debug(index)
	if warning != "" {
		warnings = append(warnings, warning)
	}
	if debug != "" {
		argv = append(argv, debug)
	}
	opts := strings.Fields(s.JavaOpts)
	hasHeap := slices.ContainsFunc(opts, func(o string) bool { return strings.HasPrefix(o, "-Xmx") })
	if s.memory > 0 && !hasHeap {
		argv = append(argv, fmt.Sprintf("-Xmx%dm", s.memory.MiB()))
	}
	return append(append(argv, opts...), "-jar", file), warnings, nil
}

// javaCommand finds the java to use: the customised command, the one of the home for the application's Spring Boot, the one
// of JAVA_HOME, the one in the path.
func (s settings) javaCommand() (string, error) {
	name := s.JavaCmd
	if name == "" || name == "java" {
		name = "java"
		if dir, ok := s.JavaHomePath[s.boot]; ok && dir != "" {
			name = filepath.Join(dir, "bin", "java")
		} else if dir := os.Getenv("JAVA_HOME"); dir != "" {
			if found, err := exec.LookPath(filepath.Join(dir, "bin", "java")); err == nil {
				return found, nil
			}
		}
	}
	found, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("the Java command '%s' is not there, or is no executable", name)
	}
	return filepath.Abs(found)
}

// debug gives the option for a remote debugger, "" for none.
func (s settings) debug(index int) (option, warning string) {
	host, port := "", s.DebugPort
	if s.DebugAddress != "" {
		port = s.DebugAddress
		if at := strings.LastIndexByte(port, ':'); at >= 0 {
			host, port = port[:at+1], port[at+1:]
		}
	}
	if port == "" {
		return "", ""
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n+index > 65535 {
		return "", fmt.Sprintf("the debug port '%s' is no port, the application starts without a debugger", port)
	}
	suspend := strings.ToLower(strings.TrimSpace(s.DebugSuspend))
	if suspend != "n" {
		suspend = "y"
	}
	return fmt.Sprintf("-agentlib:jdwp=transport=dt_socket,server=y,suspend=%s,address=%s%d", suspend, host, n+index), ""
}

// runnable gives a path under which a file can be executed. A file without the right to it, as a cache keeps it, is copied
// into the run folder.
func runnable(file, dir string) (string, error) {
	if _, err := exec.LookPath(file); err == nil {
		return filepath.Abs(file)
	}
	copied := filepath.Join(dir, filepath.Base(file))
	if err := copyFile(file, copied); err != nil {
		return "", fmt.Errorf("the application's file cannot be made executable: %s", reason(err))
	}
	return copied, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp, err := os.CreateTemp(filepath.Dir(to), ".copy-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = io.Copy(tmp, in)
	if err = errors.Join(err, tmp.Chmod(0o755), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), to)
}
