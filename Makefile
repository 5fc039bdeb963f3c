# Concertpitch. `make help` lists the targets.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.ready

# Hundreds of short programs would be compiled again and again.
unexport PYTHONDONTWRITEBYTECODE

# What `make test` passes on; credentials come from CONCERTPITCH_TOKEN or CONCERTPITCH_API_KEY only.
TARGET ?=
SURFACE ?= all
PROFILE ?=
PROJECT ?=
LOCATION ?=
REPORT_DIR ?= report
# LIVE=1 makes `make regenerate` ask the services themselves.
LIVE ?=

.PHONY: help setup test check lint types unit faults docs generate regenerate specs lock serve bench detection clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(SETUP) ## prepare .venv from the lock

$(SETUP): requirements/lock.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Concertpitch needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

test: $(SETUP) ## run the contract suite (TARGET=http://... for another implementation)
	$(BIN)/concertpitch check $(if $(TARGET),--target '$(TARGET)') --surface '$(SURFACE)' \
	  $(if $(PROFILE),--profile '$(PROFILE)') $(if $(PROJECT),--project '$(PROJECT)') \
	  $(if $(LOCATION),--location '$(LOCATION)') --report-dir '$(REPORT_DIR)'

check: lint types unit faults docs test ## everything that must pass before a change lands

lint: $(SETUP) ## style and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(SETUP) ## mypy --strict
	$(BIN)/mypy

unit: $(SETUP) ## the project's own tests
	$(BIN)/python -m pytest -n 6 --dist worksteal -q --ignore tests/faults

faults: $(SETUP) ## every fault is caught by its rules and by no other (runs that wait half of their time)
	$(BIN)/python -m pytest -n 5 --dist worksteal -q tests/faults

docs: $(SETUP) ## generated code and pages are up to date
	$(BIN)/concertpitch-codegen check
	$(BIN)/concertpitch rules --format markdown | diff -u docs/rules.md -
	$(BIN)/concertpitch rules --contradictions --format markdown | diff -u docs/contradictions.md -

specs: $(SETUP) ## fetch the documents named in specs/sources.toml
	$(BIN)/concertpitch-codegen fetch

generate: $(SETUP) ## write generated/ from specs/
	$(BIN)/concertpitch-codegen generate

regenerate: $(SETUP) ## fetch, diff, generate and check; what changed goes to report/regenerate.md, ready for a pull request
	$(BIN)/concertpitch-codegen regenerate $(if $(LIVE),--live) --output '$(REPORT_DIR)/regenerate.md'
	@cat '$(REPORT_DIR)/regenerate.md'

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate

lock: $(SETUP) ## pin the newest allowed dependencies, and those of the clients the tests run
	$(LOCK) --upgrade --group dev pyproject.toml -o requirements/lock.txt
	for each in tests/clients/requirements/*.in; do $(LOCK) $$each -o $${each%.in}.txt; done

serve: $(SETUP) ## start the emulator
	$(BIN)/concertpitch serve

bench: $(SETUP) ## measure, side by side with peers
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/codegen.py

detection: $(SETUP) ## what the suite and its peer find on the same faulty servers (a sample)
	$(BIN)/python benchmarks/detection.py

clean: ## remove what make made
	rm -rf .venv .clients report build dist
