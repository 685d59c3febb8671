package connect_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/descriptorpb"

	v1 "purser/api/connect/applicationv1"
	"purser/cmd/purser/live"
)

const guide = "../../../docs/connect.md"

// The commands of the page of the documentation print what stands behind them.
func TestGuide(t *testing.T) {
	examples, err := live.ReadExamples(guide)
	if err != nil {
		t.Fatal(err)
	}
	s := MustSite(t, "")
	terminal := live.Terminal{
		Replace: strings.NewReplacer("http://localhost:7577", s.Base(), "buf curl", mustBuf(t)+" curl"),
	}
	for _, e := range examples {
		printed, err := terminal.Run(t.Context(), e.Script)
		if err != nil {
			t.Fatalf("line %d: %v", e.Line, err)
		}
		if diff := cmp.Diff(strings.Join(strings.Fields(e.Want), ""), strings.Join(strings.Fields(printed), "")); diff != "" {
			t.Errorf("line %d: %s\n-want +got\n%s", e.Line, e.Script, diff)
		}
	}
	if len(examples) < 4 {
		t.Errorf("only %d blocks were run", len(examples))
	}
}

// mustBuf gives the program that compiles the protocol buffers, as the Makefile has it.
func mustBuf(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, file := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("../../../tools/protobuf", file))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, file), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	found, err := filepath.Glob(filepath.Join(folder, "node_modules/@bufbuild/buf-*/bin/buf"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	if out, err := exec.CommandContext(t.Context(), found[0], "--version").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return found[0]
}

// The file that is served is the one of the folder, and the messages of the server are compiled of it.
func TestTheFileIsServed(t *testing.T) {
	const folder, name = "../../../api/connect/proto", "otterscale/application/v1/application.proto"
	s := MustSite(t, "")
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	a := s.do(t, "GET", "/"+name, nil)
	if a.Status != 200 || a.Body != string(text) || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	s.do(t, "GET", "/otterscale/application/v1/openapi.json", nil).want(t, 200, "CreateRelease")

	out := mustRun(t, "", mustBuf(t), "build", folder, "--as-file-descriptor-set", "--exclude-source-info", "-o", "-#format=binpb")
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(out, &set); err != nil {
		t.Fatal(err)
	}
	compiled := protodesc.ToFileDescriptorProto(v1.File_otterscale_application_v1_application_proto)
	for _, file := range set.GetFile() {
		if diff := cmp.Diff(file, compiled, protocmp.Transform(), protocmp.IgnoreFields(&descriptorpb.FieldDescriptorProto{}, "json_name")); file.GetName() == name && diff != "" {
			t.Errorf("make proto has to be run: %s", diff)
		}
	}
}
