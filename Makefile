# `make demo` and `make test` need Python 3.11 or newer and make; everything else they install into $(VENV).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
LOCK := requirements-dev.lock
PYRIGHT := $(VENV)-pyright
PYRIGHT_LOCK := requirements-pyright.lock
WAREHOUSE := $(VENV)-warehouse
WAREHOUSE_LOCK := requirements-warehouse.lock
LOWEST := $(VENV)-lowest
LOWEST_LOCK := requirements-lowest.lock
# Arguments for `make lock`: LOCK_ARGS=--upgrade takes the newest releases.
LOCK_ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help env demo test test-lowest test-warehouse pyright soak conformance corpora bench bench-latency bench-collector bench-scaling bench-backfill check codegen lock clean

help:
	@echo 'make demo      send events through the client to a local collector and show what arrived'
	@echo 'make test      every check, then the whole test suite'
	@echo 'make test-lowest  the client with the oldest releases of what it depends on'
	@echo 'make test-warehouse  what writes to Kafka and ClickHouse, against their own engines'
	@echo 'make pyright   the types of the generated code and of calls that must be wrong, by a second checker'
	@echo 'make soak      the long tests: failing, hung and absent servers, processes that are killed, broken requests'
	@echo 'make conformance  other vendors'\'' clients, from npm and PyPI, against the collector'
	@echo 'make corpora   generate and use packages of all plans and schemas in a folder: make corpora DIR=...'
	@echo 'make bench     our client beside those of the field, the generator and the collector: QUICK=1 in two minutes'
	@echo 'make bench-collector  how much the collector takes in a second, and how fast it answers when it holds much'
	@echo 'make bench-scaling  what an event costs at each stage of the way through Kafka to ClickHouse'
	@echo 'make bench-latency  how long a call takes the program that makes it'
	@echo 'make bench-backfill  how fast a million archived events are read, and go on after a kill'
	@echo 'make check     ruff, mypy --strict, the schema lint, diff and drift check'
	@echo 'make codegen   regenerate generated/ from schema/'
	@echo 'make env       the environment in $(VENV) alone'
	@echo 'make lock      remake $(LOCK) (LOCK_ARGS=--upgrade for the newest releases)'
	@echo 'make clean     remove $(VENV), builds and caches'
	@echo 'Another Python: make test PYTHON=python3.13 VENV=.venv-3.13'

env: $(STAMP)

demo: $(STAMP)
	$(BIN)/segment-client demo

test: check
	$(BIN)/python -m tests

test-lowest: $(LOWEST)/.stamp
	PYTHONPATH=generated $(LOWEST)/bin/python -m unittest tests.test_http tests.test_validation $(patsubst %.py,%,$(subst /,.,$(wildcard \
		tests/wire/test_*.py tests/client/test_*.py))) tests.delivery.test_answers tests.delivery.test_background \
		tests.delivery.test_batches tests.delivery.test_routes tests.delivery.test_spool

test-warehouse: $(WAREHOUSE)/.stamp
	$(WAREHOUSE)/bin/python -m tests.warehouse

pyright: $(STAMP) $(PYRIGHT)/.stamp
	$(PYRIGHT)/bin/python -m pyright --pythonpath $(BIN)/python tests/typing tests/codegen/golden/shop generated

soak: $(STAMP)
	$(BIN)/python -m tests.soak

conformance: $(STAMP)
	$(BIN)/python -m tests.conformance

corpora: $(STAMP) $(PYRIGHT)/.stamp
	@test -n "$(DIR)" || { echo 'name the folder: make corpora DIR=path/to/plans' >&2; exit 2; }
	$(BIN)/python -m tests.corpora "$(DIR)" --pyright $(PYRIGHT)/bin/python

bench: $(STAMP)
	$(BIN)/python -m benchmarks $(if $(filter-out 0,$(QUICK)),--quick)
	$(BIN)/python -m benchmarks.codegen $(if $(filter-out 0,$(QUICK)),--events 100)
	$(BIN)/python -m benchmarks.collector $(if $(filter-out 0,$(QUICK)),--seconds 1 --stored 10000)

bench-latency: $(STAMP)
	$(BIN)/python -m benchmarks.track_latency

bench-collector: $(STAMP)
	$(BIN)/python -m benchmarks.collector

bench-scaling: $(WAREHOUSE)/.stamp
	$(WAREHOUSE)/bin/python -m benchmarks.scaling

bench-backfill: $(WAREHOUSE)/.stamp
	$(WAREHOUSE)/bin/python -m benchmarks.backfill

check: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/segment-codegen lint
	$(BIN)/segment-codegen diff --by-version schema/released schema
	$(BIN)/segment-codegen check
	$(BIN)/segment-codegen check --plan tests/codegen/golden/plan.json --out tests/codegen/golden/shop

codegen: $(STAMP)
	$(BIN)/segment-codegen generate
	$(BIN)/segment-codegen generate --plan tests/codegen/golden/plan.json --out tests/codegen/golden/shop

lock: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --extra dev $(LOCK_ARGS) \
		--output-file $(LOCK) pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --group pyright $(LOCK_ARGS) \
		--output-file $(PYRIGHT_LOCK)
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --constraint $(LOCK) \
		--extra collector --extra kafka --extra clickhouse --extra spark --group warehouse $(LOCK_ARGS) \
		--output-file $(WAREHOUSE_LOCK) pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --resolution lowest-direct \
		--group lowest $(LOCK_ARGS) --output-file $(LOWEST_LOCK) pyproject.toml

clean:
	rm -rf $(VENV) .conformance .benchmarks $(PYRIGHT) $(WAREHOUSE) $(LOWEST) build dist .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): $(LOCK) pyproject.toml
	@command -v $(PYTHON) >/dev/null || \
		{ echo '$(PYTHON) was not found: install Python 3.11 or newer, or name one with PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo '$(PYTHON) is older than Python 3.11: install a newer one, or name it, as in PYTHON=python3.13' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo '$(PYTHON) has no venv or ensurepip: on Debian and Ubuntu, apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(PYRIGHT)/.stamp: $(PYRIGHT_LOCK) | $(STAMP)
	$(PYTHON) -m venv --clear $(PYRIGHT)
	$(PYRIGHT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(PYRIGHT_LOCK)
	@touch $@

$(LOWEST)/.stamp: $(LOWEST_LOCK) | $(STAMP)
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOWEST_LOCK)
	@touch $@

$(WAREHOUSE)/.stamp: $(WAREHOUSE_LOCK) | $(STAMP)
	$(PYTHON) -m venv --clear $(WAREHOUSE)
	$(WAREHOUSE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(WAREHOUSE_LOCK)
	$(WAREHOUSE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
