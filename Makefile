# The two commands of this project: `make run` and `make test`. Each does its own set-up.
SHELL := /bin/bash
PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin
UNTRANSLATED := --no-obsolete --ignore .venv --ignore node_modules --ignore data --ignore tests --ignore staticfiles --ignore 'templates/docs/*'
.DEFAULT_GOAL := help
.PHONY: help run test slow fuzz lint messages model bench figures soak load load-figures pages-bench pages-figures quality bundle clean

help:
	@echo "make run     start Packshot on this machine"
	@echo "make test    run the tests"
	@echo "make lint    style, types, layers, migrations"
	@echo "make bundle  one file that installs it on a machine without a network"
	@echo "make bench   measure speed against two peers and the bare network (JSON=file keeps the figures)"
	@echo "make figures put the figures of JSON=file into the documentation"
	@echo "make fuzz MINUTES=60    look for what breaks decoders, parsers, calls and pages"
	@echo "make load    50 people and 20 programs at once for five minutes (MINUTES, USERS, CLIENTS, FAST=1, JSON=file)"
	@echo "make pages-bench  every page and list over a million jobs on PostgreSQL (JSON=file; pages-figures documents it)"
	@echo "make soak    2,000 photos through one worker: its memory must not grow"
	@echo "make messages LANGUAGE=de    collect the texts of pages for a language, compile what is translated"

run: .venv/runtime
	@exec $(BIN)/python manage.py serve

test: .venv/development
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "not slow" $(ARGS)

slow: .venv/development
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m slow $(ARGS)

fuzz: .venv/development
	@test -n "$(MINUTES)" || { echo "Say for how long: make fuzz MINUTES=60"; exit 1; }
	@FUZZ_MINUTES=$(MINUTES) $(BIN)/python -m pytest -m slow tests/fuzz $(ARGS)

lint: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	git ls-files 'templates/*.html' | xargs $(BIN)/djade --check --target-version 5.2
	DATA_DIR=$$(mktemp -d) ENV_FILE= $(BIN)/python manage.py makemigrations --check --dry-run
	DATA_DIR=$$(mktemp -d) ENV_FILE= $(BIN)/python manage.py check

# makemessages knows templates and Python as one domain and scripts as another, and of what is declared without Django
# (operations, their parameters) only what is written down for it.
messages: .venv/development
	@test -n "$(LANGUAGE)" || { echo "Name the language: make messages LANGUAGE=de"; exit 1; }
	@command -v msgfmt >/dev/null || { echo "gettext is needed (Debian: apt install gettext)."; exit 1; }
	@mkdir -p templates/locale
	@export DATA_DIR=$$(mktemp -d) ENV_FILE=; trap 'rm -rf declared.py "$$DATA_DIR"' EXIT; \
	  $(BIN)/python manage.py declared_texts > declared.py && \
	  $(BIN)/python manage.py makemessages --locale $(LANGUAGE) --extension html,txt,py $(UNTRANSLATED) && \
	  $(BIN)/python manage.py makemessages --locale $(LANGUAGE) --domain djangojs $(UNTRANSLATED) && \
	  $(BIN)/python manage.py compilemessages --locale $(LANGUAGE) --ignore .venv --ignore node_modules

model: .venv/runtime
	@$(BIN)/python manage.py models fetch isnet-general-use

bench: .venv/development model
	@JSON=$(JSON) $(BIN)/python -m tests.benchmarks.speed

figures: .venv/development
	@$(BIN)/python -m tests.benchmarks.speed.figures $(JSON)

soak: .venv/development model
	@$(BIN)/python -m tests.benchmarks.soak

# With an environment of its own: nothing but the load needs locust and what comes with it.
load: .venv/development .venv-locust/installed $(if $(FAST),,model)
	@JSON=$(JSON) $(BIN)/python -m tests.benchmarks.load

load-figures: .venv/development
	@$(BIN)/python -m tests.benchmarks.load.figures $(JSON)

pages-bench: .venv/development
	@JSON=$(JSON) $(BIN)/python -m tests.benchmarks.pages

pages-figures: .venv/development
	@$(BIN)/python -m tests.benchmarks.pages_figures $(JSON)

quality: .venv/development model
	@$(BIN)/python -m tests.benchmarks.quality

bundle: .venv/runtime model
	@$(BIN)/python manage.py bundle packshot.tar.gz

clean:
	rm -rf .venv .venv-rembg .venv-locust .mypy_cache .ruff_cache .pytest_cache

.venv/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) is not installed."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Set PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. Install it (Debian: apt install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/pip
	@echo "Installing the dependencies (once, a minute or two) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt .venv/runtime
	@echo "Installing what the tests need (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv-locust/installed: tests/benchmarks/load/requirements.txt | .venv/bin/pip
	@echo "Installing locust into .venv-locust (once) …"
	@$(PYTHON) -m venv .venv-locust
	@.venv-locust/bin/pip install --quiet --disable-pip-version-check --require-hashes -r tests/benchmarks/load/requirements.txt
	@touch $@
