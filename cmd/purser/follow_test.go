package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"purser/api/openapi/openapitest"
)

// The logs of a release are followed on the built server, through an upgrade to their end.
func TestLogsAreFollowed(t *testing.T) {
	s, a := MustStart(t)
	MustUploadExamples(t, a)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	doc := openapitest.MustLoad(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Base()+"/api/purser/releases/hello/logs?follow=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	err = doc.Check(openapitest.Answer{
		Method: http.MethodGet, Path: "/api/purser/releases/hello/logs", Status: answer.StatusCode,
		Type: answer.Header.Get("Content-Type"), Header: answer.Header,
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(answer.Body)
	upgraded, event := false, ""
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			event = name
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		if event == "end" {
			var end struct{ Reason string }
			if err := json.Unmarshal([]byte(data), &end); err != nil || end.Reason != "version 1 was replaced" || !upgraded {
				t.Errorf("%s, %v, upgraded %v", data, err, upgraded)
			}
			return
		}
		if err := doc.CheckSchema("LogLine", []byte(data)); err != nil {
			t.Errorf("%v in %s", err, data)
		}
		if !upgraded && strings.Contains(data, "hello 1.0.0 listens") {
			upgraded = true
			if err := a.Call(t.Context(), http.MethodPost, "/api/release/upgrade", upgradeOf("hello", "hello", "1.0.1", ""), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Fatalf("the stream broke off: %v", lines.Err())
}
