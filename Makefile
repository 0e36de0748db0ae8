# Puente. `make run` gives a working product, `make test` proves it; both install what is missing.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

HOST ?= 127.0.0.1
PORT ?= 3000
DATA_DIR ?= .puente
SWIFT_FLAGS ?=
SECONDS ?= 60
SOAK_SECONDS ?= 1800
SEED ?=
CLIENTS ?= 5000

.PHONY: help setup setup-test run build release test sanitizers fuzz stress soak storm outage sbom check-delivery \
	check-mutations autobahn bench bench-durable bench-gateway check format clean \
	sentiment-train sentiment-evaluate

help: ## Say what there is.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: ## Install what `make run` needs and fetch the JavaScript client.
	@scripts/setup.sh run

setup-test: ## The same for `make test`: browser, driver, Python clients.
	@scripts/setup.sh test

build: setup ## Debug build.
	swift build $(SWIFT_FLAGS)

release: setup ## Optimised build in .build-release.
	swift build -c release --scratch-path .build-release --product gateway $(SWIFT_FLAGS)
	swift build -c release --scratch-path .build-release --product conformance $(SWIFT_FLAGS)

run: setup ## Build and start the gateway with its demo on HOST:PORT.
	swift build --product gateway $(SWIFT_FLAGS)
	exec "$$(swift build --show-bin-path $(SWIFT_FLAGS))/gateway" serve --demo --host $(HOST) --port $(PORT) --data-dir $(DATA_DIR)

test: setup-test ## The cheap checks, then all tests on one debug build: Swift, real clients, a real browser.
	@scripts/test.sh

sanitizers: setup ## Values, sockets and storage under AddressSanitizer and ThreadSanitizer, a build each.
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" scripts/sanitize.sh

fuzz: setup ## Random bytes for every parser, SECONDS each (60), with libFuzzer.
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" scripts/fuzz.sh $(SECONDS)

stress: setup ## Eight processes dispatch for SECONDS (60) on a release build; prints assignments a second.
	STRESS_SECONDS=$(SECONDS) swift test -c release --scratch-path .build-stress -Xswiftc -enable-testing \
		--disable-xctest --filter DispatchStressTests $(SWIFT_FLAGS)

soak: setup-test ## Mixed load of real clients on a release build for SOAK_SECONDS (1800): nothing may grow.
	swift build -c release --scratch-path .build-release --product gateway $(SWIFT_FLAGS)
	tools/py5/bin/python scripts/soak.py --binary .build-release/release/gateway --seconds $(SOAK_SECONDS)

check-delivery: setup-test ## Clients talk while gateways, PostgreSQL and lines break for SECONDS (60); what they heard is judged. SEED=… repeats.
	swift build --product gateway $(SWIFT_FLAGS)
	TEST_BIN="$$(swift build --show-bin-path $(SWIFT_FLAGS))" tools/py5/bin/python Tests/Delivery/run.py \
		--seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

check-mutations: setup-test ## Break one promise of a debug build at a time: the checker has to notice.
	swift build --product gateway $(SWIFT_FLAGS)
	TEST_BIN="$$(swift build --show-bin-path $(SWIFT_FLAGS))" tools/py5/bin/python Tests/Delivery/mutations.py

storm: setup ## CLIENTS (5000) visitors lose their gateway at once, on a release build: when are all back, with everything?
	swift build -c release --scratch-path .build-release --product gateway $(SWIFT_FLAGS)
	scripts/storm.py --binary .build-release/release/gateway --clients $(CLIENTS)

outage: setup ## CLIENTS (500) visitors go on writing while PostgreSQL is away for SECONDS (60).
	swift build -c release --scratch-path .build-release --product gateway $(SWIFT_FLAGS)
	scripts/storm.py --binary .build-release/release/gateway --clients $(if $(filter 5000,$(CLIENTS)),500,$(CLIENTS)) --outage $(SECONDS)

sbom: build ## What the gateway is made of, as CycloneDX in .build/sbom.json.
	@scripts/sbom.py --binary "$$(swift build --show-bin-path $(SWIFT_FLAGS))/gateway" --check --output .build/sbom.json
	@echo .build/sbom.json

bench: ## What the hot paths cost, against Benchmarks/thresholds.json. Wants valgrind.
	@scripts/bench.py

bench-durable: setup ## Acknowledged messages a second through the gateway, beside pgbench on the same PostgreSQL.
	@scripts/bench-durable.py

bench-gateway: setup ## What a visitor and an event cost the gateway itself, beside the bench listener.
	@scripts/bench-gateway.py

autobahn: setup ## The 517 WebSocket cases of Autobahn, with a Python 2.7 (PYTHON2=…, or pyenv's). Not part of `make test`.
	@scripts/autobahn.sh

check: setup-test ## Format, imports, walls, scripts: everything cheap that can be wrong.
	@scripts/check.sh

sentiment-train: ## Train the sentiment engine's weights on sentiment/corpus and write them into the sources.
	swift run -c release --scratch-path .build-release $(SWIFT_FLAGS) SentimentLab train

sentiment-evaluate: ## Measure the sentiment engine on the half of sentiment/evaluation that may be looked at.
	swift run -c release --scratch-path .build-release $(SWIFT_FLAGS) SentimentLab evaluate

format: ## Format the Swift sources.
	swift format --in-place --parallel --recursive Package.swift Sources Tests

clean: ## Remove what the build made. The data directory stays.
	rm -rf .build .build-release .build-stress .build-fuzz .build-address .build-thread
