# Everything runs in .venv; stamps remember what is installed there, so that a second run is fast.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench

PYTHON ?= $(firstword $(foreach name,python3.11 python3 python,$(if $(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(name))))
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
GROUP ?=
TESTERS ?= 2

help:  ## these lines
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## */make \1\t/'

demo: .venv/run.installed  ## Piketlijn with demo data and a laboratory of phones, on http://127.0.0.1:8000
	@$(BIN)/python -m deploy.demo

test: .venv/test.installed  ## the tests of every day; DATABASE_URL and CELERY_BROKER_URL are respected
	@$(BIN)/pytest -n $(TESTERS)

check: .venv/test.installed  ## format, lint, types, contracts, migrations, catalogues, API, all tests
	@$(BIN)/python -m deploy.check

bench: .venv/test.installed  ## benchmarks; GROUP=calls for one group
	@$(BIN)/python -m benchmarks $(GROUP)

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Piketlijn needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; fi
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian: python3-venv)." >&2; exit 1; }

# The tests' requirements hold all of the program's, so that whoever has those needs no second install.
.venv/run.installed: requirements/run.txt | .venv/bin/python
	@if [ .venv/test.installed -nt requirements/run.txt ]; then touch $@; exit 0; fi; \
	echo "Installing Piketlijn in .venv (the first time takes a minute or two) ..."; \
	$(if $(UV),$(UV) pip install --quiet --python .venv --require-hashes -r $<,$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $<)
	@touch $@

.venv/test.installed: requirements/test.txt | .venv/bin/python
	@echo "Installing Piketlijn and its tests in .venv (the first time takes a minute or two) ..."
	@$(if $(UV),$(UV) pip sync --quiet --python .venv --require-hashes $<,$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $<)
	@touch $@
