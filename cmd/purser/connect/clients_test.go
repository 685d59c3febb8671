package connect_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	rpc "connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/emptypb"

	v1 "purser/api/connect/applicationv1"
	"purser/api/connect/applicationv1/applicationv1connect"
)

// h2c speaks HTTP/2 without TLS.
func h2c(tb testing.TB) *http.Client {
	tb.Helper()
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	t := &http.Transport{Protocols: protocols, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	tb.Cleanup(t.CloseIdleConnections)
	return &http.Client{Transport: t, Timeout: 30 * time.Second}
}

// The client that is generated for Go makes a release, over each protocol, in each form.
func TestGeneratedClient(t *testing.T) {
	s := MustSite(t, guarded)
	ways := []struct {
		name    string
		http    *http.Client
		options []rpc.ClientOption
	}{
		{"connect", s.client, nil},
		{"connect-json", s.client, []rpc.ClientOption{rpc.WithProtoJSON()}},
		{"connect-h2c", h2c(t), nil},
		{"connect-gzip", s.client, []rpc.ClientOption{rpc.WithSendGzip()}},
		{"grpc", h2c(t), []rpc.ClientOption{rpc.WithGRPC()}},
		{"grpc-json", h2c(t), []rpc.ClientOption{rpc.WithGRPC(), rpc.WithProtoJSON()}},
		{"grpc-gzip", h2c(t), []rpc.ClientOption{rpc.WithGRPC(), rpc.WithSendGzip()}},
		{"grpc-web", s.client, []rpc.ClientOption{rpc.WithGRPCWeb()}},
		{"grpc-web-json", s.client, []rpc.ClientOption{rpc.WithGRPCWeb(), rpc.WithProtoJSON()}},
		{"grpc-web-h2c", h2c(t), []rpc.ClientOption{rpc.WithGRPCWeb()}},
	}
	for n, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			stranger := applicationv1connect.NewApplicationServiceClient(way.http, s.Base(), way.options...)
			if _, err := stranger.ListReleases(t.Context(), &v1.ListReleasesRequest{}); rpc.CodeOf(err) != rpc.CodeUnauthenticated {
				t.Errorf("without a token: %v", err)
			}
			c := applicationv1connect.NewApplicationServiceClient(way.http, s.Base(), append(way.options, rpc.WithInterceptors(bearer("t-ann")))...)
			r := &v1.CreateReleaseRequest{Namespace: proto.String("go"), Name: proto.String(way.name), ChartRef: proto.String("hello:1.0.0")}
			made, err := c.CreateRelease(t.Context(), r)
			if err != nil || made.GetRevision() != 1 || made.GetVersion().GetChartRef() != "hello:1.0.0" || made.GetVersion().ApplicationVersion == nil {
				t.Fatalf("%v, %v", made, err)
			}
			s.running(t, n+1)
			_, err = c.CreateRelease(t.Context(), r)
			if detail[*errdetails.ResourceInfo](t, err, rpc.CodeAlreadyExists).GetResourceName() != "go/"+way.name {
				t.Errorf("%v", err)
			}
			_, err = c.CreateRelease(t.Context(), &v1.CreateReleaseRequest{Name: proto.String("B"), ChartRef: r.ChartRef})
			if got := detail[*errdetails.BadRequest](t, err, rpc.CodeInvalidArgument).GetFieldViolations(); len(got) != 1 || got[0].GetField() != "name" {
				t.Errorf("%v", got)
			}
			ended, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
			defer cancel()
			if _, err := c.ListReleases(ended, &v1.ListReleasesRequest{}); rpc.CodeOf(err) != rpc.CodeDeadlineExceeded {
				t.Errorf("without time: %v", err)
			}
		})
	}
}

// bearer shows a token with each call.
func bearer(token string) rpc.UnaryInterceptorFunc {
	return func(next rpc.UnaryFunc) rpc.UnaryFunc {
		return func(ctx context.Context, r rpc.AnyRequest) (rpc.AnyResponse, error) {
			r.Header().Set("Authorization", "Bearer "+token)
			return next(ctx, r)
		}
	}
}

// detail gives the detail of an error that has that code.
func detail[T proto.Message](t *testing.T, err error, code rpc.Code) (found T) {
	t.Helper()
	e, ok := errors.AsType[*rpc.Error](err)
	if !ok || e.Code() != code || len(e.Details()) != 1 {
		t.Errorf("%v, want %s with one detail", err, code)
		return found
	}
	value, err := e.Details()[0].Value()
	if err != nil {
		t.Error(err)
		return found
	}
	found, ok = value.(T)
	if !ok {
		t.Errorf("%T", value)
	}
	return found
}

