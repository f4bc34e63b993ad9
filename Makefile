# Two commands do all the set-up: make demo, make test. While you work: make check.

PYTHON ?= python3
BIN := .venv/bin
SHARED ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help install demo test check lint soak quality bench bench-peers clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/developed ## Install newsquote and its development tools into .venv

PIP = $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) --editable .
	touch $@

.venv/developed: .venv/installed
	$(PIP) --editable '.[dev]'
	touch $@

demo: .venv/installed ## Index the example articles and answer three questions
	@cd examples && ../$(BIN)/newsquote index build articles --index index-data
	@cd examples && sh demo.sh ../$(BIN)/newsquote

# A worker for each core; "worksteal" keeps most tests of a module, which share what they set up, on one.
PYTEST = $(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist worksteal

# The tests start the program hundreds of times, wherever Python has been told to keep no bytecode.
test check: export PYTHONDONTWRITEBYTECODE :=

test: lint ## Check the code and run all tests
	$(PYTEST)

check: lint ## The same without the slow tests, and with fewer examples
	$(PYTEST) -m "not slow" --hypothesis-profile quick

lint: .venv/developed ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

soak: .venv/developed ## Kill builds and updates at 200 random instants
	$(BIN)/python -m tests.soak

quality: .venv/developed ## Measure extraction and retrieval on real data in SHARED
	$(BIN)/python -m tests.quality $(SHARED)

SIZES ?= 10000 100000
BENCH = $(BIN)/python -m benchmarks --sizes $(SIZES) --out benchmarks/results.json

bench: .venv/developed ## Measure what newsquote costs, for archives of SIZES passages
	$(BENCH)
	$(BIN)/python -m benchmarks.report
	$(BIN)/python -m benchmarks.scale_plan --write

bench-peers: .venv/developed build/peers/installed ## The same of txtai and LangChain
	$(BENCH) peers
	$(BIN)/python -m benchmarks.report

# torch alone first: in the CPU build of its own index, where one is configured.
build/peers/installed: benchmarks/peers-requirements.txt
	$(PYTHON) -m venv build/peers
	build/peers/bin/pip install --quiet --disable-pip-version-check "$$(grep ^torch== $<)"
	build/peers/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

clean: ## Remove what was installed and built
	rm -rf .venv build examples/index-data *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
