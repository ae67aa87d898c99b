# make demo   a move from end to end, on this machine, without root
# make test   every test that CI runs
# The rest: build, lint, format, fuzz, bench, test-full, clean.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help requirements test-requirements build demo test test-full unit end-to-end lint format fuzz bench clean

# Two scratch paths: what is linked statically and what is tested are compiled with other flags.
PROGRAMS := .build/programs
TESTS := .build/tests
BIN := $(CURDIR)/$(PROGRAMS)/release
SWIFT_FILES := Package.swift Sources Tests
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

demo: test-requirements build
	@PATH="$(BIN):$$PATH" scripts/demo.sh

test: test-requirements build unit end-to-end

unit:
	@echo "Building and running the unit tests; the first time this takes some minutes."
	@swift test --scratch-path $(TESTS) $(STRICT) --skip EndToEndTests

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

fuzz: test-requirements
	@FERRY_FUZZ_SECONDS=$${FERRY_FUZZ_SECONDS:-60} swift test --scratch-path $(TESTS) $(STRICT) --filter Fuzz

bench: build
	@swift build -c release --package-path Benchmarks --scratch-path $(CURDIR)/.build/benchmarks 2>&1 | scripts/lib/quiet-build.sh
	@FERRY_BIN="$(BIN)" .build/benchmarks/release/ferry-bench $(BENCH)

clean:
	@rm -rf .build
