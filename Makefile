# Purser. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILD    := build
BIN      := $(BUILD)/purser
TOOLS    := $(BUILD)/tools
EXAMPLES := $(BUILD)/examples
PORT     ?= 7577
DATA     ?= $(BUILD)/run-data
FUZZTIME ?= 20s
KILLS    ?= 50
# Where the recorded conversations with the reference server and their runner are.
CONFORMANCE ?= ../shared/conformance
PAYLOAD     := $(BUILD)/payload

export CGO_ENABLED = 1
TIME     ?= $(shell TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.buildTime=$(TIME)
# The extensions that the store never uses stay out of the C library.
GOBUILD := go build -trimpath -tags sqlite_omit_load_extension -ldflags '$(LDFLAGS)'
GOTEST  := go test -tags sqlite_omit_load_extension

.PHONY: help build demo run stop test lint bench wrk chaos conformance fuzz golden proto clients screenshots examples clean deps browser curl

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## check for a C compiler, and install one where apt can
	@command -v $${CC:-cc} >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev; \
	  else echo "a C compiler is needed (Debian: apt-get install gcc libc6-dev)" >&2; exit 1; fi; }

curl: ## check for curl, which the tests of the documentation run, and install it where apt can
	@command -v curl >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends curl; \
	  else echo "curl is needed for the tests of the documentation (Debian: apt-get install curl)" >&2; exit 1; fi; }

browser: ## check for Chromium, which the tests of the pages look through, and install it where apt can
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	  else echo "Chromium is needed for the tests of the pages (Debian: apt-get install chromium)" >&2; exit 1; fi; }

build: deps ## build the binary: build/purser
	@mkdir -p $(BUILD)
	$(GOBUILD) -o $(BIN) ./cmd/purser

examples: ## build the sample application, three versions of it
	@mkdir -p $(EXAMPLES)
	@for v in 1.0.0 1.0.1 2.0.0; do \
	  CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$$v" -o $(EXAMPLES)/hello-$$v ./examples/hello; done

demo: build examples ## the whole story on a server of its own: install, upgrade, fail, roll back, kill -9, delete
	@$(BIN) demo --apps $(EXAMPLES) --packages examples/packages

run: build examples ## leave a server running on 7577 with the example packages uploaded (make stop ends it)
	@mkdir -p $(DATA)
	@if [ -f $(DATA)/server.pid ] && kill -0 "$$(cat $(DATA)/server.pid)" 2>/dev/null; then \
	  echo "a server runs already, pid $$(cat $(DATA)/server.pid); make stop ends it" >&2; exit 1; fi
	@setsid $(BIN) serve --server.port=$(PORT) --purser.data-dir=$(DATA) >$(DATA)/server.log 2>&1 </dev/null & \
	  echo $$! >$(DATA)/server.pid
	@$(BIN) demo --upload-to http://127.0.0.1:$(PORT) --apps $(EXAMPLES) --packages examples/packages \
	  || { tail -n 5 $(DATA)/server.log >&2; exit 1; }
	@echo "Purser listens on http://localhost:$(PORT)/api (pid $$(cat $(DATA)/server.pid), log $(DATA)/server.log); make stop ends it"

stop: ## end the server that make run left; its applications end as well
	@if [ -f $(DATA)/server.pid ]; then \
	  $(BIN) demo --clear http://127.0.0.1:$(PORT) || true; \
	  kill "$$(cat $(DATA)/server.pid)" 2>/dev/null || true; rm -f $(DATA)/server.pid; fi

test: deps browser curl ## everything: unit, race, conformance of stores and platforms, end to end on the built binary
	$(GOTEST) -race -shuffle=on -count=1 -timeout 15m ./...

chaos: deps ## kill servers at random, KILLS times, and check that nothing is lost, doubled or orphaned
	$(GOTEST) -count=1 -v -timeout 30m -run '^TestChaos' ./cmd/purser/chaos -chaos.kills=$(KILLS)

