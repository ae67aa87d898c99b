# make demo   a move from end to end, on this machine, without root
# make test   every test that CI runs
# make lab    one diagnosis in a broken network of namespaces of this machine, without root
# make story  the case played through in such a network, and scenarios of broken ones
# The rest: build, lint, format, sanitize, fuzz, bench, test-full, clean.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help requirements test-requirements build build-lab lab story demo test test-full unit end-to-end lint format sanitize fuzz bench clean

# Two scratch paths: what is linked statically and what is tested are compiled with other flags.
PROGRAMS := .build/programs
TESTS := .build/tests
# Tests that talk with a server in their own process wait for each other; beside tests that compute they would wait for minutes.
TALKING := FerryStagingTests|FerryProbeTests|FerryReplicationTests|FerryProofTests
BIN := $(CURDIR)/$(PROGRAMS)/release
SWIFT_FILES := Package.swift Sources Tests Fuzz
STRICT := --explicit-target-dependency-import-check error

help:
	@sed -n 's/^# //p' Makefile

requirements:
	@scripts/install-requirements.sh build

test-requirements:
	@scripts/install-requirements.sh build test

build: requirements
	@echo "Building ferry and ferry-agent; the first time this takes some minutes."
	@swift build -c release --scratch-path $(PROGRAMS) $(STRICT) -Xswiftc -static-executable --product ferry-agent \
		2>&1 | scripts/lib/quiet-build.sh
	@swift build -c release --scratch-path $(PROGRAMS) $(STRICT) -Xswiftc -static-executable --product ferry \
		2>&1 | scripts/lib/quiet-build.sh
	@strip -o $(BIN)/ferry-agent.stripped $(BIN)/ferry-agent
	@mv $(BIN)/ferry-agent.stripped $(BIN)/ferry-agent
	@echo "Built $(BIN)/ferry-agent ($$(du -h $(BIN)/ferry-agent | cut -f1)) and $(BIN)/ferry"

build-lab: requirements
	@swift build -c release --scratch-path $(PROGRAMS) $(STRICT) -Xswiftc -static-executable --product ferry-lab \
		2>&1 | scripts/lib/quiet-build.sh

lab: test-requirements build build-lab
	@PATH="$(BIN):$$PATH" scripts/lab.sh

story: test-requirements build build-lab
	@PATH="$(BIN):$$PATH" scripts/story.sh

demo: test-requirements build
	@PATH="$(BIN):$$PATH" scripts/demo.sh

test: test-requirements build build-lab unit end-to-end

unit:
	@echo "Building and running the unit tests; the first time this takes some minutes."
	@swift test --scratch-path $(TESTS) $(STRICT) --filter '$(TALKING)'
	@swift test --skip-build --scratch-path $(TESTS) --skip 'EndToEndTests|$(TALKING)'

end-to-end:
	@FERRY_BIN="$(BIN)" swift test --scratch-path $(TESTS) $(STRICT) --filter EndToEndTests

test-full: test
	@PATH="$(BIN):$$PATH" FERRY_BIN="$(BIN)" FERRY_FULL=1 \
		swift test --scratch-path $(TESTS) $(STRICT) --filter EndToEndTests

lint:
	@swift format lint --strict --recursive --parallel $(SWIFT_FILES)
	@scripts/check-tree.sh

format:
	@swift format --in-place --recursive --parallel $(SWIFT_FILES)

# A crash is reported by the sanitizer: Swift's own reporter reads memory that it guards. What the libraries of tests
# keep until they end are no leaks of Ferry's. Of LMDB's maps of 256 GiB, only some at a time fit beside what the thread
# sanitizer takes.
sanitize: export SWIFT_BACKTRACE = enable=no
sanitize: export ASAN_OPTIONS = detect_leaks=0
sanitize: test-requirements
	@echo "Building and running with the address sanitizer what reads strangers' bytes."
	@FERRY_FEW_DEPENDENCIES=1 swift test --sanitize=address --scratch-path .build/address 2>&1 | scripts/lib/quiet-build.sh
	@echo "Building and running with the thread sanitizer the staging server, with agents."
	@swift test --sanitize=thread --scratch-path .build/thread --no-parallel --filter FerryStagingTests 2>&1 \
		| scripts/lib/quiet-build.sh

fuzz: test-requirements
	@scripts/fuzz.sh

bench: build
	@swift build -c release --package-path Benchmarks --scratch-path $(CURDIR)/.build/benchmarks 2>&1 | scripts/lib/quiet-build.sh
	@FERRY_BIN="$(BIN)" .build/benchmarks/release/ferry-bench $(BENCH)

clean:
	@rm -rf .build
