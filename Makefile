# Every target makes .venv and installs what it needs when that is missing or out of date.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
DATA ?= .pincite/demo
STAMP := .venv/.installed
# Tests of one file stay together; a process takes 1.5 GB, so there are four at most.
TESTS := $(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile
export HF_HUB_DISABLE_TELEMETRY := 1

.PHONY: demo serve test test-all coverage lint lint-widget check bench browser screenshots clean

demo: $(STAMP)  ## index the sample documents, ask three questions, evaluate
	@$(BIN)/pincite demo --data $(DATA)

serve: $(STAMP)  ## the same index behind HTTP
	@$(BIN)/pincite demo --quiet --data $(DATA)
	@$(BIN)/pincite serve --data $(DATA)

test: $(STAMP) browser  ## the fast tests
	$(TESTS)

test-all: $(STAMP) browser  ## the slow ones too
	$(TESTS) -m "slow or not slow"

coverage: $(STAMP) browser  ## the fast tests, telling what no test reaches; takes twice as long
	$(TESTS) --cov

browser: $(STAMP)  ## the browser and the fonts for the tests of the widget, where they are missing
	@scripts/browser.sh $(BIN)/python

screenshots: $(STAMP) browser  ## pictures of the widget and of the pages in every state, in .pincite/pictures
	$(BIN)/python scripts/screenshots.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@$(MAKE) --no-print-directory lint-widget

lint-widget: api/widget/node_modules/.installed  ## the types of the widget's browser code
	api/widget/node_modules/.bin/tsc --project api/widget/tsconfig.json

api/widget/node_modules/.installed: api/widget/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing; install it with: apt-get install nodejs npm" >&2; exit 1; }
	@cd api/widget && npm ci --silent --no-audit --no-fund
	@touch $@

check: lint test

bench: .venv/.bench  ## this machine's figures, side by side with the usual tutorial
	$(BIN)/python scripts/bench.py

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Pincite into .venv (some minutes the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch $@

.venv/.bench: $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,bench]"
	@touch $@

clean:
	rm -rf api/widget/node_modules .venv .pincite build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
