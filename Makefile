# Thin on purpose: the work is done by run.py, by the checks themselves, or by a package's own
# command. `make run` and `make test` need nothing but Python 3.11 (with its venv module) and make.

PYTHON ?= python3
VENV := .venv/bin
PYTEST_ARGS ?=
# A process a core, each with a PostgreSQL of its own: most of the time is spent in ours and theirs.
PYTEST_PROCESSES ?= logical
# Browsers and killed servers on two busy cores: a test that fails is asked once more, and the
# summary names it ("RERUN"). Such a test, or what it tests, has a race: it is mended, not left.
PYTEST_RERUNS := --reruns 1 -r fER

.DEFAULT_GOAL := help
.PHONY: help run install pages test lint types layers pytest conformance format client demo bench lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run:  ## everything, at http://127.0.0.1:8000 (PORT=8080 make run for another port)
	@$(PYTHON) run.py

install:  ## the packages of the checks, into .venv
	@$(PYTHON) run.py install --dev

pages: install  ## the pages, bundled into web/built (Node of this machine, else a wheel's)
	@$(VENV)/python -m web.build

test: lint types layers pytest  ## every check

lint: install  ## style
	$(VENV)/python -m ruff check .
	$(VENV)/python -m ruff format --check .

types: install  ## mypy, strict, and the TypeScript's compiler
	$(VENV)/python -m mypy
	$(VENV)/python -m web.build --types

layers: install  ## which package may import which
	$(VENV)/python -c 'from importlinter.cli import lint_imports_command as lint; lint()'

pytest: install  ## the tests alone; PYTEST_ARGS="tests/rules -x" for some of them
	$(VENV)/python -m pytest -n $(PYTEST_PROCESSES) --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder $(PYTEST_RERUNS) $(PYTEST_ARGS)

conformance: install  ## asks a served city as Open311 and the API's description have it, and with others' clients
	REQUIRE_A_CLIENT=1 $(VENV)/python -m pytest $(PYTEST_RERUNS) -r fERs \
		-p tests.conformance.one_client tests/conformance tests/api/test_description_holds.py \
		$(PYTEST_ARGS)

format: install  ## rewrite the code in our style
	$(VENV)/python -m ruff check --fix .
	$(VENV)/python -m ruff format .

client: install  ## the typed Python client, from the API's description into var/client
	@$(VENV)/python -m tests.client.generating var/client

demo: install  ## plays the story of several reports on real parts, in under a minute
	$(VENV)/python -m bench.demo

bench: install  ## measures submit, queue, map, near me, figures; up to 5 million reports (--help: less)
	$(VENV)/python -m bench

lock: install  ## makes the hashed lists of packages anew from the .in files
	$(VENV)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		requirements.in -o requirements.txt
	$(VENV)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		-c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(VENV)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		requirements-pages.in -o requirements-pages.txt
	$(VENV)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		tests/conformance/clients/requirements.in -o tests/conformance/clients/requirements.txt

clean:  ## removes what can be made again; never the data in var/
	rm -rf var/node var/clients web/built web/node_modules .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './web/node_modules/*' -prune -exec rm -rf {} +