lint: $(TOOLS)/golangci-lint ## golangci-lint with the import law (depguard)
	$(TOOLS)/golangci-lint run ./...

$(TOOLS)/golangci-lint: tools/go.mod
	@mkdir -p $(TOOLS)
	cd tools && CGO_ENABLED=0 go build -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

bench: build examples wrk ## speed and memory, as tables; ONLY=requests or ONLY=changes for one of them
	@go run ./cmd/bench -bin $(BIN) -apps $(EXAMPLES) -packages examples/packages -only '$(ONLY)'
	@[ -n '$(ONLY)' ] || $(GOTEST) -run '^$$' -bench . -benchmem -timeout 30m $$(go list ./... | grep -v /cmd/)
	@[ -n '$(ONLY)' ] || $(GOTEST) -count=1 -v -run '^TestMemory$$' ./cmd/purser/catalog -catalog.bytes=1073741824

wrk: ## check for wrk, which sends the requests of make bench, and install it where apt can
	@command -v wrk >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends wrk; \
	  else echo "wrk is needed (Debian: apt-get install wrk)" >&2; exit 1; fi; }

conformance: build $(PAYLOAD)/demo-1.0.0.jar ## replay the recorded conversations with the reference server
	@CONFORMANCE='$(CONFORMANCE)' BIN='$(BIN)' PAYLOAD='$(PAYLOAD)' ./tools/conformance.sh $(SCENARIOS)

$(PAYLOAD)/demo-1.0.0.jar:
	@command -v jar >/dev/null || { echo "a JDK is needed for the payload (Debian: apt-get install openjdk-17-jdk-headless)" >&2; exit 1; }
	sh $(CONFORMANCE)/payload/build.sh $(PAYLOAD)

fuzz: ## every fuzz target for FUZZTIME each
	@for pkg in $$(go list ./...); do \
	  for target in $$($(GOTEST) -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$target"; \
	    $(GOTEST) -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; done

golden: ## write the golden files anew; look at the difference before committing it
	@for pkg in $$(grep -rlE 'flag\.Bool\("update"' --include='*_test.go' . | xargs -r -n1 dirname | sort -u); do \
	  $(GOTEST) -count=1 $$pkg -update; done
	git --no-pager diff --stat -- '*testdata*'

proto: ## compile the protocol buffers anew; what comes of them is committed
	@mkdir -p $(TOOLS)
	cd tools && CGO_ENABLED=0 go build -o ../$(TOOLS)/ google.golang.org/protobuf/cmd/protoc-gen-go connectrpc.com/connect/cmd/protoc-gen-connect-go
	cd tools/protobuf && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	tools/protobuf/node_modules/@bufbuild/buf-linux-*/bin/buf generate api/connect/proto --template tools/protobuf/buf.gen.yaml
	git --no-pager diff --stat -- api/connect

clients: ## generate the clients of the tests from the OpenAPI documents of the dialects anew; what comes of them is committed
	@mkdir -p $(TOOLS)
	cd tools && CGO_ENABLED=0 go build -o ../$(TOOLS)/ github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen
	$(TOOLS)/oapi-codegen -config cmd/purser/apps/client.yaml api/apps/openapi.yaml
	$(TOOLS)/oapi-codegen -config cmd/purser/akkeris/client.yaml api/akkeris/openapi.yaml
	$(TOOLS)/oapi-codegen -config cmd/purser/catalog/client.yaml api/catalog/openapi.yaml
	git --no-pager diff --stat -- cmd/purser

screenshots: deps browser ## write a picture of each page to docs/images, in light, dark and as a phone shows it
	@mkdir -p docs/images
	$(GOTEST) -count=1 -run '^TestPictures$$' ./cmd/purser/pages -pictures '$(CURDIR)/docs/images'

clean: ## remove what was built
	rm -rf $(BUILD)
