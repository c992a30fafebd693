# The two commands of a newcomer are `make run` and `make test`; `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run build editor test check format licences deny bench clean setup

CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)
ADDRESS ?= 127.0.0.1:8080
# More for the HTTP benchmark, such as BENCH="--datasets 100000 --work turtle,publish".
BENCH ?=

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Check the tools; install Debian packages where that is allowed
	@scripts/setup.sh

run: build ## Start the demo Atlas on http://127.0.0.1:8080
	@scripts/run_demo.sh "$(TARGET)/release/vesalius" "$(ADDRESS)"

build: setup editor ## Build the release binary: $CARGO_TARGET_DIR/release/vesalius, or target/release/vesalius
	$(CARGO) build --release --locked

editor: ## Bundle the editor of the query page, where npm is; the page works without it
	@if command -v npm >/dev/null; then \
	    cd tools/editor && npm ci --silent --no-audit --no-fund && npm run --silent build && \
	    { cmp -s build/editor.js ../../static/editor.js || { cp build/editor.js ../../static/ && touch ../../src/web/pages/assets.rs; }; }; \
	else \
	    echo "npm is not there: the query page keeps its plain text field"; \
	fi

test: setup ## Run all tests
	@scripts/test.sh

check: ## Check format, lints, docs and licences; any warning fails
	@scripts/setup.sh rustfmt clippy
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --document-private-items --locked
	@$(MAKE) --no-print-directory licences

format: ## Format the code
	$(CARGO) fmt

licences: ## Check licences, bans and sources of all dependencies; advisories too where cargo-deny is there
	$(CARGO) test --quiet --locked --test licences
	@if $(CARGO) deny --version >/dev/null 2>&1; then \
	    $(CARGO) deny --locked check; \
	else \
	    echo "=== NOT CHECKED: the advisories of RustSec (they need cargo-deny: make deny). Licences, bans and sources were."; \
	fi

deny: setup ## Install cargo-deny if it is missing (some minutes) and run all its checks
	@$(CARGO) deny --version >/dev/null 2>&1 || $(CARGO) install cargo-deny --locked
	$(CARGO) deny --locked check

bench: build ## Measure: the benchmarks of the engines, then the server over HTTP beside its peers
	$(CARGO) bench --locked
	$(CARGO) build --release --locked --example hello
	@scripts/setup.sh python3 wrk
	python3 scripts/bench/bench.py --target "$(TARGET)" $(BENCH)

clean: ## Remove what was built
	$(CARGO) clean
