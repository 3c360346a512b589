# Everything here works on a fresh machine with Python 3.11 and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3.11
PORT ?= 8000
DEMO_SERVE ?= 1
VENV := .venv
PY := $(VENV)/bin/python
export DJANGO_SETTINGS_MODULE := config.settings

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.made: requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is missing: install it, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11: install Python 3.11 or newer, or name one with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: install it first (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@test -d $(VENV) || echo "Setting up in $(VENV): downloads about 400 MB (more where only a GPU build of torch is offered) and needs 2 GB of disk. This happens once."
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.made-dev: requirements-dev.txt $(VENV)/.made
	@echo "Adding what tests and lint need (about 150 MB, once)."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.PHONY: help setup demo story serve stop test test-slow gates lint bench
setup: $(VENV)/.made ## Make the virtual environment and migrate the database
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py collectstatic --noinput --verbosity 0

demo: setup ## Tell the whole story, then serve it at http://127.0.0.1:8000 (DEMO_SERVE=0: do not serve)
	@IMPRIMATUR_INSECURE_DEMO=1 $(PY) -m story --port $(PORT) $(if $(filter 0,$(DEMO_SERVE)),,--serve)

story: setup ## Tell the story only; exit 0 only if every step did what it must
	@IMPRIMATUR_INSECURE_DEMO=1 $(PY) -m story

serve: setup ## Run web, worker and relay together at PORT (8000)
	@$(PY) manage.py serve --port $(PORT)

stop: ## Stop what `make demo` or `make serve` started here
	@test -x $(PY) && $(PY) manage.py serve --stop || echo "Nothing is running."

test: $(VENV)/.made-dev ## Run the test suite (SQLite; PostgreSQL and RabbitMQ where they are)
	@$(PY) -m pytest -n 2 -m "not slow and not gates"

test-slow: $(VENV)/.made-dev ## Run the slow tests too
	@$(PY) -m pytest -m "not gates"

gates: $(VENV)/.made-dev ## Break each gate on purpose, and see the story fail there
	@$(PY) -m pytest -m gates

lint: $(VENV)/.made-dev ## Check style, types and the direction of imports
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@PYTHONPATH=. $(VENV)/bin/lint-imports --no-cache
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py check --fail-level WARNING

bench: $(VENV)/.made-dev ## Measure, as ratios in one run
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(PY) $$file || exit 1; done