// dial is a connection of grpc-go.
func dial(tb testing.TB, s *site) *grpc.ClientConn {
	tb.Helper()
	c, err := grpc.NewClient(strings.TrimPrefix(s.Base(), "http://"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// grpc-go learns by reflection what the service is, as grpcurl does, and makes a release with that alone.
func TestReflection(t *testing.T) {
	s := MustSite(t, "")
	connection := dial(t, s)
	stream, err := reflectionv1.NewServerReflectionClient(connection).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(r *reflectionv1.ServerReflectionRequest) *reflectionv1.ServerReflectionResponse {
		t.Helper()
		if err := stream.Send(r); err != nil {
			t.Fatal(err)
		}
		answer, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	list := ask(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}).GetListServicesResponse()
	if len(list.GetService()) != 1 || list.GetService()[0].GetName() != applicationv1connect.ApplicationServiceName {
		t.Fatalf("%v", list)
	}
	described := ask(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_FileContainingSymbol{
		FileContainingSymbol: list.GetService()[0].GetName(),
	}}).GetFileDescriptorResponse()
	set := &descriptorpb.FileDescriptorSet{}
	for _, raw := range described.GetFileDescriptorProto() {
		file := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(raw, file); err != nil {
			t.Fatal(err)
		}
		set.File = append(set.File, file)
	}
	if len(set.GetFile()) < 2 {
		set.File = append(set.File, protodesc.ToFileDescriptorProto(emptypb.File_google_protobuf_empty_proto))
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		t.Fatal(err)
	}
	found, err := files.FindDescriptorByName(protoreflect.FullName(applicationv1connect.ApplicationServiceName))
	if err != nil {
		t.Fatal(err)
	}
	method := found.(protoreflect.ServiceDescriptor).Methods().ByName("CreateRelease")
	request := dynamicpb.NewMessage(method.Input())
	for field, value := range map[string]string{"name": "web", "chart_ref": "hello:1.0.0"} {
		request.Set(method.Input().Fields().ByName(protoreflect.Name(field)), protoreflect.ValueOfString(value))
	}
	reply := dynamicpb.NewMessage(method.Output())
	if err := connection.Invoke(t.Context(), applicationv1connect.ApplicationServiceCreateReleaseProcedure, request, reply, grpc.UseCompressor(gzip.Name)); err != nil {
		t.Fatal(err)
	}
	if got := reply.Get(method.Output().Fields().ByName("revision")).Int(); got != 1 {
		t.Errorf("%v", reply)
	}
	s.running(t, 1)
	err = connection.Invoke(t.Context(), applicationv1connect.ApplicationServiceCreateReleaseProcedure, request, reply)
	if status.Code(err) != codes.AlreadyExists || len(status.Convert(err).Details()) != 1 {
		t.Errorf("%v", err)
	}
	if err := connection.Invoke(t.Context(), service+"NoSuchCall", request, reply); status.Code(err) != codes.Unimplemented {
		t.Errorf("an unknown call: %v", err)
	}
}

// A stream of questions that its client leaves open is ended by the server, which does not wait for it when it stops.
func TestReflectionStreamsEnd(t *testing.T) {
	s := MustSite(t, "")
	stream, err := reflectionv1.NewServerReflectionClient(dial(t, s)).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	question := &reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}
	if err := stream.Send(question); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if _, err := stream.Recv(); err == nil || time.Since(begun) > 20*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
}

// The client for Node makes a release over each protocol.
func TestNodeClient(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/node")); err != nil {
		t.Fatal(err)
	}
	set := &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{
		protodesc.ToFileDescriptorProto(emptypb.File_google_protobuf_empty_proto),
		protodesc.ToFileDescriptorProto(v1.File_otterscale_application_v1_application_proto),
	}}
	described, err := proto.Marshal(set)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "service.bin"), described, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	mustRun(t, folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	s := MustSite(t, "")
	for n, protocol := range []string{"connect", "connect-json", "grpc", "grpc-web"} {
		t.Run(protocol, func(t *testing.T) {
			var saw struct {
				Revision, Listed, Details    int
				ChartName, ChartRef, Refusal string
			}
			out := mustRun(t, folder, "node", "call.mjs", s.Base(), protocol, protocol)
			if err := json.Unmarshal(out, &saw); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if saw.Revision != 1 || saw.Listed != 1 || saw.Details != 1 || saw.ChartRef != "hello:1.0.0" || saw.Refusal != "AlreadyExists" {
				t.Errorf("it saw %+v", saw)
			}
			s.running(t, n+1)
		})
	}
}

func mustRun(t *testing.T, folder, program string, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir = folder
	out, err := command.Output()
	if err != nil {
		said := ""
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			said = string(e.Stderr)
		}
		t.Fatalf("%s %v: %v\n%s%s", program, args, err, out, said)
	}
	return out
}

// HTTP/2 without TLS serves the other APIs as well, and the server ends while connections are open.
func TestUnencryptedHTTP2(t *testing.T) {
	s := MustSite(t, "")
	c := h2c(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Base()+"/api/about", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusOK {
		t.Errorf("%s %s", answer.Proto, answer.Status)
	}
	idle, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.Base(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	begun := time.Now()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 8*time.Second {
		t.Errorf("the end took %s", took)
	}
}
