package local

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// MustJava makes a home folder of Java.
func MustJava(tb testing.TB) (home, java string) {
	tb.Helper()
	home = tb.TempDir()
	java = filepath.Join(home, "bin", "java")
	if err := os.MkdirAll(filepath.Dir(java), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(java, []byte("#!/bin/sh\n"), 0o755); err != nil {
		tb.Fatal(err)
	}
	return home, java
}

func TestJavaCommand(t *testing.T) {
	home, java := MustJava(t)
	other, java2 := MustJava(t)
	path, javaInPath := MustJava(t)
	t.Setenv("PATH", filepath.Join(path, "bin"))
	t.Setenv("JAVA_HOME", "")
	account := map[string]any{"java-home-path": map[string]any{"3": home, "2": other}}
	for _, row := range []struct {
		rule       string
		account    map[string]any
		properties map[string]string
		want       string
		warning    bool
	}{
		{"nothing said: from the path", nil, nil, javaInPath + " -jar /app.jar", false},
		{"the home for Spring Boot 3", account, nil, java + " -jar /app.jar", false},
		{"the home for Spring Boot 2", account, map[string]string{"bootVersion": "2"}, java2 + " -jar /app.jar", false},
		{"a command goes before homes", account, map[string]string{"local.javaCmd": javaInPath}, javaInPath + " -jar /app.jar", false},
		{"a home of the request", nil, map[string]string{"local.java-home-path.3": home}, java + " -jar /app.jar", false},
		{"memory", nil, map[string]string{"memory": "128"}, javaInPath + " -Xmx128m -jar /app.jar", false},
		{"a heap among the options goes before memory", map[string]any{"java-opts": "-Xmx64m  -Da"}, map[string]string{"memory": "128m"}, javaInPath + " -Xmx64m -Da -jar /app.jar", false},
		{"options of the request replace those of the account", map[string]any{"java-opts": "-Da"}, map[string]string{"local.java-opts": "-Db"}, javaInPath + " -Db -jar /app.jar", false},
		{"debug address", nil, map[string]string{"local.debug-address": "*:5005", "local.debug-port": "1"}, javaInPath + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=*:5007 -jar /app.jar", false},
		{"a bad debug port only warns", nil, map[string]string{"local.debug-port": "x"}, javaInPath + " -jar /app.jar", true},
	} {
		t.Run(row.rule, func(t *testing.T) {
			a, err := Decode("default", row.account)
			if err != nil {
				t.Fatal(err)
			}
			properties := map[string]string{}
			for name, text := range row.properties {
				properties["spring.cloud.deployer."+name] = text
			}
			s, err := a.settingsFor(properties)
			if err != nil {
				t.Fatal(err)
			}
			argv, warnings, err := s.java("/app.jar", 2)
			if err != nil || strings.Join(argv, " ") != row.want || (len(warnings) > 0) != row.warning {
				t.Errorf("%q, %q, %v, expected %s", argv, warnings, err, row.want)
			}
		})
	}

	t.Run("JAVA_HOME goes before the path", func(t *testing.T) {
		t.Setenv("JAVA_HOME", home)
		if got, err := (settings{}).javaCommand(); got != java || err != nil {
			t.Errorf("%s, %v", got, err)
		}
	})
	t.Run("a home without java", func(t *testing.T) {
		s := settings{Account: Account{JavaHomePath: map[string]string{"3": "/nosuch"}}, boot: "3"}
		if got, err := s.javaCommand(); err == nil {
			t.Errorf("%s", got)
		}
	})
}

func TestKindOf(t *testing.T) {
	for text, want := range map[string]kind{
		"PK\x03\x04": archive, "PK": archive, "\x7fELF\x02": executable, "#!/bin/sh": executable, "#!": executable,
		"": unknownFile, "P": unknownFile, "MZ\x90\x00": unknownFile, "# !x": unknownFile, "\x7fEL": unknownFile,
	} {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := kindOf(file); got != want || err != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestParseStat(t *testing.T) {
	line := "42 (a) b (c)) S 1 40 41 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 1000 200"
	got, err := parseStat([]byte(line))
	want := procStat{state: 'S', parent: 1, group: 40, session: 41, ticks: 777}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	own, err := identify(os.Getpid())
	if err != nil || !own.alive() {
		t.Errorf("%+v, %v", own, err)
	}
	own.Ticks++
	if own.alive() {
		t.Error("a process with another start time is alive")
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("42 (a) S 1 40 41 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 1000 200"))
	f.Add([]byte(")"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if s, err := parseStat(line); err == nil && (s.state == 0 || !bytes.ContainsRune(line, ')')) {
			t.Errorf("%+v", s)
		}
	})
}

func TestFileName(t *testing.T) {
	long := strings.Repeat("x", 300)
	for id, want := range map[string]string{
		"rel.app-v1": "rel.app-v1", "": "%", "..": "%2E.", ".": "%2E", "a/../b": "a%2F..%2Fb", "a b%": "a%20b%25", "ü": "%C3%BC",
	} {
		if diff := cmp.Diff(want, fileName(id)); diff != "" {
			t.Errorf("%q: %s", id, diff)
		}
	}
	if got := fileName(long); len(got) != 117 || got == fileName(long+"x") {
		t.Errorf("a long id: %s", got)
	}
}
